"""The papers of a request and the people who will work there: who reads them, from the draft to the claim.

Permission matrix: "own; PM after claim, EO, PO; CO until submitted", notes 5 and 7.
"""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tenants.actions import documents, requests
from tests.frontend import desk
from tests.tenants import corpus, rights
from tests.tenants.calls import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
NAME, HEADS = "plan.png", 4711
NOBODY = dict.fromkeys(rights.PEOPLE, False)
COMPANY = NOBODY | {"owner": True, "member": True}
CLAIMED = COMPANY | {"manager": True, "officer": True, "official": True}
UNCLAIMED = CLAIMED | {"manager": False}


@pytest.fixture
def people():
    return rights.world()


def drafted(people, **place):
    facts = {"use": "office", "area_min": 100, "area_max": 160, "needed_by": desk.date(2026, 9, 1), "months": 24}
    wanted = requests.begin(people.tenant_company, by=people.owner, people=HEADS, **place, **facts)
    documents.add(wanted, name=NAME, content=corpus.good()["png"][0], kind="plan", by=people.owner)
    return wanted


def asked_anywhere(people):
    wanted = drafted(people, ecosystem=people.park.ecosystem)
    return requests.submit(wanted, by=people.owner, on=desk.DAY, declared=True)


def asked_here(people):
    return requests.submit(drafted(people, park=people.park), by=people.owner, on=desk.DAY, declared=True)


def claimed(people):
    return requests.receive(asked_anywhere(people), by=people.manager, on=desk.DAY, park=people.park)


def clients(people):
    for who in rights.PEOPLE:
        client = Client()
        if who != "visitor":
            client.force_login(getattr(people, who))
        yield who, client


READERS = [(lambda people: drafted(people, park=people.park), COMPANY), (asked_anywhere, UNCLAIMED),
           (asked_here, CLAIMED), (claimed, CLAIMED)]  # fmt: skip


@pytest.mark.parametrize(("state", "readers"), READERS, ids=["draft", "anywhere", "here", "claimed"])
def test_who_reads_the_papers(people, state, readers):
    wanted = state(people)
    paper = wanted.documents.get()

    found, named, heads, result = {}, {}, {}, {}
    for who, client in clients(people):
        page = client.get(reverse("request-detail", args=[wanted.number]), follow=True).content.decode()
        found[who] = client.get(reverse("document-detail", args=[paper.pk])).status_code == 200
        named[who] = NAME in page
        heads[who] = str(HEADS) in page
        api = Caller(None if who == "visitor" else getattr(people, who)).get(f"requests/{wanted.number}/")
        result[who] = api.status_code == 200 and api.json()["people"] == HEADS

    assert [found, named, heads, result] == [readers] * 4


def test_a_park_is_told_that_papers_wait_for_its_claim(people, client):
    wanted = asked_anywhere(people)
    client.force_login(people.manager)

    page = client.get(reverse("request-detail", args=[wanted.number])).content.decode()

    assert "1 file. A park opens it when it has taken the request" in page


def test_the_papers_of_a_submitted_request_stay_as_they_are(people, client):
    wanted = asked_here(people)
    paper = wanted.documents.get()
    client.force_login(people.owner)

    sent = {"file": SimpleUploadedFile("b.png", corpus.good()["png"][0]), "kind": "plan"}
    added = client.post(reverse("document-add", args=["request", wanted.number]), sent, follow=True)
    removed = client.post(reverse("document-remove", args=[paper.pk]), follow=True)

    paper.refresh_from_db()
    assert ("stay as they are" in added.content.decode(), "stay as they are" in removed.content.decode()) == (
        True,
    ) * 2
    assert (wanted.documents.count(), paper.removed_at) == (1, None)


def test_a_returned_request_takes_papers_again(people, client):
    wanted = asked_here(people)
    requests.review(wanted, step="first", decision="returned", comment="a plan", by=people.manager, on=desk.DAY)
    client.force_login(people.owner)

    client.post(reverse("document-remove", args=[wanted.documents.get().pk]))

    assert wanted.documents.filter(removed_at=None).count() == 0


def test_two_papers_that_are_read_at_once_keep_within_the_quota_of_a_day(people, monkeypatch):
    """Both were looked at while there was room for one: the second is refused as it is kept."""
    wanted, by = drafted(people), people.owner
    one, other = (documents.read(NAME, corpus.picture("PNG", (side, side)), by=by) for side in (30, 40))
    sent = wanted.documents.get().size
    monkeypatch.setattr(documents, "DAILY_BYTES", sent + len(one.content) + len(other.content) - 1)

    documents.store(wanted, one, kind="plan", by=by)
    with pytest.raises(ValidationError, match="200 MB"):
        documents.store(wanted, other, kind="plan", by=by)

    assert wanted.documents.count() == 2
