"""A login that ran out in the middle of a form loses nothing that was typed."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from frontend.site import interrupted_forms
from tenants.actions import requests
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
TYPED = {"place": "park:HIT-01", "use": "lab", "area": "１２０", "area_min": "100", "area_max": "oops"}


@pytest.fixture
def url(folk):
    wanted = requests.begin(folk.company, by=folk.owner)
    return reverse("request-step", args=[wanted.number, "space"])


def log_in(client, user, to_login):
    return client.post(to_login["Location"], {"login": user.email, "password": make.PASSWORD})


def test_after_the_login_the_form_comes_back_filled_once(client, folk, url):
    client.force_login(folk.owner)
    assert client.get(url).status_code == 200
    client.logout()

    to_login = client.post(url, TYPED)
    back = log_in(client, folk.owner, to_login)
    page = client.get(back["Location"])

    form = page.context["form"]
    assert to_login["Location"].startswith(f"/accounts/login/?next={url}%3Fkept%3D")
    assert {name: form[name].value() for name in TYPED} == TYPED
    assert (
        "You had been logged out. What you typed is all here: look at it and send it again." in page.content.decode()
    )
    assert client.get(back["Location"]).context["form"]["area"].value() is None


def test_nothing_is_saved_before_it_is_sent_again(client, folk, url):
    to_login = client.post(url, TYPED)

    back = log_in(client, folk.owner, to_login)
    client.get(back["Location"])

    assert folk.company.requests.get().area is None


def test_who_logs_in_as_someone_else_gets_nowhere(client, folk, url):
    to_login = client.post(url, TYPED)

    back = log_in(client, folk.neighbour, to_login)

    assert client.get(back["Location"]).status_code == 404


def test_another_page_gets_nothing_of_it(client, folk, url):
    to_login = client.post(url, TYPED)
    back = log_in(client, folk.owner, to_login)
    other = url.replace("space", "time")

    page = client.get(f"{other}?{back['Location'].partition('?')[2]}")

    assert page.context["form"].is_bound is False


@pytest.mark.parametrize(
    "typed",
    [{"new_password": "secret", "name": "x"}, {"words": "x" * interrupted_forms.ROOM}],
)
def test_secrets_and_endless_texts_are_not_kept(client, db, typed):
    answer = client.post(reverse("my-company-new"), typed)

    assert answer["Location"] == "/accounts/login/?next=/my/company/new/"
    assert interrupted_forms.SLOT not in client.session


def test_a_form_of_the_park_comes_back_too(client, folk):
    url = reverse("unit-act", args=[folk.unit.code, "hold"])
    to_login = client.post(url, {"starts_on": "2026-06-01", "ends_on": "2027-05-31", "held_until": "2026-06-30"})

    back = log_in(client, folk.manager, to_login)

    assert client.get(back["Location"]).context["form"]["ends_on"].value() == "2027-05-31"


def test_a_stranger_does_not_fill_the_table_of_sessions(client, url):
    """A hundred forms are kept for an address. After that the login is asked for as ever, and nothing is stored."""
    result = []
    for _number in range(110):
        client.cookies.clear()
        result.append("kept%3D" in client.post(url, TYPED)["Location"])

    assert result == [True] * 100 + [False] * 10
    assert Session.objects.count() == 100
