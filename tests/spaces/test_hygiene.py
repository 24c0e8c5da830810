"""One rule for every text that comes in: by forms, by JSON, by cells, and at last at every column."""

import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from rest_framework import serializers

import frontend.forms
import spaces.admin.repair_form
from spaces.importing import cells
from spaces.models import Building, Change, CountedUnit, Mail, Throttle
from spaces.models.fields import CharFormField, CleanText, CodeOrderField, EmailFormField, SearchKeyField
from spaces.values import plain_text
from tenants.api.urls import urlpatterns
from tenants.api.writes import Lines
from tests import make
from tests.frontend import desk
from tests.tenants import rights
from tests.tenants.calls import Caller

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
HARMFUL = "\0\x01\x0b\x1b\x7f\x85\u202a\u202e\u2066\u2069\ud800\ufffe\ufff9\U000e0041"
BREAKS = "\n\r\t\u2028\u2029"


@pytest.mark.parametrize("lines", [True, False])
def test_what_shows_nothing_goes_and_what_steers_is_refused(lines):
    for char in INVISIBLE:
        assert plain_text.clean(f"a{char}b", lines=lines) == "ab", hex(ord(char))
    for char in HARMFUL:
        with pytest.raises(ValidationError) as refusal:
            plain_text.clean(f"a{char}b", lines=lines)
        (result,) = refusal.value.messages
        assert (refusal.value.code, f"U+{ord(char):04X}" in result, char in result) == ("characters", True, False)


def test_a_line_has_no_breaks():
    for char in BREAKS:
        assert plain_text.clean(f"a{char}b", lines=True) == f"a{char}b"
        assert plain_text.clean(f"ab{char}", lines=False) == "ab"
        with pytest.raises(ValidationError) as refusal:
            plain_text.clean(f"a{char}b", lines=False)
        assert refusal.value.code == "line"


def own_models():
    return [model for app in ("spaces", "tenants") for model in apps.get_app_config(app).get_models()]


def test_every_text_column_of_ours_is_clean():
    """Choices are left out: what is none of them is refused. A mail is composed by mailing; a key is a hash, runs are
    numbers, and the order of a code and the key of a search are made of such columns."""
    bare = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and model not in {Mail, Throttle, CountedUnit}
        and field.name != "password"  # a hash, Django's own
        and not isinstance(field, CleanText | CodeOrderField | SearchKeyField)
    ]

    assert bare == []


def form_classes():
    modules = [import_module(f"frontend.forms.{each.name}") for each in iter_modules(frontend.forms.__path__)]
    return [
        each
        for module in (*modules, spaces.admin.repair_form)
        for _name, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, forms.BaseForm) and each.__module__ == module.__name__
    ]


def test_every_text_field_of_our_forms_is_clean():
    fields = [(form.__name__, name, field) for form in form_classes() for name, field in form.base_fields.items()]

    # A password stays as it is typed.
    typed = [each for each in fields if not isinstance(each[2].widget, forms.PasswordInput)]

    texts = [each for each in typed if type(each[2]).to_python is forms.CharField.to_python]
    mails = [
        each for each in fields if isinstance(each[2], forms.EmailField) and not isinstance(each[2], EmailFormField)
    ]

    assert ([each[:2] for each in texts], mails) == ([], [])
    assert sum(isinstance(field, CharFormField) for _form, _name, field in fields) > 40


def test_a_name_in_json_is_as_clean_as_in_a_form(db):
    """What a form refuses is refused here, and it is the field that is named."""
    people = rights.world()
    note, wish, profile = (
        rights.request(desk.submitted, "note/", text="words")(people),
        rights.request(rights.draft, special="quiet", contact_name="Li")(people),
        rights.profile(people),
    )
    tries = [(people.manager, note, "POST"), (people.owner, wish, "PATCH"), (people.tenant, profile, "PATCH")]

    for who, it, method in tries:
        for name in it.body:
            tag = Caller(who).get(it.of)["ETag"]
            result = Caller(who).send(it.path, it.body | {name: "a\u202eb"}, method=method, **{"If-Match": tag})
            assert (result.status_code, result.json()["errors"][0]["pointer"]) == (400, f"/{name}")
            assert result.json()["errors"][0]["code"] == "characters"


def test_every_body_knows_which_of_its_texts_have_lines(db):
    """A field that the page fills from a text area takes line breaks in JSON too, and no other one does."""
    long = {"why", "confirm_why", "comment", "text", "special", "terms", "override", "reason"}
    own = {("api-lease-ask", "note")}  # the note of an item is one line
    for each in urlpatterns:
        fields = getattr(each.callback.cls, "body", serializers.Serializer)().fields
        for name, field in fields.items():
            if type(field) in {serializers.CharField, Lines}:
                assert isinstance(field, Lines) == (name in long or (each.name, name) in own), (each.name, name)


def test_no_row_and_no_record_keeps_what_is_refused(db):
    building = make.building()
    for value in ("a\u202eb", "a\nb"):
        building.name = value
        with pytest.raises(ValidationError) as refusal:
            building.full_clean()
        assert list(refusal.value.error_dict) == ["name"]
    building.name = "A\u200b座\ufeff"
    building.full_clean()
    assert building.name == "A座"
    assert isinstance(Building._meta.get_field("name"), CleanText)
    assert isinstance(Change._meta.get_field("why"), CleanText)


def test_a_cell_is_read_alike():
    assert cells.text("A\u200b座\ufeff") == "A座"
    for char in HARMFUL:
        with pytest.raises(ValidationError):
            cells.check(f"a{char}b")
