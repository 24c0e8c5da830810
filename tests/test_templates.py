"""The sources of all templates: nothing that the CSP would silently kill, and no words outside a translation tag."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

FOLDER = settings.BASE_DIR / "frontend/templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
# Attributes that people see or hear.
SPOKEN = {"alt", "title", "placeholder", "label", "aria-label", "aria-description", "aria-roledescription"}
# What stands bare, and why: units and formats written so in both languages, each language by its own name, the sign
# for larger letters, and the status that a plain page shows.
BARE = {"m", "kW", "CSV", "中文", "English", "A", "500", "503"}
# This page answers a request that cannot be trusted to name a language: it says everything in both.
BILINGUAL = {"400.html"}
WORD = re.compile(r"[^\W_]+")
LONGEST_LINE = 200


def html_of(source):
    """The HTML of a template with its tags, variables, comments and translated words left out."""
    kept, translated, remark = [], False, False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            translated = name in {"blocktranslate", "blocktrans"} or (
                translated and name not in {"endblocktranslate", "endblocktrans"}
            )
            remark = name == "comment" or (remark and name != "endcomment")
        elif token.token_type == TokenType.TEXT and not (translated or remark):
            kept.append(token.contents)
        if kept and not kept[-1].endswith(("<", "/")):  # there a tag writes the name of an element
            kept.append(" ")
    return "".join(kept)


class Reader(HTMLParser):
    """Puts down what no template may hold, and every word that people would see."""

    def __init__(self, source):
        super().__init__()
        self.forbidden, self.words, self.element = [], [], ""
        self.feed(html_of(source))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.element = tag
        result = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in result and result.get("type") != "application/json"):
            self.forbidden.append(f"<{tag}>")
        for name, value in result.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.forbidden.append(f"{name}=")
            if re.match(r"\s*(js|javascript):", value) or (name == "hx-trigger" and "[" in value):
                self.forbidden.append(f"{name}={value}")
            if name in SPOKEN or (name.startswith("data-") and " " in value):
                self.words += WORD.findall(value)

    def handle_endtag(self, _tag):
        self.element = ""

    def handle_data(self, data):
        if self.element not in {"script", "style"}:
            self.words += WORD.findall(data)


def test_no_line_is_longer_than_a_screen():
    """A line breaks where white space does not show: inside a tag, at a space, beside a block element."""
    sources = [path for app in ("frontend", "spaces", "tenants") for path in (settings.BASE_DIR / app).rglob("*.html")]

    assert len(sources) >= len(TEMPLATES)
    assert [path.name for path in sources for line in path.read_text().split("\n") if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_inline_style_script_or_handler(name):
    assert Reader((FOLDER / name).read_text()).forbidden == []


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - BILINGUAL))
def test_every_visible_word_is_marked_for_translation(name):
    assert [word for word in Reader((FOLDER / name).read_text()).words if word not in BARE] == []


@pytest.mark.parametrize("name", sorted(BILINGUAL))
def test_a_page_without_a_language_speaks_both(name):
    words = "".join(Reader((FOLDER / name).read_text()).words)
    assert re.search(r"[\u4e00-\u9fff]", words)
    assert re.search(r"[A-Za-z]", words)


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color:red">',
        '<a onclick="go()">',
        '<b hx-on:click="go()">',
        "<script>go()</script>",
        "<style>p {}</style>",
        '<a href="javascript:go()">',
        """<b hx-vals='js:{"a": 1}'>""",
        '<b hx-trigger="click[ctrlKey]">',
    ],
)
def test_the_reader_finds_what_is_forbidden(source):
    assert len(Reader(source).forbidden) == 1


@pytest.mark.parametrize(
    "source",
    ["<p>Hello</p>", "你好", '<a title="Hello">', "{% if x %}Hello{% endif %}", '{{ x }}<p data-told="Hel lo">'],
)
def test_the_reader_finds_bare_words(source):
    assert Reader(source).words


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Hello" %}</p>',
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}",
        "{% comment %}Hello{% endcomment %}{# Hello #}",
        '<script type="application/json">{"a": "Hello"}</script>',
        '<a class="hello" href="{% url "home" %}">{{ name }} · –</a>',
    ],
)
def test_the_reader_passes_what_is_right(source):
    result = Reader(source)
    assert (result.forbidden, result.words) == ([], [])
