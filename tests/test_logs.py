"""What the logs hold: a line for each request, and nothing that opens a door or tells of a person."""

import json
import logging

import pytest
from django.test import Client
from django.urls import reverse

from config import logs
from spaces.access import welcome_links
from tests import make

pytestmark = pytest.mark.django_db
SECRETS = {
    "password": "planted-S3cret-pass 99", "code": "PLANTED", "phone": "13812345678", "mail": "planted@secret.test",
    "token": "planted0token0planted0token0planted0token",
}  # fmt: skip


@pytest.fixture
def lines():
    """All lines that would be written, parsed."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Kept()
    handler.setFormatter(logs.JsonLines())
    handler.addFilter(logs.StrangersWarn())
    handler.addFilter(logs.WithoutSecrets())
    root = logging.getLogger()
    root.addHandler(handler)
    access = logging.getLogger("hatchery.access")
    level = access.level
    access.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    access.setLevel(level)


def of(lines, stream):
    return [result for result in map(json.loads, lines) if result["stream"] == stream]


def ask(client, user, monkeypatch):
    """Requests of all kinds, each with something in it that no log may hold."""
    signing_in = {"login": SECRETS["mail"], "password": SECRETS["password"]}
    client.post(reverse("account_login"), signing_in)
    client.post(
        reverse("account_signup"), {"name": "Li Xin", "email": SECRETS["mail"], "password1": SECRETS["password"]}
    )
    client.post(reverse("account_reset_password"), {"email": SECRETS["mail"]})
    for path in (
        f"/accounts/password/reset/key/1-{SECRETS['token']}/", f"/accounts/welcome/{SECRETS['token']}/",
        f"/calendar/{SECRETS['token']}.ics", f"/calendar/{SECRETS['token']}",
        f"/my/members/join/X/{SECRETS['token']}/", f"/no/such/{SECRETS['mail']}/", f"/units/{SECRETS['phone']}/",
        f"/units/?q={SECRETS['phone']}&x={SECRETS['token']}",
        f"/api/v1/units/{SECRETS['token']}/?q={SECRETS['mail']}", f"/spaces/?next=/{SECRETS['token']}",
    ):  # fmt: skip
        client.get(path)
    client.get(reverse("account-welcome", args=[welcome_links.token(user, welcome_links.STAFF)]))
    client.post("/api/v1/requests/", json.dumps({"contact_phone": SECRETS["phone"]}), "application/json")
    client.force_login(user)
    client.get(reverse("manage"), {"q": SECRETS["phone"]})
    client.post(reverse("my-members"), {"email": SECRETS["mail"]})

    def broken(_request):
        raise RuntimeError(f"{SECRETS['mail']} {SECRETS['phone']} {SECRETS['token']}\n{SECRETS['password']}")

    monkeypatch.setattr("frontend.views.places.overview.report_of", lambda *_args, **_named: broken(None))
    client.raise_request_exception = False
    client.get(reverse("overview"))


def test_no_log_holds_a_secret(lines, monkeypatch):
    user = make.user(phone=SECRETS["phone"], name="王小明")
    ask(Client(), user, monkeypatch)

    text = "\n".join(lines)
    assert len(lines) > 20
    assert [name for name, secret in SECRETS.items() if secret in text or secret.encode().decode() in text] == []
    assert welcome_links.token(user, welcome_links.STAFF).split(":")[0] not in text
    assert "王小明" not in text
    assert "\\u738b" not in text
    errors = [error["type"] for error in (result.get("error") for result in of(lines, "application")) if error]
    assert "RuntimeError" in errors  # the one with the secrets in its words


def test_each_request_has_one_line(lines, client, manager):
    client.get("/help/?secret=1")
    client.force_login(manager)
    client.get("/help/")
    client.get("/no/such/page/")

    result = of(lines, "access")
    assert [(each["actor"], each["method"], each["path"], each["status"]) for each in result] == [
        (None, "GET", "/help/", 200),
        (manager.pk, "GET", "/help/", 200),
        (manager.pk, "GET", "/no/such/page/", 404),
    ]
    assert len({each["request"] for each in result}) == 3
    assert all(each["at"].endswith("+00:00") and isinstance(each["ms"], int) for each in result)


def test_the_id_of_a_request_stands_in_its_answer_and_in_all_its_lines(lines, client):
    answer = client.get("/no/such/page/")

    assert {json.loads(line)["request"] for line in lines} == {answer["X-Request-ID"]}


@pytest.mark.parametrize("path", ["/a%0Ab/", "/a%0D%0A%7B%22stream%22:1%7D/", "/a%E2%80%A8b/", "/a%C2%85b/"])
def test_a_line_stays_one_line(lines, client, path):
    client.get(path)

    assert [line for line in lines if len(line.splitlines()) != 1] == []
    assert len(of(lines, "access")) == 1


def test_refusals_and_failed_sign_ins_are_in_the_security_stream(lines, client, auditor):
    client.post(reverse("account_login"), {"login": auditor.email, "password": "wrong"})
    client.post(reverse("account_login"), {"login": auditor.email, "password": make.PASSWORD})
    Client(headers={"HX-Request": "true"}).post(
        reverse("account_login"), {"login": auditor.email, "password": make.PASSWORD}
    )
    client.get(reverse("manage"))
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@example.test"})

    result = [each for each in of(lines, "security") if "event" in each]
    assert [(each["event"], each["actor"], each["path"]) for each in result] == [
        ("sign-in failed", None, "/accounts/login/"),
        ("refused", auditor.pk, "/manage/"),
        ("refused", None, "/accounts/login/"),
    ]
    assert {each["address"] for each in result} == {"127.0.0.1"}


def test_a_false_host_is_a_warning_without_frames(lines, client):
    """Anyone can send one, and who watches the errors would be called for each."""
    assert client.get("/help/", headers={"Host": "evil.test"}).status_code == 400

    (line,) = (each for each in of(lines, "security") if each["logger"] == "django.security.DisallowedHost")
    assert (line["level"], "error" in line) == ("WARNING", False)
    assert "evil.test" in line["message"]


def test_the_access_log_can_be_switched_off():
    result = {
        access: logs.config(debug=False, access=access)["loggers"]["hatchery.access"]["level"]
        for access in (True, False)
    }

    assert result == {True: "INFO", False: "CRITICAL"}


def test_reading_the_log_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/help/")
