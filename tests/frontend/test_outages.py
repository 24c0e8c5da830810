"""The database is away, full or read-only, or the disk is: 503 in words of ours, wherever in a request it shows."""

import errno
import io
import sqlite3

import psycopg
import pytest
from django.db import Error, InterfaceError, InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse

import config.settings
from frontend.site.problems import OUTAGES
from spaces.actions.outages import Outage, outage
from spaces.models import Change, FloorPlan
from spaces.values.stored_files import StoredFileMissingError
from tenants.actions import documents
from tenants.models import Document
from tests.frontend import desk, world
from tests.frontend import people as folk
from tests.frontend.test_rights import READ, address
from tests.spaces.test_api_rights import STATUS
from tests.spaces.test_api_rights import address as api_address
from tests.tenants import corpus
from tests.thorough import crossing, share

WORDS = {
    Outage.AWAY: ("The database does not answer.", "数据库没有响应"),
    Outage.FULL: ("The server cannot store anything", "服务器无法保存任何内容"),
    Outage.BUSY: ("Others are writing here right now", "其他人正在写入"),
    Outage.MISSING: ("the file itself is missing on the server", "服务器上缺少该文件"),
}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: world.DAY)


def of_sqlite(code, words, kind=OperationalError):
    cause = sqlite3.OperationalError(words)
    cause.sqlite_errorcode = code
    return caused(kind(words), cause)


def of_postgresql(state, kind=OperationalError):
    return caused(kind("x"), psycopg.errors.lookup(state)("x") if state else psycopg.OperationalError("x"))


def caused(error, cause):
    error.__cause__ = cause
    return error


KINDS = [
    (of_sqlite(sqlite3.SQLITE_BUSY, "database is locked"), Outage.BUSY),
    (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT, "database is locked"), Outage.BUSY),
    (OperationalError("database is locked"), Outage.BUSY),  # our own queue
    (of_sqlite(sqlite3.SQLITE_FULL, "database or disk is full"), Outage.FULL),
    (of_sqlite(sqlite3.SQLITE_READONLY, "attempt to write a readonly database"), Outage.FULL),
    (of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED, "attempt to write a readonly database"), Outage.FULL),
    (of_sqlite(sqlite3.SQLITE_IOERR_WRITE, "disk I/O error"), Outage.AWAY),
    (of_sqlite(sqlite3.SQLITE_CANTOPEN, "unable to open database file"), Outage.AWAY),
    (of_sqlite(sqlite3.SQLITE_ERROR, "no such table: x"), None),
    (of_postgresql(None), Outage.AWAY),
    (of_postgresql(None, InterfaceError), Outage.AWAY),
    (of_postgresql("57P01"), Outage.AWAY),
    (of_postgresql("57P03"), Outage.AWAY),
    (of_postgresql("53300"), Outage.AWAY),
    (of_postgresql("08006"), Outage.AWAY),
    (of_postgresql("58030"), Outage.AWAY),
    (of_postgresql("53100"), Outage.FULL),
    (of_postgresql("25006", InternalError), Outage.FULL),
    (of_postgresql("55P03"), Outage.BUSY),
    (of_postgresql("40P01"), Outage.BUSY),
    (of_postgresql("42P01", Error), None),
    (OSError(errno.ENOSPC, "No space left on device"), Outage.FULL),
    (OSError(errno.EROFS, "Read-only file system"), Outage.FULL),
    (PermissionError(errno.EACCES, "Permission denied"), Outage.FULL),
    (OSError(errno.ECONNREFUSED, "a mail server"), None),
    (FileNotFoundError(errno.ENOENT, "No such file"), None),
    (NotADirectoryError(errno.ENOTDIR, "Not a directory"), Outage.FULL),
    (StoredFileMissingError("plans/x.webp is not in the media folder"), Outage.MISSING),
    (ValueError("x"), None),
    (None, None),
]


@pytest.mark.parametrize(("error", "kind"), KINDS, ids=lambda each: repr(each)[:60])
def test_which_errors_are_outages(error, kind):
    assert outage(error) is kind


class Failing:
    """An execute wrapper: so many statements are served, every later one fails."""

    def __init__(self, served, error):
        self.served, self.error, self.refused = served, error, 0

    def __call__(self, execute, sql, params, many, context):
        if self.served:
            self.served -= 1
            return execute(sql, params, many, context)
        self.refused += 1
        raise self.error.with_traceback(None)  # of its own, and not that of every test before


def statements(client, url, **headers):
    count = Failing(10**6, None)
    with connection.execute_wrapper(count):
        client.get(url, headers=headers)
    return 10**6 - count.served


def result(answer, kind, language):
    """The refusal is whole: status, words, when to come back, and the type that its reader expects."""
    api = answer.wsgi_request.path.startswith("/api/")
    assert answer.status_code == 503, (answer.wsgi_request.path, answer.content[:300])
    assert WORDS[kind][language] in answer.content.decode()
    assert answer["Retry-After"] == str(OUTAGES[kind][2])
    assert answer["Content-Type"].startswith("application/problem+json" if api else "text/html")


PAGES = [*((address, key) for key in READ), *((api_address, name) for name in STATUS if name != "api-nowhere")]


