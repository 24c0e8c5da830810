"""What a first visit loads is small, and texts are compressed, but for pages that show a secret."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.urls import get_resolver

from frontend.site.compression import SECRET_PAGES, CompressionMiddleware
from tests import make
from tests.frontend import world

FIRST_LOAD = 60_000  # bytes, gzip
LOADED = re.compile(r'<(?:link rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src|img[^>]*src)="/?static/([^"]+)"')
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def loaded(html):
    """Files that a page loads with itself: sheets, scripts, pictures."""
    return {name: finders.find(name) for name in LOADED.findall(html)}


def size(data):
    return len(gzip.compress(data, 6))


@pytest.mark.parametrize("path", ["/", "/overview/", "/accounts/login/", "/help/"])
def test_a_first_visit_loads_at_most_60_kb(client, fixed_today, db, path):
    world.build()
    page = client.get(path)
    files = loaded(page.content.decode())

    assert {"frontend/vendor/tabler.min.css", "frontend/app.css", "frontend/app.js", "frontend/icon.svg"} <= set(files)
    sizes = {name: size(Path(found).read_bytes()) for name, found in files.items()} | {path: size(page.content)}
    assert sum(sizes.values()) <= FIRST_LOAD, sizes


def test_no_sheet_loads_more():
    for sheet in (settings.BASE_DIR / "frontend/static/frontend").rglob("*.css"):
        assert re.findall(r"@import|url\((?!['\"]?(?:data:|#))[^)]*\)", sheet.read_text()) == [], sheet.name


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/api/v1/units/", "/api/v1/units/?format=csv", "/help/"])
def test_texts_are_compressed_for_who_takes_gzip(client, db, path):
    world.build()
    plain, packed = client.get(path), client.get(path, headers=GZIP)

    assert (packed["Content-Encoding"], "Content-Encoding" in plain) == ("gzip", False)
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.getvalue()) < len(plain.getvalue())


def answer_of(response, rf, name=None):
    request = rf.get("/", headers=GZIP)
    request.resolver_match = name and type("Match", (), {"url_name": name})
    return CompressionMiddleware(lambda _request: response)(request)


@pytest.mark.parametrize("name", sorted(SECRET_PAGES))
def test_a_page_with_a_secret_is_not_compressed(rf, name):
    assert "Content-Encoding" not in answer_of(HttpResponse("x" * 9999), rf, name)
    assert any(name == each for each in get_resolver().reverse_dict)


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/zip"])
def test_what_is_packed_already_is_left_as_it_is(rf, kind):
    assert "Content-Encoding" not in answer_of(HttpResponse("x" * 9999, content_type=kind), rf)


def test_a_part_of_a_file_is_left_as_it_is(rf):
    part = HttpResponse(
        "x" * 9999, content_type="text/css", status=206, headers={"Content-Range": "bytes 1-9999/20000"}
    )

    assert "Content-Encoding" not in answer_of(part, rf)


def test_an_etag_is_given_back_as_it_was_made(client, db):
    """Or the next write with If-Match would be refused: a weak tag never matches there."""
    answer = client.get(f"/api/v1/units/{make.unit()}/", headers=GZIP)

    assert (answer["Content-Encoding"], answer["ETag"][0]) == ("gzip", '"')
