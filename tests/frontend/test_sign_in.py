"""Guessing passwords is slow for who guesses, and never keeps the owner out. The limit comes before the hash."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from frontend.site import devices
from spaces.actions import throttle
from spaces.actions.mail import deliver
from spaces.models import Change, Throttle
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_minute")]
EMAIL = "owner@example.test"
WRONG = "wrong"
HERE, THERE = "203.0.113.5", "198.51.100.7"


@pytest.fixture
def no_minute(settings):
    """Without allauth's limit of log-ins in a minute, which stands in front of ours."""
    settings.ACCOUNT_RATE_LIMITS = {"login": None}


@pytest.fixture
def owner(db):
    return make.user(email=EMAIL)


def sign_in(client, password=WRONG, address=HERE, email=EMAIL):
    return client.post(reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address)


def fail(times, **result):
    return [sign_in(Client(), **result).status_code for _time in range(times)]


def later(monkeypatch, **time):
    at = timezone.now() + timedelta(**time)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


def test_an_attackers_failures_do_not_keep_out_the_owner(owner):
    assert fail(8) == [200] * 5 + [429] * 3

    assert sign_in(Client(), make.PASSWORD, THERE).status_code == 302


def test_nor_the_owner_beside_him_who_signed_in_on_this_browser_before(owner):
    known = Client()
    assert sign_in(known, make.PASSWORD).status_code == 302
    known.post(reverse("account_logout"))
    fail(8)

    assert sign_in(Client(), make.PASSWORD).status_code == 429
    assert sign_in(known, make.PASSWORD).status_code == 302


def test_nor_a_session_that_runs(owner, client):
    sign_in(client, make.PASSWORD)
    fail(8)

    assert client.get(reverse("account_reauthenticate")).status_code == 200
    assert (
        client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD}, REMOTE_ADDR=HERE).status_code
        == 302
    )


def test_a_known_browser_is_known_for_its_own_account_only(owner):
    make.user(email="attacker@example.test")
    browser = Client()
    sign_in(browser, make.PASSWORD, email="attacker@example.test")
    browser.post(reverse("account_logout"))

    assert [sign_in(browser).status_code for _time in range(7)] == [200] * 5 + [429] * 2


def test_a_forged_device_is_a_stranger(owner):
    for forged in ("x", "WyJ4IiwieSJd:1vVxyz:abc", "[]"):
        browser = Client()
        browser.cookies["device"] = forged
        assert sign_in(browser).status_code == 200


def test_pauses_grow_end_by_themselves_and_are_told(owner, monkeypatch):
    fail(5)
    waits = []
    passed = 0
    for _time in range(8):
        answer = sign_in(Client())
        waits.append(int(answer["Retry-After"]))
        passed += waits[-1]
        later(monkeypatch, seconds=waits[-1])
        assert sign_in(Client()).status_code == 200

    assert waits[:5] == [30, 60, 120, 240, 480]
    assert max(waits) <= 900


def test_the_refusal_says_how_long_and_what_helps(owner):
    fail(5)

    page = sign_in(Client()).content.decode()

    assert "Try again in 30 seconds, or set a new password by mail: that works at once." in page
    assert f'value="{EMAIL}"' in page


def test_a_new_password_by_mail_ends_the_pause_at_once(owner, client):
    fail(5)
    client.post(reverse("account_reset_password"), {"email": EMAIL})
    deliver.call()
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True, REMOTE_ADDR=HERE).request["PATH_INFO"]
    client.post(form, {"password1": "quiet river lamp 42", "password2": "quiet river lamp 42"}, REMOTE_ADDR=HERE)

    assert sign_in(Client(), "quiet river lamp 42").status_code == 302
    assert Change.objects.get(verb="password").by == owner


def test_the_limit_comes_before_the_hash(owner, hashed):
    fail(5)
    hashed.clear()

    assert fail(20) == [429] * 20
    assert hashed == []


def test_waiting_is_not_failing(owner, monkeypatch):
    """Or hammering would keep an address out for ever."""
    fail(5)
    fail(10)

    later(monkeypatch, seconds=30)
    assert sign_in(Client(), make.PASSWORD).status_code == 302


@pytest.mark.parametrize("address", [HERE, "2001:db8:1:2:{}::1"])
def test_an_address_has_a_cap_over_all_accounts(db, address):
    """An IPv6 subscriber has a whole network of addresses."""
    for number in range(29):
        place = devices.network(address.format(number))
        throttle.sign_in(account=f"someone{number}@example.test", address=place, device="")

    assert fail(2, address=address.format(99), email="other@example.test") == [200, 429]


def test_ipv4_written_as_ipv6_is_ipv4(owner):
    fail(5, address=f"::ffff:{HERE}")

    assert fail(1) == [429]
    assert fail(1, address=f"::ffff:{THERE}") == [200]


def test_many_addresses_meet_a_ceiling_that_never_keeps_out_a_new_one(owner, hashed):
    fail_from = [f"10.0.{number}.1" for number in range(15)]
    for address in fail_from:
        for _time in range(4):
            throttle.sign_in(account=EMAIL, address=address, device="")

    # From now on: one attempt for each address, and no more from those that failed already.
    assert fail(3, address="10.1.0.1") == [200, 429, 429]
    assert fail(2, address=fail_from[0]) == [429, 429]
    assert len(hashed) == 1
    assert sign_in(Client(), make.PASSWORD, THERE).status_code == 302


def test_right_passwords_are_no_failures(owner):
    for _time in range(3):
        assert sign_in(Client(), make.PASSWORD).status_code == 302

    assert set(Throttle.objects.values_list("failures", flat=True)) == {0}


def test_a_stranger_costs_as_much_as_an_account(owner, hashed):
    """Nobody learns from the time or the words who has an account."""
    result = []
    for email in (EMAIL, "nobody@example.test"):
        hashed.clear()
        answers = [sign_in(Client(), email=email, address=THERE) for _time in range(6)]
        result.append((len(hashed), [answer.status_code for answer in answers]))

    assert result[0] == result[1]


def test_old_failures_are_cleared_away(owner, monkeypatch):
    fail(5)

    throttle.clear(before=timezone.now() + timedelta(seconds=1))

    assert Throttle.objects.count() == 0
