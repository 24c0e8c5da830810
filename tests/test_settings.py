"""What refuses to start outside DEBUG, and what `check --deploy` says of a set-up by the book."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management.utils import get_random_secret_key

from config import secret_key
from frontend.site import static_files

GOOD = "hR7w_q0Vf3Zk9TtB2mXcL5yN8sJdPgUeAoKiQvEr1C6x4WbHzM"
BAD = {
    "the demo's": "demo-only-" + "k" * 50,
    "the tests'": "tests-only-" + GOOD,
    "Django's": "django-insecure-" + GOOD,
    "short": GOOD[:39],
    "empty": "",
    "one character": "a" * 60,
    "few characters": "abcabc123" * 10,
}


def start(**environment):
    result = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    line = [sys.executable, "-c", "import config.settings"]
    return subprocess.run(line, cwd=settings.BASE_DIR, env=result | environment, capture_output=True, text=True)  # noqa: PLW1510, S603


@pytest.mark.parametrize("kind", BAD)
def test_a_key_that_others_know_or_guess_is_refused(kind):
    assert secret_key.refusal(BAD[kind], debug=False) != ""


@pytest.mark.parametrize("key", [GOOD, "0123456789abcdef" * 4, get_random_secret_key()], ids=["ours", "hex", "random"])
def test_a_random_key_is_taken(key):
    assert secret_key.refusal(key, debug=False) == ""


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SECRET_KEY": BAD["the demo's"]}, "such keys are published"),
        ({"SECRET_KEY": GOOD, "SECURITY_CONTACT": "me@example.org"}, "SECURITY_CONTACT takes addresses"),
        ({"SECRET_KEY": GOOD, "SECOND_FACTOR_ROLES": "king"}, "SECOND_FACTOR_ROLES takes some of park_manager"),
        ({"SECRET_KEY": GOOD, "SQLITE_FILE": "var/x.sqlite3"}, ""),
        ({"DEBUG": "1"}, ""),
    ],
)
def test_the_server_starts_with_good_settings_only(environment, words):
    done = start(**environment)

    assert words in done.stderr
    assert (done.returncode == 0) is (words == "")


@pytest.mark.parametrize(("where", "page"), [("definition_page", "definitions"), ("site_pages", "accessibility")])
def test_a_page_without_its_static_files_is_a_503_in_words(client, db, monkeypatch, where, page):
    """The second: the page of the refusal lacks them, too."""

    def lacking(*_args, **_result):
        raise static_files.NotCollectedError("admin/css/base.css")

    monkeypatch.setattr(f"frontend.views.site.{where}.render", lacking)

    answer = client.get(f"/{page}/")

    assert answer.status_code == 503
    assert "manage.py collectstatic" in answer.content.decode()


def test_the_check_before_the_start_names_files_that_are_not_collected(monkeypatch, tmp_path):
    storage = static_files.CollectedStorage(location=tmp_path, base_url="/static/")
    monkeypatch.setattr(static_files, "staticfiles_storage", storage)

    (found,) = static_files.collected(None)
    assert found.id == "hatchery.E001"
    assert "collectstatic" in found.hint

    for finder in get_finders():
        storage.hashed_files |= {path: path for path, _storage in finder.list([])}
    assert static_files.collected(None) == []


@pytest.mark.parametrize("contact", [["mailto:security@example.org", "https://example.org/report"]])
def test_security_txt_says_where_to_report(client, settings, contact):
    settings.SECURITY_CONTACT = contact
    settings.SITE_URL = "https://hatchery.example.org"

    answer = client.get("/.well-known/security.txt")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert [f"Contact: {each}" in answer.content.decode() for each in contact] == [True, True]
    assert "Canonical: https://hatchery.example.org/.well-known/security.txt\n" in answer.content.decode()
    assert "\nExpires: 20" in answer.content.decode()


@pytest.mark.parametrize("is_open", [False, True])
def test_the_description_of_the_api_is_for_who_is_logged_in(client, db, settings, is_open):
    settings.API_DOCS_OPEN = is_open

    result = [client.get(path).status_code for path in ("/api/schema/", "/api/docs/")]

    assert result == ([200, 200] if is_open else [401, 302])
