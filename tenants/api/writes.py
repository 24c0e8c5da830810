"""The shape of every write: scope first, then the version that was seen, then the body; one transaction with the
action; and with an Idempotency-Key the same call again is answered as before.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Model, QuerySet
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, UnsupportedMediaType, ValidationError
from rest_framework.fields import get_error_detail
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import get_editable, get_visible
from spaces.actions.retry import atomic_with_retry
from spaces.api.parameters import LONGEST_NAME, LanguageQuery
from spaces.api.reads import Read, ReadSchema
from spaces.api.table_fields import columns_read, row_writer
from spaces.models import User
from spaces.values import plain_text
from tenants.actions import calls
from tenants.actions.locked_rows import lock_in_order

KEY = re.compile(r"[!-~]{1,100}")
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=gettext_lazy("The ETag of the object as it was read. Left out: 428; not the current one: 412."),
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy(
        "1 to 100 printable characters without spaces. The same call again within 24 hours is answered as before."
    ),
)


class VersionNeeded(APIException):
    status_code = 428
    default_detail = gettext_lazy("Send If-Match with the ETag of the object as you read it.")
    default_code = "version_needed"


class VersionPassed(APIException):
    """412 with the current ETag."""

    status_code = 412
    default_detail = gettext_lazy("This was changed since you read it. Read it again, then decide.")
    default_code = "version_passed"

    def __init__(self, etag: str) -> None:
        super().__init__()
        self.etag = etag


class KeyReused(APIException):
    status_code = 422
    default_detail = gettext_lazy("This Idempotency-Key was used for another call. Use a new one.")
    default_code = "key_reused"


class Body(serializers.Serializer[Any]):
    """What may be sent. A name that is not known is refused, with those that are."""

    def to_internal_value(self, data: Any) -> Any:
        names = data if isinstance(data, Mapping) else ()
        message = _("“%(name)s” is not known here. Known: %(known)s.")
        unknown = {
            name[:LONGEST_NAME]: ErrorDetail(
                message % {"name": name[:LONGEST_NAME], "known": ", ".join(self.fields)}, "unknown_field"
            )
            for name in names
            if name not in self.fields
        }
        if unknown:
            raise ValidationError(unknown)
        return {name: self._clean(name, value) for name, value in super().to_internal_value(data).items()}

    def _clean(self, name: str, value: Any) -> Any:
        """Texts cleaned by `plain_text`; several lines where the field is a Lines."""
        if isinstance(value, list):
            return [self._clean(name, each) for each in value]
        if not isinstance(value, str):
            return value
        try:
            return plain_text.clean(value, lines=isinstance(self.fields[name], Lines))
        except DjangoValidationError as refusal:
            raise ValidationError({name: get_error_detail(refusal)}) from None


class Lines(serializers.CharField):
    """A text of several lines."""


class Named(serializers.CharField):
    """A row that the user may see, by its code or number."""

    default_error_messages = {"unknown": gettext_lazy("“%(value)s” is not known.")}

    def __init__(self, rows: QuerySet[Any], key: str = "code", **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)
        self.rows, self.key = rows, key

    def run_validation(self, data: Any = serializers.empty) -> Any:
        key = super().run_validation(data)
        if key is None:
            return None
        seen: Any = self.rows  # each queryset of ours has `visible_to`
        row = seen.visible_to(self.context["request"].user).filter(**{self.key: key}).first()
        if row is None:
            message = self.error_messages["unknown"] % {"value": key[:LONGEST_NAME]}
            raise ValidationError([ErrorDetail(message, "unknown")])
        return row


class WriteSchema(ReadSchema):
    def get_override_parameters(self) -> list[Any]:
        if self.method == "GET":
            return super().get_override_parameters()
        version = [IF_MATCH] if self.view.versioned else []
        return [LanguageQuery, *version, *([IDEMPOTENCY_KEY] if self.method == "POST" else [])]

    def get_request_serializer(self) -> Any:
        return self.view.body

    def get_response_serializers(self) -> Any:
        return super().get_response_serializers() if self.method == "GET" else {self.view.status: self.view.detail}


class Writing(Read):
    """What one noun's reads and writes share. A verb is a subclass with `roles`, `body` and `act`."""

    permission_classes = [IsAuthenticated]
    own_rows = True
    metadata_class = None  # DRF's OPTIONS would ask a list for a serializer_class; the schema says more
    schema = WriteSchema()
    objects: ClassVar[QuerySet[Any]]
    detail: ClassVar[Any]  # a serializer
    body: ClassVar[type[Body]] = Body
    roles: ClassVar[tuple[str, ...]]
    status: ClassVar[int] = 200
    versioned: ClassVar[bool] = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        kind = request.content_type.partition(";")[0].strip().lower()
        empty = request.META.get("CONTENT_LENGTH") in {None, "", "0"}
        if request.method not in SAFE_METHODS and not empty and kind != "application/json":
            raise UnsupportedMediaType(request.content_type[:LONGEST_NAME])  # DRF lets forms pass where POST was read

    def tag(self, row: Any) -> str:
        """The ETag of a row as it stands."""
        raise NotImplementedError

    def representation(self, row: Any) -> dict[str, Any]:
        """`detail` of a row, with what this reader may see."""
        answer: dict[str, Any] = self.detail(row, context={"day": self.day}).data
        return answer

    def detail_of(self, row: Model, computed: Mapping[str, Any]) -> dict[str, Any]:
        """`detail` of a row: the columns of its fields, but for those that `computed` has values of."""
        detail = self.detail(context={"day": self.day})
        columns = [column for column in columns_read(detail) if column not in computed]
        found = type(row)._default_manager.filter(pk=row.pk).values(*columns).get()
        return row_writer(detail)({**found, **computed})

    def act(self, row: Any, data: dict[str, Any]) -> Any:
        """Call the action; return the row that the answer shows."""
        raise NotImplementedError

    def done(self, row: Any, data: dict[str, Any]) -> Any:
        """Call `act`; one that needs a confirmation is refused here."""
        return self.act(row, data)

    @property
    def user(self) -> User:
        """Who is logged in: IsAuthenticated has seen to it."""
        user: Any = self.request.user
        return user

    def found(self, **key: Any) -> Any:
        return get_editable(self.objects, self.user, roles=self.roles, **key)

    def carry_out(self, request: Request, **key: Any) -> Response:
        answer, status, headers = self._carried_out(request, key)
        return Response(answer, status, headers=headers)

    @atomic_with_retry
    def _carried_out(self, request: Request, key: dict[str, Any]) -> tuple[Any, int, dict[str, str]]:
        row = self.found(**key)
        tags = _tags(request) if self.versioned else None
        body = self.body(data=request.data, context={"request": request}, partial=request.method == "PATCH")
        body.is_valid(raise_exception=True)
        call = _claimed(request, self.user)
        if call and call.status != calls.RUNNING:
            return json.loads(call.body["answer"]), call.status, call.body["headers"]
        if tags is not None:
            self._as_seen(row, tags)
        done = self.done(row, body.validated_data)
        answer, headers = self.answer(done)
        if call:
            kept = JSONRenderer().render(answer).decode()  # as text: PostgreSQL would sort its names
            calls.keep(call, status=self.status, body={"answer": kept, "headers": headers})
        return answer, self.status, headers

    def answer(self, row: Any) -> tuple[dict[str, Any], dict[str, str]]:
        row = self.objects.get(pk=row.pk)
        return self.representation(row), {"ETag": self.tag(row)}

    def _as_seen(self, row: Model, tags: list[str]) -> None:
        """Locked from now on, in the order in which the actions lock."""
        now = self.tag(lock_in_order(row))
        if now not in tags:
            raise VersionPassed(now)


