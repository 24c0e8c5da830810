"""Model field and form field for levels."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.models.fields import DecimalFormField
from spaces.values import levels
from spaces.values.levels import Level


class LevelField(models.SmallIntegerField):
    """A level (`spaces.values.levels`): 3, or 3.5 for the mezzanine above it. The database counts half storeys."""

    default_error_messages = {
        "invalid": _("“%(value)s” is not a level. Enter a number such as 3 or -1, or 1.5 for a mezzanine."),
        "range": _("A level runs from -20 to 200."),
    }

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Level | None:
        return None if value is None else levels.from_halves(value)

    def to_python(self, value: Any) -> Level | None:
        if value is None or value == "":
            return None
        try:
            return levels.from_halves(levels.halves(float(str(value))))
        except (OverflowError, ValueError):
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value}) from None

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, models.expressions.BaseExpression):
            return value
        level = self.to_python(value)
        return None if level is None else levels.halves(level)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value is not None and not levels.LOWEST <= value <= levels.HIGHEST:
            raise ValidationError(self.error_messages["range"], code="range")

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **kwargs | {"form_class": LevelFormField})


class LevelFormField(DecimalFormField):
    """Form field for a level."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": levels.LOWEST, "max_value": levels.HIGHEST} | kwargs)

    def clean(self, value: Any) -> Any:
        return LevelField().to_python(super().clean(value))
