"""Nothing that can be sent makes the server fail or writes what it should not: every read and every write."""

import json
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework import serializers
from rest_framework.exceptions import APIException

from config.api import JSONInput
from spaces.api.parameters import DayQuery
from spaces.api.reads import Read
from spaces.models import Change
from tenants.api.urls import urlpatterns
from tenants.models import Company, HandoverItem, Incubation, Lease, Offer, SpaceRequest
from tests.frontend import desk
from tests.spaces.test_api_hostile import HOSTILE, NAMES, RAW, WORST, bearable, parameters_of
from tests.tenants import rights
from tests.tenants.calls import Caller
from tests.thorough import mine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today"), pytest.mark.engine]
READS = [pattern for pattern in urlpatterns if "get" in pattern.callback.cls.http_method_names]
LISTS = [pattern for pattern in READS if not pattern.pattern.converters]
ONES = [pattern for pattern in READS if pattern.pattern.converters]
WRITES = [row for row in rights.TABLE if "api" in row.doors]
# Asked of every table with every hostile value in tests/spaces.
COMMON = {"lang", "as_of", "fields", "ordering", "format", "page", "page_size"}
SHORT = [value for value in HOSTILE if len(value) < 500]
# Writes that fill columns in, each with its model.
FILLED = {
    "requests.begin": SpaceRequest, "requests.save": SpaceRequest, "companies.update": Company, "offers.send": Offer,
    "leases.renew": Lease, "handovers.add_item": HandoverItem, "incubation.enter": Incubation,
}  # fmt: skip
# What JSON can say beside texts, and a name is not.
VALUES = [
    *SHORT[::3], "a" * 100_000, None, True, False, 0, -1, 0.1, 1e308, -1e308, 10**30, -(10**30), [], {}, [[]], [{}],
    {"a": 1},
    ["a"] * 999, [None], [1], {"": ""}, [["a"]], "x" * 3000,
]  # fmt: skip
# Each in one field, the others being right: so the action is reached.
HARMFUL = [*WORST, None, 10**30, 1e308, [], {}, [None], ["a"] * 999]
NO_BODY = [b"", b"{", b"null", b"[{}]", b'"x"', b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000]  # of each kind one
BODIES = [
    b"", b"{", b"[", b"]", b"null", b"1", b'"x"', b"[]", b"[{}]", b"true", b"NaN", b'{"a": NaN}', b"Infinity", b"-",
    b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"a": "\xed\xa0\x80"}', b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000,
    b'{"\\u0000": 1}', b'{"\\ud800": "\\ud800"}', b"{}" * 2, b'{"a": 1, "a": 2}', b" " * 1_000_001, b"\0",
    b'{"a": 1e999}', b"[" * 50 + b"]" * 50, b'{"__proto__": {}, "constructor": 1}',
]  # fmt: skip


def fine(response, *, result):
    """Below 500, and a problem in JSON where it is a refusal."""
    assert response.status_code < 500, (result, response.status_code)
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json", result
        json.loads(response.content)
    return response.status_code


@pytest.mark.parametrize("pattern", LISTS, ids=lambda pattern: pattern.name)
def test_no_parameter_breaks_a_list(pattern):
    people = desk.build()
    desk.moved_in(people)
    client = Client(raise_request_exception=False)
    client.force_login(people.manager)
    url = reverse(pattern.name)

    names = [name for name in parameters_of(pattern) if name not in COMMON]
    for value in mine(SHORT, pattern, LISTS):
        bearable(client, f"{url}?{urlencode(dict.fromkeys(names, value), errors='surrogatepass')}")
    for name in names:
        for value in mine(WORST, name, names):
            bearable(client, f"{url}?{urlencode({name: value}, errors='surrogatepass')}")
        bearable(client, f"{url}?{name}=1&{name}=2&{name}=1")
    for name in NAMES:
        bearable(client, f"{url}?{urlencode({name: '1'})}")