class One(Writing):
    """One object with its ETag."""

    http_method_names = ["get", "head", "options"]

    def answers(self) -> Any:
        return self.detail

    def get(self, request: Request, **key: Any) -> Response:
        row = get_visible(self.objects, request.user, **key)
        return Response(self.representation(row), headers={"ETag": self.tag(row)})


class Verb(Writing):
    """An act on one object."""

    http_method_names = ["post", "options"]

    def post(self, request: Request, **key: Any) -> Response:
        return self.carry_out(request, **key)


def named_in(data: Any, name: str) -> str:
    """The code or number in a body of what decides who may write: it is asked for before the rest is looked at."""
    value = data.get(name, serializers.empty) if isinstance(data, Mapping) else serializers.empty
    try:
        code: str = serializers.CharField(max_length=20).run_validation(value)
    except ValidationError as refusal:
        raise ValidationError({name: refusal.detail}) from None
    return code


def _tags(request: Request) -> list[str]:
    header = request.headers.get("If-Match", "").strip()
    if header in {"", "*"}:
        raise VersionNeeded
    return parse_etags(header)


def _claimed(request: Request, user: User) -> Any:
    """The row of this call; None without an Idempotency-Key."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return None
    if not KEY.fullmatch(key):
        message = _("An Idempotency-Key has 1 to 100 printable characters without spaces.")
        raise ValidationError([ErrorDetail(message, "key")])
    content = json.dumps([request.method, request.path, request.data], sort_keys=True)
    fingerprint = hashlib.sha256(content.encode()).hexdigest()
    call = calls.claim(user, key, fingerprint)
    if call.fingerprint != fingerprint:
        raise KeyReused
    return call
