"""A phone number can be called: the same rule for a form, the API and every column that holds one."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import translation

from frontend.forms.companies import TelephoneFormField
from spaces.models.phone_field import PhoneField, clean

GOOD = {
    "13800001234": "13800001234",
    "  0451-8628 1234 ": "0451-8628 1234",
    "＋86（451）86281234": "+86(451)86281234",
    "0451–86281234 转 12": "0451-86281234 转 12",
    "86281234 Ext. 5": "86281234 Ext. 5",
    "138****1234": "138****1234",
    "12345": "12345",
    "": "",
}
BAD = ["abc", "1234", "1" * 8 + "x" * 3, "call 86281234", "转转转转转", "+-()", "86281234/86281235", "⑽" * 3 + "?"]


@pytest.mark.parametrize(("typed", "kept"), GOOD.items())
def test_what_people_write_is_understood(typed, kept):
    assert clean(typed) == TelephoneFormField(required=False).clean(typed) == kept


@pytest.mark.parametrize("typed", BAD)
def test_what_cannot_be_called_is_refused_and_named(typed):
    for check in (clean, TelephoneFormField().clean, lambda text: PhoneField(max_length=30).clean(text, None)):
        with pytest.raises(ValidationError) as refused:
            check(typed)
        (words,) = refused.value.messages
        assert f"“{typed}”" in words
        assert refused.value.error_list[0].code == "phone"


def test_the_refusal_speaks_both_languages():
    result = set()
    for language in ("en", "zh-hans"):
        with translation.override(language), pytest.raises(ValidationError) as refused:
            clean("abc")
        result.add(refused.value.messages[0])
    assert any("不是电话号码" in words for words in result)
    assert any("is not a phone number" in words for words in result)


def test_every_column_of_a_phone_has_the_rule():
    columns = [
        field
        for model in apps.get_models()
        if model._meta.app_label in {"spaces", "tenants"}
        for field in model._meta.concrete_fields
        if field.name.endswith("phone")
    ]
    assert len(columns) > 2
    assert [field for field in columns if not isinstance(field, PhoneField)] == []