@pytest.mark.engine
@pytest.mark.django_db
@pytest.mark.parametrize(("address_of", "key"), PAGES, ids=lambda each: each if isinstance(each, str) else None)
def test_the_database_goes_away_at_any_moment_of_any_page(address_of, key):
    """At the first statement (of the session), the second, in the middle, or at the last, page by page in turn."""
    people, client = folk.gather(), Client(raise_request_exception=False)
    client.force_login(people.manager)
    url = address_of(key)
    number = statements(client, url)

    assert number > 1, "a page that asks nothing of the database shows nothing here"
    for served in share(sorted({0, 1, number // 2, number - 1}), PAGES.index((address_of, key)), 2):
        failing = Failing(served, of_postgresql("57P01"))
        with connection.execute_wrapper(failing):
            answer = client.get(url, headers={"Accept-Language": "en"})
        result(answer, Outage.AWAY, 0)
        assert failing.refused == 1, served


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "kind", "debug"), crossing(["/parks/", "/api/v1/parks/", "/help/"], WORDS, [False, True])
)
def test_each_kind_is_told_in_both_languages_with_debug_on_and_off(settings, url, kind, debug):
    settings.DEBUG = debug
    people, client = folk.gather(), Client(raise_request_exception=False)
    client.force_login(people.manager)
    error = next(error for error, known in KINDS if known is kind)

    for served in (0, 1):
        for language, name in enumerate(("en", "zh-CN")):
            with connection.execute_wrapper(Failing(served, error)):
                result(client.get(url, headers={"Accept-Language": name}), kind, language)


@pytest.mark.django_db
def test_a_bug_stays_a_bug():
    client = Client(raise_request_exception=False)

    with connection.execute_wrapper(Failing(0, of_sqlite(sqlite3.SQLITE_ERROR, "no such table: x"))):
        answer = client.get("/parks/")

    assert answer.status_code == 500


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/no/such/page/", "/units/no-such-unit/"])
def test_an_error_page_that_cannot_ask_who_reads_it_is_no_bug_either(url):
    people, client = folk.gather(), Client(raise_request_exception=False)
    client.force_login(people.manager)

    for served in range(statements(client, url)):
        with connection.execute_wrapper(Failing(served, of_postgresql("57P01"))):
            result(client.get(url, headers={"Accept-Language": "en"}), Outage.AWAY, 0)


@pytest.fixture
def on_disk(settings, tmp_path):
    """Private files on a disk, as in production."""
    settings.STORAGES = settings.STORAGES | {"default": config.settings.STORAGES["default"]}
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


class Full:
    """The disk takes so many more files, and of the next one a part."""

    def __init__(self, files):
        self.files = files

    def chunks_of(self):
        """What stands in for ContentFile.chunks."""

        def chunks(content, _size=None):
            self.files -= 1
            yield b"half" if self.files < 0 else content.read()
            if self.files < 0:
                raise OSError(errno.ENOSPC, "No space left on device")

        return chunks


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_document_that_finds_the_disk_full_is_refused_and_leaves_nothing(on_disk, monkeypatch):
    people, client = desk.build(), Client(raise_request_exception=False)
    lease = desk.signed(people)
    client.force_login(people.manager)
    before = (Document.objects.count(), Change.objects.count())
    monkeypatch.setattr("django.core.files.base.ContentFile.chunks", Full(0).chunks_of())

    sent = {"file": io.BytesIO(corpus.picture("PNG", (20, 20))), "kind": "other"}
    sent["file"].name = "a.png"
    answer = client.post(
        reverse("document-add", args=["lease", lease.number]), sent, headers={"Accept-Language": "en"}
    )

    result(answer, Outage.FULL, 0)
    assert (files_in(on_disk), (Document.objects.count(), Change.objects.count())) == ([], before)


@pytest.mark.django_db
@pytest.mark.parametrize("files", [0, 1, 2])
def test_a_plan_that_finds_the_disk_full_is_refused_and_leaves_nothing(on_disk, monkeypatch, files):
    """Of its own picture or of a smaller one."""
    people, client, disk = folk.gather(), Client(raise_request_exception=False), Full(files)
    client.force_login(people.manager)
    before = (FloorPlan.objects.count(), Change.objects.count())
    monkeypatch.setattr("django.core.files.base.ContentFile.chunks", disk.chunks_of())

    sent = {"file": io.BytesIO(corpus.picture("PNG", (2000, 1500))), "valid_from": "2026-06-01"}
    sent["file"].name = "a.png"
    answer = client.post(reverse("plan-new", args=["HIT-01", "A", 1]), sent, headers={"Accept-Language": "en"})

    result(answer, Outage.FULL, 0)
    assert (files_in(on_disk), (FloorPlan.objects.count(), Change.objects.count())) == ([], before)


@pytest.mark.django_db
@pytest.mark.parametrize("gone", ["the file", "the folder"])
def test_a_stored_file_that_is_gone_is_told_and_is_no_bug(on_disk, gone):
    people, client = desk.build(), Client(raise_request_exception=False)
    lease = desk.signed(people)
    clean = documents.read("a.png", corpus.picture("PNG", (20, 20)), by=people.manager)
    documents.store(lease, clean, kind="other", by=people.manager)
    client.force_login(people.manager)
    (stored,) = files_in(on_disk)
    stored.unlink()
    if gone == "the folder":
        stored.parent.rename(on_disk / "elsewhere")

    url = reverse("document-detail", args=[lease.documents.get().pk])

    for language, name in enumerate(("en", "zh-CN")):
        result(client.get(url, headers={"Accept-Language": name}), Outage.MISSING, language)
