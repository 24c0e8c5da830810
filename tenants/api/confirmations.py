"""Writes that may move reported figures: refused with the figures until the call confirms them with a reason."""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.actions.restating import counted_first, with_confirmation
from tenants.api.writes import Body, Lines, Writing

APART = ("confirm", "confirm_why")


class ConfirmableBody(Body):
    """What may be sent, and the confirmation of what it moves."""

    confirm = serializers.CharField(
        max_length=64,
        required=False,
        help_text=gettext_lazy(
            "`confirm` of the refusal of this very call, which lists in `moves` the reported figures that it moves."
        ),
    )
    confirm_why = Lines(
        max_length=500, required=False, help_text=gettext_lazy("Why they move. Needed with `confirm`.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("confirm") and not attrs.get("confirm_why", "").strip():
            message = _("Say why reported figures move.")
            raise ValidationError({"confirm_why": [ErrorDetail(message, "reason")]})
        return attrs


class Confirmed(Writing):
    """A write whose body is a ConfirmableBody."""

    def carry_out(self, request: Request, **key: Any) -> Response:
        once = super().carry_out
        return counted_first(lambda: once(request, **key))

    def done(self, row: Any, data: dict[str, Any]) -> Any:
        body: Any = self.request.data  # an object: it has passed the serializer
        sent = {name: value for name, value in body.items() if name not in APART}
        content = json.dumps([self.request.method, self.request.path, sent], sort_keys=True)
        return with_confirmation(
            lambda: self.act(row, {name: value for name, value in data.items() if name not in APART}),
            [row],
            confirmed=data.get("confirm", ""),
            given=hashlib.sha256(content.encode()).hexdigest(),
            why=data.get("confirm_why", ""),
            today=self.today,
        )
