"""What every API view shares: who may ask, pages, and refusals as RFC 9457 problems.

REST framework reads these names while its own `views` module is being imported, so that module can't be imported here.
"""

import json
import logging
import secrets
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, JsonResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error

from config.api_problems import PROBLEM
from frontend.site.bounded_pages import COUNTED, BoundedPaginator
from frontend.site.problems import OUTAGES, TITLES
from spaces.actions.conflicts import CONFLICTS, is_conflict
from spaces.actions.outages import Outage, outage
from spaces.api.parameters import Whole

logger = logging.getLogger(__name__)
NAMES = {"unit_overlap": "unit-not-free", "move": "illegal-transition"}
# Additional members of a problem by the code of the rule: each from the `params` of the ValidationError.
TOLD = {"unit_overlap": ("conflicts",), "move": ("allowed",), "confirm": ("moves", "confirm")}
WHOLE = {"__all__", "non_field_errors"}
LONGEST_WORDS = 500
LARGEST_BODY = 1_000_000
DEEPEST = 10


class TooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = TITLES[413]
    default_code = "too_large"


class Unavailable(exceptions.APIException):
    """The database or the disk; the very same call can succeed later."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, found: Outage):
        _title, words, self.wait = OUTAGES[found]
        self.default_code = found.value
        super().__init__(words)


class JSONInput(BaseParser):
    """JSON in UTF-8, of a bounded size, whatever the charset that is claimed; too deep a nesting is no JSON here."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):  # noqa: ARG002 DRF's call
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise TooLarge
        try:
            told = json.loads(body.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(f"JSON: {error}"[:LONGEST_WORDS]) from None
        level = [told]
        for _depth in range(DEEPEST):
            level = [inner for each in level if isinstance(each, dict | list) for inner in _inside(each)]
        if level:
            raise exceptions.ParseError(f"JSON: deeper than {DEEPEST}.")
        return told


class SessionAuthentication(authentication.SessionAuthentication):
    """Names a scheme, so that "not logged in" is 401 and not 403."""

    def authenticate_header(self, request):  # noqa: ARG002 DRF's call
        return "Session"


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "config.api.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):  # noqa: ARG002 spectacular's call
        return {"type": "apiKey", "in": "cookie", "name": "__Host-session"}


class OpenPlaces(BasePermission):
    """Places, totals and published vacancies may be read by visitors while they are open; the rest needs a login."""

    def has_permission(self, request, view):  # noqa: ARG002 DRF's call
        return bool(request.user.is_authenticated or (settings.PLACES_OPEN and request.method in SAFE_METHODS))


class OpenDocs(OpenPlaces):
    """The description of the API: for who is logged in, unless a setting opens it."""

    def has_permission(self, request, view):
        return super().has_permission(request, view) and (settings.API_DOCS_OPEN or request.user.is_authenticated)


class Pages(PageNumberPagination):
    """?page= and ?page_size=, refused where they are no such number. The view's `day` is echoed as `as_of`."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    last_page = 10**9

    def paginate_queryset(self, queryset, request, view=None):
        self.day = view.day
        bounded = partial(BoundedPaginator, counted=getattr(view, "counted", COUNTED), farthest=None)
        self.django_paginator_class = bounded if isinstance(queryset, QuerySet) else Paginator
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request):
        return number(request, self.page_size_query_param, self.page_size, self.max_page_size)

    def get_page_number(self, request, paginator):  # noqa: ARG002 DRF's call
        return number(request, self.page_query_param, 1, self.last_page)

    def get_paginated_response(self, data):
        return Response(
            {
                "count": self.page.paginator.count,
                "more": getattr(self.page.paginator, "more", False),
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "results": data,
                "as_of": self.day,
            }
        )

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "more", "next", "previous", "results", "as_of"],
            "properties": {
                "count": {"type": "integer"},
                "more": {"type": "boolean", "description": "More rows match than are counted: follow `next`."},
                "next": link,
                "previous": link,
                "results": schema,
                "as_of": {"type": "string", "format": "date"},
            },
        }

    def get_schema_operation_parameters(self, view):  # noqa: ARG002 DRF's call
        bounds = {self.page_query_param: self.last_page, self.page_size_query_param: self.max_page_size}
        return [
            {"name": name, "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": most}}
            for name, most in bounds.items()
        ]


def problem(exc, context):
    """Answer a refusal as a problem; None leaves a bug a 500."""
    refusal = _refusal(exc)
    if refusal is None:
        return None
    request = context["request"]
    told = refusal.detail if isinstance(refusal, exceptions.ValidationError) else []
    errors = list(_flat(told, of_query=request.method in SAFE_METHODS))
    body = {
        "type": f"/problems/{_kind(refusal, errors)}",
        "title": str(TITLES[refusal.status_code]),
        "status": refusal.status_code,
        "detail": errors[0]["detail"] if errors else _plain(refusal.detail),
        "instance": request.path,
        "trace": secrets.token_hex(3).upper(),
    }
    if errors:
        body["errors"] = errors
    body |= _facts(exc)
    logger.info("Trace %s: %s %s %s", body["trace"], body["status"], request.method, request.path)
    answer = JsonResponse(body, status=body["status"], content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})
    if auth_header := getattr(refusal, "auth_header", None):
        answer["WWW-Authenticate"] = auth_header
    if wait := getattr(refusal, "wait", None):
        answer["Retry-After"] = str(int(wait))
    if tag := getattr(refusal, "etag", None):
        answer["ETag"] = tag
    return answer


def number(request, name, fallback, most):
    """A parameter from 1 to `most`, `fallback` when it is not given."""
    told = request.query_params.get(name, "")
    if not told:
        return fallback
    try:
        return Whole(min_value=1, max_value=most).run_validation(told)
    except exceptions.ValidationError as error:
        raise exceptions.ValidationError({name: error.detail}) from None


def _refusal(exc):
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied(*exc.args)
    if isinstance(exc, ValidationError):
        refusal = exceptions.ValidationError(as_serializer_error(exc))
        refusal.status_code = HTTPStatus.CONFLICT if is_conflict(exc) else HTTPStatus.BAD_REQUEST
        return refusal
    if found := outage(exc):
        logger.error("503 (%s): %s", found.value, exc)
        return Unavailable(found)
    return exc if isinstance(exc, exceptions.APIException) else None


def _facts(exc):
    """The additional members that the error of a rule carries."""
    rules = ValidationError([exc]).error_list if isinstance(exc, ValidationError) else []
    told = ((name, each.params or {}) for each in rules for name in TOLD.get(each.code, ()))
    return {name: params[name] for name, params in told if name in params}


def _kind(refusal, errors):
    """The stable code of a problem: that of the rule for a conflict, else that of the HTTP status."""
    code = refusal.default_code
    if refusal.status_code == HTTPStatus.CONFLICT:
        code = next((error["code"] for error in errors if error["code"] in CONFLICTS), code)
    return NAMES.get(code, code.replace("_", "-"))


def _flat(detail, *, of_query, path=()):
    """The nested detail of a ValidationError as rows: where (a parameter, or a pointer into the body), code, words."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _flat(inner, of_query=of_query, path=path if key in WHOLE else (*path, str(key)))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            deeper = (*path, str(index)) if isinstance(inner, dict) else path
            yield from _flat(inner, of_query=of_query, path=deeper)
    else:
        place = {"parameter": _plain(path[0])} if of_query and path else {"pointer": _pointer(path)}
        yield {**place, "code": detail.code, "detail": _plain(detail)}


def _plain(words):
    """Text that may quote the request, cut and made encodable: a lone surrogate has no UTF-8."""
    return str(words)[:LONGEST_WORDS].encode(errors="replace").decode()


def _pointer(path):
    """RFC 6901; the empty pointer is the whole body."""
    return "".join("/" + _plain(part).replace("~", "~0").replace("/", "~1") for part in path)


def _inside(told):
    return told.values() if isinstance(told, dict) else told


def _no_number(name):
    raise ValueError(f"{name} is not a number.")
