"""If-Match and Idempotency-Key: no lost update, and one effect however often a call is sent."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from spaces.models import Allocation, Change
from tenants.actions import offers
from tenants.models import AnsweredCall, Offer, SpaceRequest
from tests import make
from tests.frontend import desk
from tests.tenants.calls import Caller
from tests.tenants.test_api_contract import TERMS, WISH, result

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]

CALLERS = 20


def kind(response):
    return response.json()["type"].removeprefix("/problems/")


def test_a_write_names_the_version_it_saw(people):
    offer, company = desk.offered(people), Caller(people.tenant)
    here = f"offers/{offer.number}/"
    tag = company.get(here)["ETag"]
    result(company.seen(f"{here}visit/", of=here))

    blind = [company.send(f"{here}accept/"), company.send(f"{here}accept/", **{"If-Match": "*"})]
    stale = [company.send(f"{here}accept/", **{"If-Match": result}) for result in (tag, f"W/{tag}", '"x"', "x", ",")]
    right = company.send(f"{here}accept/", **{"If-Match": f'"other", "offer-{offer.number}-2"'})

    assert [(each.status_code, kind(each)) for each in blind] == [(428, "version-needed")] * 2
    assert [(each.status_code, kind(each)) for each in stale] == [(412, "version-passed")] * 5
    assert {each["ETag"] for each in stale} == {f'"offer-{offer.number}-2"'}
    assert (right.status_code, right["ETag"]) == (200, f'"offer-{offer.number}-3"')


def test_a_stale_patch_changes_nothing(people):
    company = Caller(people.tenant)
    draft = result(company.send("requests/", WISH), 201)
    here = f"requests/{draft['number']}/"
    tag = company.get(here)["ETag"]
    result(company.send(here, {"months": 36}, method="PATCH", **{"If-Match": tag}))

    late = company.send(here, {"months": 12}, method="PATCH", **{"If-Match": tag})

    assert late.status_code == 412
    assert SpaceRequest.objects.get().months == 36


def test_two_ticks_of_one_item_do_not_overwrite_each_other(people):
    handover = desk.signed(people).handovers.get()
    here, park = f"handovers/{handover.number}/", Caller(people.manager)
    meter = handover.items.filter(owner="park", proof="reading").order_by("place").first()
    there, tag = f"{here}items/{meter.place}/", park.get(here)["ETag"]

    first = park.send(there, {"reading": "10.00"}, method="PATCH", **{"If-Match": tag})
    second = park.send(there, {"reading": "99.00"}, method="PATCH", **{"If-Match": tag})

    assert (first.status_code, second.status_code) == (200, 412)
    assert second["ETag"] == first["ETag"]
    meter.refresh_from_db()
    assert str(meter.reading) == "10.00"


def test_foreign_before_blind_before_wrong(people):
    """Scope is asked before the version, and the version before the words: nobody learns what he may not see."""
    offer = desk.offered(people)
    path = f"offers/{offer.number}/decline/"

    assert Caller(people.rival).send(path).status_code == 404
    assert Caller(people.tenant_member).send(path).status_code == 403
    assert Caller(people.tenant).send(path).status_code == 428
    assert Caller(people.tenant).send(path, **{"If-Match": '"x"'}).status_code == 400


def test_the_same_call_again_gets_the_same_answer_and_changes_nothing(people):
    wanted, park = desk.admitted(people), Caller(people.manager)
    body = TERMS | {"request": wanted.number}

    first = park.send("offers/", body, **{"Idempotency-Key": "k-1"})
    changes = Change.objects.count()
    again = park.send("offers/", dict(reversed(body.items())), **{"Idempotency-Key": "k-1"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert (Offer.objects.count(), Change.objects.count()) == (1, changes)


def test_a_verb_is_repeated_although_the_version_has_passed(people):
    offer, company = desk.offered(people), Caller(people.tenant)
    here = f"offers/{offer.number}/"
    headers = {"If-Match": company.get(here)["ETag"], "Idempotency-Key": "accept"}

    first, again = (company.send(f"{here}accept/", **headers) for _time in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()


@pytest.mark.parametrize(
    ("path", "body"), [("offers/", {"held_until": "2026-06-16"}), ("requests/", None)], ids=["body", "path"]
)
def test_a_key_is_good_for_one_call(people, path, body):
    wanted, park = desk.admitted(people), Caller(people.manager)
    make.member(user=people.manager, company=people.rival_company)
    first = TERMS | {"request": wanted.number}
    result(park.send("offers/", first, **{"Idempotency-Key": "k-1"}), 201)

    other = park.send(path, WISH if body is None else first | body, **{"Idempotency-Key": "k-1"})

    assert (other.status_code, kind(other)) == (422, "key-reused")
    assert (Offer.objects.count(), SpaceRequest.objects.count()) == (1, 1)


def test_a_key_belongs_to_its_user(people):
    for who in ("tenant", "rival"):
        result(Caller(getattr(people, who)).send("requests/", WISH, **{"Idempotency-Key": "same"}), 201)

    assert SpaceRequest.objects.count() == 2


def test_a_failed_call_is_not_kept(people):
    wanted, park = desk.submitted(people), Caller(people.manager)
    body = TERMS | {"request": wanted.number}
    early = park.send("offers/", body, **{"Idempotency-Key": "k-1"})
    desk.admit(people, wanted)

    later = park.send("offers/", body, **{"Idempotency-Key": "k-1"})

    assert (early.status_code, kind(early), early.json()["allowed"]) == (
        409, "illegal-transition", ["in_review", "rejected", "returned", "withdrawn"],
    )  # fmt: skip
    assert later.status_code == 201


def test_an_answer_is_kept_for_a_day(people):
    company = Caller(people.tenant)
    first = result(company.send("requests/", WISH, **{"Idempotency-Key": "k"}), 201)
    AnsweredCall.objects.update(created_at=timezone.now() - AnsweredCall.KEPT + timedelta(minutes=1))
    within = result(company.send("requests/", WISH, **{"Idempotency-Key": "k"}), 201)
    AnsweredCall.objects.update(created_at=timezone.now() - AnsweredCall.KEPT)

    after = result(company.send("requests/", WISH, **{"Idempotency-Key": "k"}), 201)

    assert within["number"] == first["number"] != after["number"]
    assert AnsweredCall.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "a" * 101])
def test_a_key_that_is_none_is_refused(people, key):
    refused = Caller(people.tenant).send("requests/", WISH, **{"Idempotency-Key": key})

    assert refused.status_code == 400
    assert [error["code"] for error in refused.json()["errors"]] == ["key"]
    assert SpaceRequest.objects.count() == 0


def at_once(work, number):
    """work(each) in threads that begin together, each on its own connection; what they return."""
    start, answers = threading.Barrier(number), [None] * number

    def run(each):
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            answers[each] = work(each)
        finally:
            connection.close()

    connection.close()
    threads = [threading.Thread(target=run, args=[each]) for each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_20_equal_calls_at_once_have_one_effect_and_one_answer(scratch):
    people = desk.build()
    wanted = desk.admitted(people)
    body, park = TERMS | {"request": wanted.number}, [Caller(people.manager) for _caller in range(CALLERS)]
    before = Change.objects.count()

    answers = at_once(lambda each: park[each].send("offers/", body, **{"Idempotency-Key": "once"}), CALLERS)

    counted = Counter(answer.status_code for answer in answers)
    assert counted[201] >= 1
    assert counted[201] + counted[409] == CALLERS
    assert {answer.content for answer in answers if answer.status_code == 201} == {
        next(answer.content for answer in answers if answer.status_code == 201)
    }
    assert {kind(answer) for answer in answers if answer.status_code == 409} <= {"running"}
    assert (Offer.objects.count(), Allocation.objects.filter(unit=people.rooms.r401).count()) == (1, 1)
    assert Change.objects.count() == before + 4  # hold, offer, its line, the request


def test_who_asks_while_the_first_still_runs_is_told_or_gets_its_answer(scratch, monkeypatch):
    """PostgreSQL lets him wait for a second; SQLite, with its one writer, until his turn comes."""
    people = desk.build()
    body = TERMS | {"request": desk.admitted(people).number}
    begun, go_on = threading.Event(), threading.Event()
    send = offers.send

    def slow(*args, **facts):
        begun.set()
        go_on.wait(timeout=2)
        return send(*args, **facts)

    monkeypatch.setattr(offers, "send", slow)
    callers = [Caller(people.manager) for _caller in range(2)]

    def work(each):
        if each:
            begun.wait(timeout=30)
        answer = callers[each].send("offers/", body, **{"Idempotency-Key": "once"})
        if each:
            go_on.set()
        return answer

    first, second = at_once(work, 2)

    assert first.status_code == 201
    if connection.vendor == "postgresql":
        assert (second.status_code, kind(second)) == (409, "running")
    else:
        assert (second.status_code, second.content) == (201, first.content)


def test_two_managers_offer_one_unit_in_the_same_second(scratch):
    people = desk.build()
    colleague = make.user(email="colleague@example.test", name="colleague")
    make.assignment(user=colleague, role="park_manager", park=people.park)
    wishes = [desk.admitted(people), desk.admitted(people, "rival")]
    callers = [Caller(people.manager), Caller(colleague)]

    answers = at_once(
        lambda each: callers[each].send(
            "offers/", TERMS | {"request": wishes[each].number, "override": "both fit; first come"}
        ),
        2,
    )

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (201, 409)
    offer, body = Offer.objects.get(), lost.json()
    assert offer.number == won.json()["number"]
    at = timezone.localtime(offer.created_at)
    assert (body["type"], body["status"]) == ("/problems/unit-not-free", 409)
    assert body["detail"] == (
        f"HIT-01-A-401 was held by {offer.created_by} ({at:%Y-%m-%d %H:%M}, request {offer.request.number}). "
        "Choose another unit."
    )
    assert body["conflicts"] == [
        {
            "unit": "HIT-01-A-401",
            "by": offer.number,
            "who": offer.created_by.name,
            "at": at.isoformat(),
            "last_day": "2026-06-14",
        }
    ]
    assert Allocation.objects.filter(unit=people.rooms.r401).count() == 1
