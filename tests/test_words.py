"""Words are English in the code and Chinese in the catalogues, complete and current. No gettext is needed to check."""

import ast
import re
from functools import cache
from io import BytesIO
from itertools import chain

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation.template import templatize

from frontend.forms import acts, vacancies
from frontend.templatetags.records import BOOKKEEPING, VERBS
from spaces.api.figures import FigureFilter, IndicatorFilter
from spaces.filters import UnitFilter, VacancyFilter

APPS = ("spaces", "tenants", "frontend")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)0?\d*[sdX]|%%|\{\w+\}|</?\w+>")
COMMAND = re.compile(r"--[a-z][a-z-]*")
# The tone of the pages: no thanks, no applause, no word that says nothing or means something else here.
AVOIDED = ("操作成功", "参数错误", "系统异常", "尊敬的", "房源", "客户", "！", "!")
# Rows that no page and no record shows as columns: counters, answers kept for a repeated call, notices.
CACHE = {"CountedUnit", "DaySum", "LedgerDelta", "MonthLedger", "MonthOpening"}
UNSEEN = {"Serial", "ForecastRecord", "AnsweredCall", "Notice", "Throttle", *CACHE}
ENGLISH = re.compile(r"(?<!%\()\b[A-Za-z]{3,}")


@cache
def catalogue(app, kind="po"):
    read = {"po": read_po, "mo": read_mo}[kind]
    with (settings.BASE_DIR / app / f"locale/zh_Hans/LC_MESSAGES/django.{kind}").open("rb") as file:
        return read(file) if kind == "mo" else read_po(file, locale="zh_Hans")


def messages(app):
    return [message for message in catalogue(app) if message.id]


def strings(message):
    return tuple(message.string) if isinstance(message.string, (list, tuple)) else (message.string,)


def first(identity):
    return identity[0] if isinstance(identity, (list, tuple)) else identity


def key(message):
    return (message.context, message.id)


def words_in(source):
    """(context, msgid, or msgid and plural) of every marked string in Python source."""
    for _line, result, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield (context, tuple(result) if isinstance(result, (list, tuple)) else result)


def words_of(app):
    """What the code and the templates of an app mark, as `make words` finds it."""
    root = settings.BASE_DIR / app
    for path in root.rglob("*.py"):
        yield from words_in(path.read_text())
    for path in chain(root.rglob("*.html"), root.rglob("*.txt")):
        source = templatize(path.read_text())
        # In brackets, because the indentation of a page is none that Python would take.
        yield from words_in(f"(\n{source}\n)")


@pytest.mark.parametrize("app", APPS)
def test_every_word_of_code_and_templates_is_in_the_catalogue_and_no_other(app):
    assert {key(message) for message in messages(app)} == set(words_of(app)), "run `make words` and translate"


@pytest.mark.parametrize("app", APPS)
def test_nothing_is_empty_or_fuzzy(app):
    assert [key(m) for m in messages(app) if m.fuzzy or not all(s and s.strip() for s in strings(m))] == []
    assert list(catalogue(app).obsolete) == []


@pytest.mark.parametrize("app", APPS)
def test_placeholders_tags_and_options_survive_translation(app):
    wrong = []
    for message in messages(app):
        source = message.id[1] if message.pluralizable else message.id
        for pattern in (PLACEHOLDER, COMMAND):
            wanted = set(pattern.findall(source))
            wrong += [key(message) for string in strings(message) if set(pattern.findall(string)) != wanted]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_the_compiled_catalogue_is_the_written_one(app):
    compiled = BytesIO()
    write_mo(compiled, catalogue(app))
    compiled.seek(0)
    # Not the header: Babel fills in the minute of the reading, and both are not always read in one.
    there = {(m.context, first(m.id)): strings(m) for m in catalogue(app, "mo") if m.id}
    assert there == {(m.context, first(m.id)): strings(m) for m in read_mo(compiled) if m.id}
    assert catalogue(app, "mo").plural_forms == "nplurals=1; plural=0;"


