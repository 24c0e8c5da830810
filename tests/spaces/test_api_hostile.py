"""Nothing that can be put into an address makes the server fail: every parameter of every read, on both databases."""

from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse

from spaces.api.parameters import DayQuery
from spaces.api.urls import urlpatterns
from tests.frontend import people
from tests.spaces.test_api_rights import CODES
from tests.thorough import mine

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
HOSTILE = [
    "", " ", "\0", "a\0b", "\x1b", "\u202etxt", "\u2066", "\ufffe", "\ufeff", "\ud800", "💥", "１２", "²", "①", "٣",
    "0001-01-01", "0000-00-00", "2026-02-30", "9999-12-31", "2100-01-01", "-2026-01-01", "2026-W01-1", "1e3-01-01",
    "NaN", "sNaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "1E+999999999", "0E+999999999", str(10**400),
    "9" * 5000, "99999999999999999999", "-1", "0", "-0", "0x10", "1_000", "1.005", "true", "null", "None", "[]", "{}",
    "' OR 1=1 --", '"; DROP TABLE spaces_unit; --', "%", "_", "\\", "%%s", "%(x)s", "{0}", "${7*7}", "*", "(?:a+)+$",
    "../../../../etc/passwd", "a" * 100_000, "-", "--", "@", "HIT-01-A@", "@1", "HIT-01-A@-99999999999999999999",
    "HIT-01-A@１", "unit:", ":", "allocation:99999999999999999999999", "allocation:１", "unit:\0", "-code,-code",
    ",", ",,", "code,code", "last", "undefined",
]  # fmt: skip
# The kinds of harm that pass the shape of some field, so that they reach the database; each is asked alone too.
WORST = [
    "\0", "\ud800", "１２", "②", "0001-01-01", "9999-12-31", "99999999999999999999",
    "allocation:99999999999999999999999",
    "a" * 100_000,
]  # fmt: skip
RAW = ["%00", "%ED%A0%80", "%FF", "%", "%zz", "+", "&", "=", "%C0%AF", "%F4%90%80%80", "%EF%BC%91"]
NAMES = [
    "\0",
    "id__in",
    "pk",
    "floor__building__park__code__regex",
    "_connector",
    "__proto__",
    "a" * 10_000,
    "as_of[]",
]


def parameters_of(pattern):
    view = pattern.callback.cls
    filters = view.filters.base_filters if view.filters else {}
    return [*view.query().fields, *filters, *view.paging]


def bearable(client, url):
    """Below 500, and a problem when it is a refusal. Streams are read to their end."""
    response = client.get(url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code < 500, (url[:200], response.status_code)
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json", url[:200]
    return body


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_no_parameter_breaks_a_read(client, pattern):
    client.force_login(people.gather().official)
    client.raise_request_exception = False
    url = reverse(pattern.name, args=[CODES[pattern.name]] if pattern.name in CODES else [])
    needed = "&building=HIT-01-A" if pattern.name == "api-floor-list" else ""

    names = parameters_of(pattern)
    for raw in mine([*(quote(value, errors="surrogatepass") for value in HOSTILE), *RAW], pattern, urlpatterns):
        bearable(client, f"{url}?{'&'.join(f'{name}={raw}' for name in names)}")
    for name in names:
        rest = "" if name == "building" else needed
        for value in mine(WORST, name, names):
            bearable(client, f"{url}?{urlencode({name: value}, errors='surrogatepass')}{rest}")
        bearable(client, f"{url}?{name}=1&{name}=2&{name}=1{rest}")
        bearable(client, f"{url}?{name}[]=1&{name}[0]=1{rest}")
    for name in NAMES:
        bearable(client, f"{url}?{urlencode({name: '1'})}{needed}")


@pytest.mark.parametrize("name", CODES)
def test_no_code_in_an_address_breaks_a_read(client, name):
    client.force_login(people.gather().official)
    client.raise_request_exception = False
    before, _mark, after = reverse(name, args=["MARK"]).partition("MARK")

    for value in mine(HOSTILE, name, CODES):
        bearable(client, before + quote(value, safe="", errors="surrogatepass") + after)
    for value in RAW:
        bearable(client, before + value + after)


@pytest.mark.parametrize("name", ["api-schema", "api-docs", "api-nowhere"])
def test_the_other_addresses_bear_it_too(client, name):
    client.raise_request_exception = False

    for value in ("../../x", "a" * 10_000, "zh-hans", "en", "xx", "\0", "\ud800"):
        query = urlencode({"lang": value, "version": value, "script": ""}, errors="surrogatepass")
        response = client.get(f"{reverse(name)}?{query}")
        assert response.status_code < 500


def test_every_read_takes_a_day_and_a_language():
    for pattern in urlpatterns:
        assert issubclass(pattern.callback.cls.query, DayQuery), pattern.name
