"""A new installation: nothing is called invented, the pages say what comes first, and each step can be done."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from spaces.actions.mail import deliver
from spaces.models import Assignment, Change, Ecosystem, Mail, Park, User
from spaces.states import Role
from tests import make, smtp

pytestmark = pytest.mark.django_db
GOOD = "quiet river lamp 42"
SAMPLE, INFERRED = "Sample data", "inferred"
PAGES = ["home", "overview", "ecosystem-list", "park-list", "unit-list", "vacancy-list"]
FACTS = {
    "code": "hit", "name": "环哈工大生态圈", "name_en": "Around HIT", "anchor": "哈工大", "anchor_en": "HIT",
    "city": "哈尔滨", "source_note": "a document",
}  # fmt: skip


def run(name, *args, **result):
    out = StringIO()
    call_command(name, *args, stdout=out, **result)
    return out.getvalue()


def link_in(text):
    return re.search(rf"{re.escape(site.SITE_URL)}(/accounts/welcome/\S+)", text)[1]


@pytest.fixture
def lead(db):
    """An officer of the whole province."""
    user = make.user(email="lead@example.test")
    make.assignment(user=user, role=Role.ECOSYSTEM_OFFICER)
    return user


# What is sample says so in its rows


def believable(*, sample, inferred):
    ecosystem = make.ecosystem(inferred=inferred)
    park = make.park(ecosystem=ecosystem, sample=sample)
    unit = make.unit(floor=make.floor(building=make.building(park=park)), published=True)
    return [reverse(name) for name in PAGES] + [
        reverse("ecosystem-detail", args=[ecosystem.code]),
        reverse("park-detail", args=[park.code]),
        reverse("unit-detail", args=[unit.code]),
    ]


@pytest.mark.parametrize("sample", [False, True])
def test_only_sample_rows_make_sample_pages(client, db, sample):
    urls = believable(sample=sample, inferred=False)

    result = {url: SAMPLE in client.get(url).content.decode() for url in urls}

    assert result == dict.fromkeys(urls, sample)


@pytest.mark.parametrize("inferred", [False, True])
def test_only_inferred_ecosystems_are_called_so(client, db, inferred):
    urls = [url for url in believable(sample=False, inferred=inferred) if re.search("^/$|overview|ecosystem", url)]

    result = {url: INFERRED in client.get(url).content.decode() for url in urls}

    assert result == dict.fromkeys(urls, inferred)
    assert len(urls) == 4


def test_no_page_of_an_empty_installation_speaks_of_samples(client, admin):
    client.force_login(admin)

    result = {name: client.get(reverse(name)).content.decode() for name in PAGES}

    assert [name for name, page in result.items() if SAMPLE in page or INFERRED in page] == []


# What comes first


@pytest.mark.parametrize("name", ["home", "overview"])
@pytest.mark.parametrize(
    ("who", "words"),
    [
        (None, "log in and see what comes first"),
        ("admin", "manage.py invite_staff officer@example.org --role ecosystem_officer"),
        ("lead", 'href="/ecosystems/new/"'),
    ],
)
def test_an_empty_site_says_what_to_do(client, request, db, name, who, words):
    if who:
        client.force_login(request.getfixturevalue(who))

    page = client.get(reverse(name)).content.decode()

    assert 'id="first-steps">Nothing is recorded here yet<' in page
    assert words in page
    assert ("manage.py" in page) is bool(who)


@pytest.mark.parametrize("name", ["home", "overview"])
def test_a_site_with_a_park_does_not(client, park, name):
    assert 'id="first-steps"' not in client.get(reverse(name)).content.decode()


def test_from_nothing_to_a_park_by_clicks(client, lead):
    client.force_login(lead)

    made = client.post(reverse("ecosystem-new"), FACTS, follow=True)
    assert "环哈工大生态圈" in made.content.decode()
    assert "环哈工大生态圈" in client.get(reverse("ecosystem-list")).content.decode()
    assert 'href="/ecosystems/hit/parks/new/"' in client.get(reverse("home")).content.decode()
    client.post(
        reverse("park-new", args=["hit"]), {"code": "HIT-01", "name": "一号园", "kind": "incubator", "city": "哈尔滨"}
    )

    assert Park.objects.get().ecosystem.code == "hit"
    assert Change.objects.get(object_type="spaces.ecosystem").by == lead


@pytest.mark.parametrize(
    ("code", "words"),
    [("new", "is no short name for an ecosystem"), ("H I T", "is not a short name"), ("hit", "already exists")],
)
def test_a_short_name_that_does_not_fit_is_refused_in_words(client, lead, code, words):
    make.ecosystem(code="hit")
    client.force_login(lead)

    answer = client.post(reverse("ecosystem-new"), FACTS | {"code": code})

    assert (answer.status_code, Ecosystem.objects.count()) == (422, 1)
    assert words in answer.content.decode()
    assert "环哈工大生态圈" in answer.content.decode()


# The first admin


def test_the_first_admin_gets_a_link_that_works_once(client, db):
    link = link_in(run("first_admin", "Root@Example.test"))

    assert "root@example.test" in client.get(link).content.decode()
    bad = client.post(link, {"name": "Wang Wu", "password1": "aaaaaaaaaaaa"})
    assert (bad.status_code, "Take four words" in bad.content.decode()) == (422, True)
    assert client.post(link, {"name": "Wang Wu", "password1": GOOD})["Location"] == reverse("account_login")

    again = client.post(link, {"name": "Wang Wu", "password1": "another good one 77"})
    assert (again.status_code, "This link was used already." in again.content.decode()) == (422, True)
    assert client.post(reverse("account_login"), {"login": "root@example.test", "password": GOOD}).status_code == 302
    assert Assignment.objects.in_force(User.objects.get()).get().role == Role.SYSTEM_ADMIN
    assert User.objects.get().name == "Wang Wu"
    assert sorted(Change.objects.values_list("verb", flat=True)) == ["assign", "change", "create", "password"]


def test_the_link_ends_after_half_an_hour_and_can_be_made_again(client, db, monkeypatch):
    link = link_in(run("first_admin", "root@example.test"))
    late = timezone.now().timestamp() + timedelta(minutes=30, seconds=2).total_seconds()
    with monkeypatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: late)
        page = client.get(link)
        assert (page.status_code, "This link has expired." in page.content.decode()) == (422, True)

    assert client.get(link_in(run("first_admin", "root@example.test"))).status_code == 200
    assert Assignment.objects.count() == 1


def test_a_site_with_an_admin_refuses_another_unless_told(admin):
    with pytest.raises(CommandError, match=r"can log in already\. Say --another"):
        run("first_admin", "thief@example.test")

    assert not User.objects.filter(email="thief@example.test").exists()
    run("first_admin", "second@example.test", another=True)
    assert Assignment.objects.filter(role=Role.SYSTEM_ADMIN).count() == 2


@pytest.mark.parametrize("broken", ["x", "x" * 100, "é", "a:b:c"])
def test_a_broken_link_says_so(client, db, broken):
    page = client.get(reverse("account-welcome", args=[broken]))

    assert (page.status_code, "This link is not complete." in page.content.decode()) == (422, True)


# Staff by mail


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("park_manager", {"park": "P"}),
        ("ecosystem_officer", {"ecosystem": "eco"}),
        ("ecosystem_officer", {}),
        ("provincial_official", {}),
        ("auditor", {}),
    ],
)
def test_staff_are_invited_by_mail(client, admin, role, place):
    make.park(code="P", ecosystem=make.ecosystem(code="eco"))

    run("invite_staff", "wang@example.test", role=role, by=admin.email, **place)
    deliver.call()

    assert mail.outbox[0].to == ["wang@example.test"]
    client.post(link_in(mail.outbox[0].body), {"name": "Wang Wu", "password1": GOOD})
    assert client.post(reverse("account_login"), {"login": "wang@example.test", "password": GOOD}).status_code == 302
    assert Assignment.objects.in_force(User.objects.get(email="wang@example.test")).get().role == role
    assert {change.by for change in Change.objects.filter(verb__in=["create", "assign"])} == {admin}


def test_who_has_an_account_is_given_the_role_and_no_link(manager):
    run("invite_staff", manager.email, role="provincial_official", language="en")
    deliver.call()

    assert "/accounts/login/" in mail.outbox[0].body
    assert "/accounts/welcome/" not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"role": "park_manager"}, "A park manager needs a park"),
        ({"role": "park_manager", "park": "NO"}, "There is no park “NO”."),
        ({"role": "auditor", "by": "nobody@example.test"}, "“nobody@example.test” is no system admin."),
        ({"role": "auditor", "by": "manager@example.test"}, "“manager@example.test” is no system admin."),
        ({"email": "no address", "role": "auditor"}, "valid email"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(manager, result, words):
    before = User.objects.count(), Assignment.objects.count(), Change.objects.count()

    with pytest.raises(CommandError, match=words):
        run("invite_staff", result.pop("email", "wang@example.test"), **result)

    assert (User.objects.count(), Assignment.objects.count(), Change.objects.count()) == before
    assert Mail.objects.count() == 0


def test_a_mail_that_does_not_leave_waits_and_the_command_can_run_again(db, settings):
    settings.MAILERS = smtp.mailers(smtp.free_port())

    run("invite_staff", "wang@example.test", role="auditor")
    deliver.call()
    run("invite_staff", "wang@example.test", role="auditor")

    assert Mail.objects.unsent().count() == 2
    with smtp.Server() as server:
        settings.MAILERS = smtp.mailers(server.port)
        Mail.objects.update(next_try_at=timezone.now())
        assert deliver.call() == 2
    assert Assignment.objects.count() == 1