def test_a_word_in_several_apps_is_translated_alike():
    """Django keeps one catalogue of all apps: the first would win everywhere. Another meaning takes a context."""
    result = {}
    for message in chain.from_iterable(messages(app) for app in APPS):
        result.setdefault((message.context, first(message.id)), set()).add(strings(message))
    assert {what: words for what, words in result.items() if len(words) > 1} == {}


@pytest.mark.parametrize("app", APPS)
def test_one_and_many_are_chinese_on_a_running_site(app):
    """Without its line Plural-Forms a catalogue follows the English rule, and two of anything is English."""
    plurals = [message for message in messages(app) if message.pluralizable]
    with translation.override("zh-hans"):
        for message in plurals:
            result = {translation.ngettext(*message.id, number) for number in (0, 1, 2, 11)}
            assert result == set(strings(message))
    assert plurals or app == "tenants"


@pytest.mark.parametrize("app", APPS)
def test_translations_keep_the_tone(app):
    result = [string for message in messages(app) for string in strings(message)]
    assert [string for string in result for word in AVOIDED if word in string and "#REF!" not in string] == []
    assert [
        string
        for string in result
        if re.search(r"[\u4e00-\u9fff][,;:?]|[\u4e00-\u9fff]\.(?![a-z])|[,;:?.][\u4e00-\u9fff]", string)
    ] == []
    for message in messages(app):
        if first(message.id).endswith(".") and not first(message.id).endswith("…"):
            assert all(string.endswith("。") for string in strings(message)), message.id


def test_models_and_their_choices_have_chinese_names():
    with translation.override("zh-hans"):
        result = {}
        for model in chain.from_iterable(apps.get_app_config(app).get_models() for app in APPS):
            result[model] = (model._meta.verbose_name, model._meta.verbose_name_plural)
            for field in model._meta.concrete_fields:
                own = field.name not in BOOKKEEPING and model.__name__ not in UNSEEN
                labels = [label for _value, label in field.flatchoices]
                result[field] = (field.verbose_name if own else "", field.help_text if own else "", *labels)
            for constraint in model._meta.constraints:
                result[constraint.name] = (constraint.violation_error_message,)
        assert {what: names for what, names in result.items() if any(ENGLISH.search(str(n)) for n in names)} == {}


def test_forms_and_filters_have_chinese_labels(rf, visitor, db):
    somebody = rf.get("/")
    somebody.user = visitor
    made = [
        *(kind for module in (acts, vacancies) for kind in vars(module).values() if _is_form(kind)),
        *(type(kind(request=somebody).form) for kind in (UnitFilter, VacancyFilter, FigureFilter, IndicatorFilter)),
    ]
    with translation.override("zh-hans"):
        result = {
            (form.__name__, name): [
                field.label or name.replace("_", " "),
                field.help_text,
                *field.error_messages.values(),
            ]
            for form in made
            for name, field in form.base_fields.items()
        }
        assert {where: words for where, words in result.items() if any(ENGLISH.search(str(w)) for w in words)} == {}
    assert len(result) > 50


def _is_form(kind):
    return isinstance(kind, type) and issubclass(kind, forms.BaseForm) and kind.__module__.startswith("frontend")


def test_every_verb_of_the_record_has_words():
    """The pages name what was done; a verb that the actions write and the pages do not know would show as code."""
    writers = {"create", "change", "remove", "record", "record_many", "record_removal"}
    written = set()
    for path in chain.from_iterable(
        (settings.BASE_DIR / app / "actions").glob("*.py") for app in ("spaces", "tenants")
    ):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            verbs = [word.value for word in call.keywords if word.arg == "verb"]
            verbs += call.args[1:2] if name in writers else []
            written |= {verb.value for verb in verbs if isinstance(verb, ast.Constant)}
    assert written == set(VERBS)


def test_a_badge_says_a_state_and_never_the_label_of_a_date():
    dates = {
        str(field.verbose_name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateField)
    }
    badges = {
        (page.name, word)
        for page in (settings.BASE_DIR / "frontend/templates").rglob("*.html")
        for word in re.findall(r'isp-b [^>]*>\{% translate "([^"]+)" %\}', page.read_text())
    }

    assert len(badges) > 20
    assert {(page, word) for page, word in badges if word in dates} == set()
