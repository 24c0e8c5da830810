"""Help and privacy: a page for each role, whose links are open for that role; periods are those of the settings."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from frontend.views.site.guidance import PAGES
from tests import make
from tests.frontend import people as folk
from tests.frontend.source import source

pytestmark = pytest.mark.django_db
READERS = {
    "visitor": ("visitor",), "company": ("member", "stranger"), "manager": ("manager",),
    "officer": ("officer", "official"), "auditor": ("auditor",), "admin": ("admin",),
}  # fmt: skip


@pytest.fixture
def people():
    people = folk.gather()
    people.member = make.user(email="member@company.test", name="member")
    make.member(user=people.member, company=make.company(), role="owner")
    return people


def as_reader(people, who):
    client = Client()
    if who != "visitor":
        client.force_login(getattr(people, who))
    return client


def links(page):
    """Those of the help itself: not the frame's, nor the way to the other roles."""
    return set(re.findall(r'href="([^"]+)"', page.partition("data-help")[2].partition("</main>")[0]))


def test_each_role_has_its_page():
    assert set(READERS) == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_help_opens_on_the_own_page_and_each_of_its_links_is_open(people, page):
    for who in READERS[page]:
        client = as_reader(people, who)
        own = source(client.get(reverse("help")))
        found = links(own)

        assert f'href="{reverse("help-role", args=[page])}" aria-current="page"' in own
        assert found == links(source(client.get(reverse("help-role", args=[page]))))
        assert len(found) > 3
        # Who has no company yet is led to the page that registers one.
        answers = {link: client.get(link, follow=True) for link in found}
        assert {link: answer.status_code for link, answer in answers.items()} == dict.fromkeys(found, 200)
        assert [a for a in answers.values() if a.redirect_chain and "/accounts/" in a.redirect_chain[-1][0]] == []


def test_nobody_else_has_a_help_page(client):
    assert client.get(reverse("help-role", args=["king"])).status_code == 404


def test_sign_up_is_told_as_it_is(client, settings):
    assert reverse("account_signup") in links(client.get(reverse("help")).content.decode())

    settings.SIGNUP_OPEN = False

    page = client.get(reverse("help")).content.decode()
    assert reverse("account_signup") not in links(page)
    assert "Accounts are opened by the system admin" in page


def test_privacy_tells_the_periods_that_hold(client, settings, monkeypatch):
    assert "A session ends after 8 hours" in client.get(reverse("privacy")).content.decode()
    settings.SESSION_COOKIE_AGE = 2 * 3600

    page = client.get(reverse("privacy")).content.decode()

    assert "A session ends after 2 hours" in page
    assert "deleted after 30 days" in page
    assert "good for 7 days" in page
    assert "lasts 180 days" in page
