"""How much a request may bring, by the address it is for: refused before anything of it is read or asked."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.test.client import FakePayload
from django.urls import resolve, reverse

from config.wsgi import application
from frontend.site import limits
from tests.frontend import people as folk
from tests.frontend.addresses import every_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
FORM = "multipart/form-data; boundary=x"
MB = 1_000_000
FILES = {"document-add", "plan-new", "plan-replace", "drawing-new"}
SELECTIONS = {"floor-detail", "lease-remind", "unit-act"}
WORDS = {
    400: {"en": "The address holds 990 values, “state” alone 990 times.", "zh-CN": "“state”出现 990 次"},
    411: {"en": "The request must state its length", "zh-CN": "提交的内容必须注明长度"},
    413: {"en": "Too much was sent: 200 MB.", "zh-CN": "提交的内容过大：200 MB"},
    415: {"en": "must be encoded in UTF-8, not in “hex”", "zh-CN": "须使用 UTF-8 编码，不能使用“hex”"},
    414: {"en": "The address is too long: 9002 characters", "zh-CN": "网址过长：问号之后有 9002 个字符"},
}


class Unread(FakePayload):
    """A body that nobody may read."""

    def read(self, *_size):
        raise AssertionError("The body was read.")

    readline = read


def posted(client, url, size, **more):
    result = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": FORM, "wsgi.input": Unread(), "REQUEST_METHOD": "POST"}
    return client.request(PATH_INFO=url, **result | more)


def refused(answer, status, language):
    """The refusal is whole, in the reader's language and in the form its reader expects."""
    path = answer.wsgi_request.path
    kind = "application/problem+json" if path.startswith("/api/") else "text/html; charset=utf-8"
    assert (path, answer.status_code, answer["Content-Type"]) == (path, status, kind)
    assert WORDS[status][language] in answer.content.decode(), path


def each_language(ask, status):
    for language in ("en", "zh-CN"):
        refused(ask({"HTTP_ACCEPT_LANGUAGE": language}), status, language)


