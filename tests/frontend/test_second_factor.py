"""Who must have a second factor and has none sets it up, and does nothing else before, on any page and in the API."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import get_resolver, reverse

from frontend.accounts.second_factor import STILL_OPEN
from spaces.states import Role
from tests import make
from tests.test_project import NO_ROUTE, address

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/2fa/totp/activate/"
NAMES = sorted(name for name in get_resolver().reverse_dict if isinstance(name, str) and name not in NO_ROUTE)
# Behind these there is nobody: they lead a person who is logged in somewhere else, or are no page of a person.
ELSEWHERE = {"account_logout"}


@pytest.fixture
def asked(settings):
    settings.SECOND_FACTOR_ROLES = [Role.AUDITOR.value, Role.SYSTEM_ADMIN.value]


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def led_to_set_up(client, name, method):
    answer = getattr(client, method)(address(name))
    if name.startswith("api-"):
        return answer.status_code == 403 and "second factor" in answer.content.decode()
    return answer.headers.get("Location") == SET_UP


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_but_the_set_up_is_closed(client, auditor, asked, method):
    client.force_login(auditor)

    result = {name: led_to_set_up(client, name, method) for name in NAMES if name not in STILL_OPEN}

    assert {name for name, led in result.items() if not led} == set()
    assert len(result) > 60


def test_what_stays_open_is_there(client, auditor, asked):
    client.force_login(auditor)
    client.get(reverse("account_reauthenticate"))

    names = sorted(STILL_OPEN - {"account_logout"})
    assert {name: client.get(address(name)).headers.get("Location") for name in names} == dict.fromkeys(names) | {
        "mfa_activate_totp": reverse("account_reauthenticate") + "?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F",
        "set-language": "/",
        "set-text-size": "/",
    }


def test_a_fragment_leads_the_whole_window(client, auditor, asked):
    client.force_login(auditor)

    answer = client.get(reverse("unit-list"), headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert answer["HX-Redirect"] == SET_UP


def test_who_sets_it_up_goes_on_and_cannot_take_it_off(client, auditor, asked):
    sign_in = {"login": auditor.email, "password": make.PASSWORD}
    asked_again = client.post(reverse("account_login"), sign_in, follow=True)
    assert asked_again.redirect_chain[-2][0] == SET_UP
    assert "Your role needs a second factor." in asked_again.content.decode()
    page = client.post(asked_again.redirect_chain[-1][0], {"password": make.PASSWORD, "next": SET_UP}, follow=True)
    assert page.redirect_chain[-1][0] == SET_UP

    secret = page.context["form"].secret
    client.post(SET_UP, {"code": code_of(secret)})

    assert Authenticator.objects.filter(user=auditor, type="totp").count() == 1
    assert client.get(reverse("change-list")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=auditor, type="totp").count() == 1


@pytest.mark.parametrize(
    ("role", "asks"), [("manager", False), ("official", False), ("auditor", True), ("admin", True)]
)
def test_only_the_roles_of_the_setting_are_asked(client, request, asked, role, asks):
    client.force_login(request.getfixturevalue(role))

    assert (client.get(reverse("help")).status_code, led_to_set_up(client, "notice-list", "get")) == (200, asks)


def test_people_of_companies_and_visitors_are_not_asked(client, asked):
    assert client.get(reverse("home")).status_code == 200
    client.force_login(make.user())
    assert client.get(reverse("notice-list")).status_code == 200


def test_the_repair_desk_asks_too(client, asked):
    client.force_login(make.user(is_staff=True))

    assert led_to_set_up(client, "notice-list", "get")


def test_nobody_is_asked_where_the_setting_names_no_role(client, auditor):
    client.force_login(auditor)

    assert client.get(reverse("change-list")).status_code == 200
