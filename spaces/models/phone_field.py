"""Phone numbers: one check for forms, API and repair desk."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from spaces.models.fields import CharFormField, LineField
from spaces.values import plain_text

DASHES = re.compile("[\u2010-\u2015\u2212]")
SHAPE = re.compile(r"(?:[0-9 +()#*-]|转|分机|ext\.?)*", re.IGNORECASE)
FEWEST_DIGITS = 5  # public services have numbers this short


def clean(typed: str) -> str:
    """The number in half-width characters. Raises ValidationError `phone`."""
    text = DASHES.sub("-", unicodedata.normalize("NFKC", plain_text.clean(typed, lines=False))).strip()
    if not text or (SHAPE.fullmatch(text) and len(re.findall("[0-9]", text)) >= FEWEST_DIGITS):
        return text
    message = _(
        "“%(value)s” is not a phone number. Enter at least 5 digits; only blanks, +, -, ( ), #, * and “ext” or 转 "
        "may stand with them, for example 0451-86281234 ext 12."
    )
    raise ValidationError(message, code="phone", params={"value": plain_text.shown(typed)})


class PhoneFormField(CharFormField):
    def to_python(self, value: Any) -> Any:
        return clean(super().to_python(value))


class PhoneField(LineField):
    """A phone number, in the column of a LineField."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        if isinstance(value, str):
            value = clean(value)
        return super().clean(value, model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PhoneFormField} | kwargs)