def test_nobody_reads_200_mb_whatever_they_are_sent_to(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        for _name, url in every_address():
            each_language(lambda result, url=url: posted(client, url, 200 * MB, **result), 413)


def test_nobody_reads_a_body_that_does_not_say_how_long_it_is(client, django_assert_num_queries):
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked"}
    with django_assert_num_queries(0):
        for _name, url in every_address():
            each_language(lambda result, url=url: posted(client, url, "", **chunked, **result), 411)


def test_files_are_taken_where_a_view_says_so_and_from_who_has_logged_in(client, settings):
    larger = {name for name, url in every_address() if hasattr(resolve(url).func, "most_bytes")}
    assert larger == FILES

    visitor, size = Client(), 11 * MB
    client.cookies[settings.SESSION_COOKIE_NAME] = "x"
    for name, url in every_address():
        assert posted(visitor, url, size).status_code == 413, name
        if name in FILES:
            with pytest.raises(AssertionError, match="The body was read"):
                posted(client, url, size)
        else:
            assert posted(client, url, size).status_code == 413, name


@pytest.mark.parametrize("size", ["-1", "1e9", "9" * 400, "x"])
def test_a_length_that_is_none_breaks_nothing(size):
    answer = posted(Client(raise_request_exception=False), "/accounts/login/", size)

    assert answer.status_code in {200, 413}


@pytest.mark.parametrize(("status", "query"), [(400, "&".join(["state=x"] * 990)), (414, "q=" + "a" * 9000)])
def test_no_address_reads_more_values_than_a_form_of_ours_sends(client, django_assert_num_queries, status, query):
    """And says so before it asks the database anything."""
    with django_assert_num_queries(0):
        for _name, url in every_address():
            each_language(lambda result, url=url: client.get(url, QUERY_STRING=query, **result), status)


def test_a_selection_of_rows_is_read_where_a_view_says_so(client):
    people = folk.gather()
    client.force_login(people.manager)
    longer = {name for name, url in every_address() if hasattr(resolve(url).func, "most_values")}
    url = reverse("floor-detail", args=["HIT-01", "A", 1])

    assert longer == SELECTIONS
    assert client.get(url, {"unit": ["HIT-01-A-101"] * limits.MOST_SELECTED}).status_code == 200
    assert client.get(url, {"unit": ["HIT-01-A-101"] * (limits.MOST_SELECTED + 1)}).status_code == 400


# Sessions


@pytest.mark.parametrize("typed", [{}, {"csrfmiddlewaretoken": "x" * 64}, {"next": "", "page": "2"}])
def test_a_stranger_who_types_nothing_gets_no_session(typed):
    """Every address, read and written to, each by a stranger of its own."""
    folk.gather()
    for name, url in every_address():
        for ask in (Client().get, Client().post):
            ask(url, typed if ask.__name__ == "get" or "page" not in typed else {})
            assert Session.objects.count() == 0, (name, ask.__name__)


# Slashes and numbers


@pytest.mark.engine
@pytest.mark.parametrize(
    ("method", "debug"), [("post", False), *((method, True) for method in ("get", "post", "put", "patch", "delete"))]
)
def test_an_address_without_its_slash_leads_to_it_with_all_that_was_sent(client, settings, method, debug):
    settings.DEBUG = debug
    pages = [(name, url) for name, url in every_address() if not url.startswith("/api/") and url[1:].endswith("/")]
    for name, url in pages:
        answer = getattr(client, method)(url.rstrip("/") + "?a=1")
        assert (name, answer.status_code, answer.get("Location")) == (name, 308, f"{url}?a=1")


# Beyond 2**63 - 1, beyond every number of ours, and beyond what Python takes for a number.
@pytest.mark.parametrize(("digits", "debug"), [(19, False), (20, False), (5000, False), (5000, True)])
def test_no_number_in_an_address_is_too_long(settings, digits, debug):
    """Wherever an address takes a number or a word."""
    settings.DEBUG = debug
    people, client, number = folk.gather(), Client(raise_request_exception=False), "9" * digits
    client.force_login(people.manager)

    owners = [client.post(f"/documents/{owner}/{number}/").status_code for owner in ("request", "lease", "item")]
    failed = [
        (name, ask.__name__)
        for name, url in every_address(int=number, str=number, slug=number)
        for ask in (client.get, client.post)
        if number in url and ask(url).status_code >= 500
    ]

    assert (owners, failed) == ([404] * 3, [])


# Files that are dear to write


def test_a_visitor_gets_30_files_an_hour_and_who_has_signed_in_as_many_as_he_asks_for(client):
    people, visitor = folk.gather(), {"HTTP_ACCEPT_LANGUAGE": "en"}
    client.force_login(people.stranger)
    addresses = [reverse("park-stack-file", args=["HIT-01", kind]) for kind in ("xlsx", "svg")]

    answers = [Client().get(addresses[number % 2], **visitor) for number in range(31)]
    elsewhere = Client().get(addresses[0], REMOTE_ADDR="10.1.1.1")
    signed_in = [client.get(addresses[0]).status_code for _number in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "Too many files were asked for from here without signing in." in answers[-1].content.decode()
    assert 0 < int(answers[-1]["Retry-After"]) <= 120
    assert (elsewhere.status_code, set(signed_in)) == (200, {200})


def test_separators_alone_are_values_too(client):
    for path in ("/parks/", "/api/v1/parks/"):
        answer = client.get(f"{path}?{'&' * 70}")
        assert (answer.status_code, "71" in answer.content.decode()) == (400, True)


def called(path, codec, *, method="GET", language="en"):
    """Status and words of the answer of the product itself, as a server calls it: the test client leaves that out."""
    environ = RequestFactory().generic(method, path, "q=x").environ | {"CONTENT_TYPE": f"text/plain; charset={codec}"}
    result = []
    body = application(environ | {"HTTP_ACCEPT_LANGUAGE": language}, lambda status, _headers: result.append(status))
    return int(result[0][:3]), b"".join(body).decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/parks/?q=x", "/accounts/login/?next=/", "/api/v1/parks/?q=x", "/?" + "a=b&" * 80])
def test_another_encoding_than_utf_8_is_refused_before_anything_is_read(path, method, kept_open):
    for language in ("en", "zh-CN"):
        status, words = called(path, "hex", method=method, language=language)
        assert (status, WORDS[415][language] in words) == (415, True)
    for codec in ("rot13", "undefined", "base64", "zlib", "idna", "utf-16", "utf-7", "gbk", "no-such", "utf-8 sig"):
        assert called(path, codec, method=method)[0] == 415, codec
    for codec in ("utf-8", "UTF-8", "us-ascii"):
        assert called(path, codec, method=method)[0] != 415, codec