@pytest.mark.parametrize("pattern", ONES, ids=lambda pattern: pattern.name)
def test_no_number_in_an_address_breaks_a_read(pattern):
    client = Client(raise_request_exception=False)
    client.force_login(desk.build().manager)
    names = list(pattern.pattern.converters)
    before, _mark, after = reverse(pattern.name, args=["4711" for _name in names]).partition("4711")

    for value in mine([*SHORT, "1", "9" * 18, "9" * 25], pattern, ONES):
        bearable(client, before + quote(value, safe="", errors="surrogatepass") + after)
    for value in RAW:
        bearable(client, before + value + after)


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.act)
def test_no_body_breaks_a_write(row):
    people = rights.world()
    it = row.ready(people)
    user = next(getattr(people, who) for who in rights.PEOPLE if who not in row.refused)
    caller = Caller(user)
    tag = caller.get(it.of)["ETag"] if it.of else "none"

    for body in BODIES if row is WRITES[0] else NO_BODY:
        result = caller.send(it.path, body, method=row.method, **{"If-Match": tag})
        assert fine(result, result=body[:80]) in {200, 201, 400, 409, 412, 413}
    view = next(pattern.callback.cls for pattern in urlpatterns if _serves(pattern, it.path))
    asked = {"context": {"request": SimpleNamespace(user=user)}, "partial": row.method == "PATCH"}
    for value in VALUES:
        words = view.body(data=dict.fromkeys(it.body, value), **asked)
        assert words.is_valid() or words.errors
    for value in mine(HARMFUL, row, WRITES):
        body = json.dumps(dict.fromkeys(it.body, value)).encode()
        fine(caller.send(it.path, body, method=row.method, **{"If-Match": tag}), result=body[:80])
    for name in it.body:
        for value in mine(HARMFUL, name, it.body):
            body = json.dumps(it.body | {name: value}).encode()
            fine(caller.send(it.path, body, method=row.method, **{"If-Match": tag}), result=(name, str(value)[:80]))
    for name in NAMES:
        refused = caller.send(it.path, it.body | {name: 1}, method=row.method, **{"If-Match": tag})
        assert fine(refused, result=name) == 400


def test_no_header_breaks_a_write():
    people = desk.build()
    offer, caller = desk.offered(people), Caller(people.tenant)

    for value in [*SHORT, "W/", '"', '"a', "*, *", "é", "a" * 9000]:
        result = value.encode("utf-8", "surrogatepass").decode("latin-1").replace("\n", "")
        for headers in ({"If-Match": result}, {"If-Match": '"x"', "Idempotency-Key": result}):
            fine(caller.send(f"offers/{offer.number}/visit/", **headers), result=headers)


def test_other_media_types_are_refused():
    people = desk.build()
    offer, caller = desk.offered(people), Caller(people.tenant)
    path = f"/api/v1/offers/{offer.number}/accept/"
    tag = {"If-Match": f'"offer-{offer.number}-1"'}

    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml"):
        assert caller.client.generic("POST", path, b"a=1", content_type=kind, headers=tag).status_code == 415
    odd = caller.client.generic("POST", path, b"{}", content_type="application/json; charset=hex", headers=tag)
    assert odd.status_code == 200


@pytest.mark.parametrize(("act", "model"), FILLED.items(), ids=FILLED)
def test_no_column_that_is_not_listed_can_be_set(act, model):
    people = rights.world()
    row = next(row for row in WRITES if row.act == act)
    it = row.ready(people)
    caller = Caller(next(getattr(people, who) for who in rights.PEOPLE if who not in row.refused))
    view = next(pattern.callback.cls for pattern in urlpatterns if _serves(pattern, it.path))
    tag = caller.get(it.of)["ETag"] if it.of else "none"
    hidden = {field.attname for field in model._meta.concrete_fields} - {*view.body().fields}
    before = Change.objects.count()

    result = {
        name: caller.send(it.path, it.body | {name: 1}, method=row.method, **{"If-Match": tag}).json()
        for name in hidden
    }

    assert {name: [error["code"] for error in body["errors"]] for name, body in result.items()} == {
        name: ["unknown_field"] for name in hidden
    }
    assert "id" in hidden
    assert Change.objects.count() == before


def parsed(body):
    """What the parser reads, or the status of its refusal."""
    try:
        return JSONInput().parse(BytesIO(body))
    except APIException as refusal:
        return refusal.status_code


def test_one_parser_stands_before_every_write_and_refuses_what_is_no_json():
    assert {tuple(pattern.callback.cls.parser_classes) for pattern in urlpatterns} == {(JSONInput,)}
    for body in BODIES:
        assert parsed(body) in (400, 413) or parsed(body) == json.loads(body), body[:80]


def _serves(pattern, path):
    found = pattern.pattern.match(path)
    return found is not None and found[0] == ""


def test_every_read_takes_a_day_and_a_language_and_every_body_is_explicit():
    for pattern in urlpatterns:
        view = pattern.callback.cls
        assert issubclass(view, Read)
        assert issubclass(view.query, DayQuery)
        if {"post", "patch"} & {*view.http_method_names}:
            assert all(isinstance(each, serializers.Field) for each in view.body().fields.values())
            assert not issubclass(view.body, serializers.ModelSerializer)
