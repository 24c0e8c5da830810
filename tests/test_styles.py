"""A class belongs to one style sheet, is used, and is defined. The sheets are read with a CSS parser."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
import tinycss2

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "frontend/static/frontend"
THEME, PAPER = "app.css", "print.css"  # the theme restyles Tabler's classes; paper restyles everything
PREFIX = re.compile(r"(?:isp|fg|[sefth])-")
ATTRIBUTE = re.compile(r'\bclass="([^"]*)"')
TAG = re.compile(r"\{[{%].*?[}%]\}")
# A form gives a widget its class: attrs={"class": "form-control isp-wide"}.
GIVEN = re.compile(r"""["']class["']: ["']([^"']*)["']""")
QUOTED = re.compile(r"""'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`""")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# A class that is put together: isp-b-{{ kind }}, f"fg-{width}", 'isp-zoom-' + size. "isp-" alone says nothing.
START = re.compile(r"\b((?:isp-[a-z-]+|fg|[sefth])-)(?=[{'\"])")


def sheets():
    return {path.name: path.read_text() for path in sorted(FOLDER.glob("*.css"))}


def selectors(css):
    """Each selector of a sheet as a list of compounds, ancestors first; a compound is its set of classes."""
    rules = list(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
    while rules:
        rule = rules.pop(0)
        if rule.type == "qualified-rule":
            yield from compounds(rule.prelude)
        elif rule.type == "at-rule" and rule.at_keyword in {"media", "supports"}:
            rules = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True) + rules


def compounds(tokens):
    """What is inside :not(…) is a token of its own, and does not count."""
    found, after_dot = [set()], False
    for token in tokens:
        if token == ",":
            yield [each for each in found if each]
            found = [set()]
        elif token.type == "whitespace" or any(token == each for each in ">+~"):
            found.append(set())
        elif after_dot and token.type == "ident":
            found[-1].add(token.value)
        after_dot = token == "."
    yield [each for each in found if each]


def owners(read):
    """{class: the sheets that style it by itself}; one that never stands by itself is of the sheets that name it."""
    alone, named = defaultdict(set), defaultdict(set)
    for sheet, found in read.items():
        for selector in found:
            classes = set().union(*selector)
            for each in classes:
                named[each].add(sheet)
            if len(classes) == 1:
                alone[classes.pop()].add(sheet)
    return {each: alone.get(each, where) for each, where in named.items()}


def faults(css, tabler=frozenset()):
    """Classes of two sheets, and selectors by which a sheet restyles another's class outside a class of its own."""
    read = {sheet: list(selectors(text)) for sheet, text in css.items() if sheet != PAPER}
    owner = owners(read) | {each: {THEME} for each in tabler}
    found = [f"{each}: {', '.join(sorted(where))}" for each, where in sorted(owner.items()) if len(where) > 1]
    for sheet, each in read.items():
        for selector in each:
            mixed = any(len({min(owner[name]) for name in part if name not in tabler}) > 1 for part in selector)
            own = any(sheet in owner[name] for part in selector for name in part)
            if selector and (mixed or not own):
                found.append(f"{sheet}: " + " ".join("." + ".".join(sorted(part)) for part in selector))
    return found


@cache
def tabler():
    text = (FOLDER / "vendor/tabler.min.css").read_text()
    return frozenset(name for selector in selectors(text) for part in selector for name in part)


@cache
def sources():
    """The text of everything that may write a class."""
    apps = ("frontend", "spaces", "tenants")
    paths = [path for app in apps for kind in ("html", "py") for path in (ROOT / app).rglob(f"*.{kind}")]
    return {path: path.read_text() for path in [*paths, *FOLDER.glob("*.js")]}


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ({"a.css": ".x{}", "b.css": ".y{}"}, []),
        ({"a.css": ".x{display:grid}", "b.css": "@media print{.x:not(.y){top:0}}"}, ["x: a.css, b.css"]),
        ({"a.css": ".x{}", "b.css": ".y .x,.y>a{}"}, []),  # inside a class of its own
        ({"a.css": ".x{}", "b.css": ".y{}.y.x{}"}, ["b.css: .x.y"]),  # one element with the classes of two sheets
        ({"a.css": ".x{} .z{}", "b.css": ".x .z{}"}, ["b.css: .x .z"]),
        ({"a.css": ".x{}", "print.css": ".x{}"}, []),
        ({"app.css": ".card{}", "b.css": ".card p{}"}, ["b.css: .card"]),
    ],
)
def test_the_check_finds_a_class_of_two_sheets(css, expected):
    assert faults(css, tabler=frozenset({"card"}))[: len(expected) or None] == expected


def test_a_class_belongs_to_one_style_sheet():
    assert faults({name: text for name, text in sheets().items() if name != "plain.css"}, tabler()) == []


def classes(text):
    """The classes that a template or a module writes in full; those put together of parts are left out."""
    for attribute in ATTRIBUTE.findall(TAG.sub("|", text)):
        for name in attribute.split():
            parts = name.split("|")
            yield from (
                [] if any(part.endswith("-") for part in parts) else (part for part in parts if WORD.fullmatch(part))
            )


def named(path, text):
    """The classes that a source gives or, as a script, may look for."""
    if path.suffix == ".js":
        return {word for parts in QUOTED.findall(text) for part in parts for word in WORD.findall(part)}
    return {*classes(text), *(name for given in GIVEN.findall(text) for name in given.split())}


def defined():
    return {name for css in sheets().values() for selector in selectors(css) for part in selector for name in part}


def test_the_classes_of_a_template():
    text = """<p class="a{% if x == "y" %} b{% endif %} isp-b-{{ kind }} {% if x %}c{% else %}d{% endif %}">"""

    assert list(classes(text)) == ["a", "b", "c", "d"]


def test_each_class_of_ours_is_used():
    text = "\n".join(sources().values())
    words, starts = set(WORD.findall(text)), tuple(START.findall(text))

    assert (
        sorted(name for name in defined() if PREFIX.match(name) and name not in words and not name.startswith(starts))
        == []
    )


def test_no_class_is_used_that_the_sheet_of_tabler_has_lost():
    """`make vendor` puts it back. Of classes put together of parts the script that does so lists each."""
    lost = set((ROOT / ".ci/vendor/tabler-lost.txt").read_text().split())
    used = {(name, path.name) for path, text in sources().items() for name in named(path, text)}

    assert len(lost) > 3000
    assert not lost & tabler()
    assert sorted((name, where) for name, where in used if name in lost) == []


def test_classes_put_together_are_ours_or_stand_in_the_sheet_of_tabler():
    parts = {
        part
        for path, text in sources().items()
        if path.suffix == ".html"
        for attribute in ATTRIBUTE.findall(TAG.sub("|", text))
        for part in re.findall(r"([A-Za-z][A-Za-z0-9_-]*-)\|", attribute)
    }

    assert {part for part in parts if not PREFIX.match(part)} == {"alert-", "p-"}  # p-vacant of a plan: plan.css
    assert {f"alert-{level}" for level in ("info", "success", "warning", "danger")} <= tabler()


def test_each_class_of_a_template_is_defined():
    """By our sheets or by Tabler's; or a script looks for it."""
    scripts = "\n".join(text for path, text in sources().items() if path.suffix == ".js")
    known = defined() | tabler() | set(WORD.findall(scripts))
    written = {(name, path.name) for path, text in sources().items() if path.suffix != ".js" for name in classes(text)}

    assert sorted((name, where) for name, where in written if name not in known) == []
