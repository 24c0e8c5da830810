"""Each verb of the API does what the page's button does, and tells the object as it then stands."""

from datetime import date

import pytest

from spaces.models import Allocation, Change
from spaces.month_ledger import rebuilding
from tenants.actions import handovers
from tenants.models import Handover, Lease, LeaseLine, Offer, SpaceRequest
from tests.frontend import desk
from tests.tenants.calls import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
WISH = {
    "use": "office", "area_min": "100.00", "area_max": "160.00", "needed_by": "2026-09-01", "months": 24,
    "park": "HIT-01",
}  # fmt: skip
TERMS = {"starts_on": "2026-06-01", "ends_on": "2028-06-01", "held_until": "2026-06-15", "units": ["HIT-01-A-401"]}


@pytest.fixture
def company(people):
    return Caller(people.tenant)


@pytest.fixture
def park(people):
    return Caller(people.manager)


def result(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_a_request_goes_from_a_draft_to_admitted(people, company, park):
    begun = company.send("requests/", WISH | {"requested_units": ["HIT-01-A-401"]})
    draft = result(begun, 201)
    here = f"requests/{draft['number']}/"
    mended = result(company.seen(here, {"months": 36, "special": "quiet"}, of=here, method="PATCH"))
    sent = result(company.seen(f"{here}submit/", {"declared": True}, of=here))
    received = result(park.seen(f"{here}receive/", of=here))
    reviewed = result(park.seen(f"{here}review/", {"step": "first", "decision": "passed"}, of=here))

    assert begun["Location"] == f"/api/v1/{here}"
    assert begun["ETag"] == f'"request-{draft["number"]}-{draft["version"]}"'
    assert (draft["state"], draft["requested_units"], draft["area_min"]) == ("draft", ["HIT-01-A-401"], "100.00")
    assert (mended["months"], mended["special"], mended["version"]) == (36, "quiet", draft["version"] + 1)
    assert (sent["state"], sent["queue_place"], sent["due_on"]) == ("submitted", 1, "2026-06-04")
    assert (received["state"], received["step"], received["officer"]) == ("in_review", "first", "manager")
    assert (reviewed["state"], reviewed["allowed"]) == ("admitted", ["lapsed", "offered", "rejected", "withdrawn"])
    assert [(row["step"], row["decision"], row["by"]) for row in reviewed["reviews"]] == [
        ("first", "passed", "manager")
    ]


def test_a_return_is_answered_and_words_go_both_ways(people, company, park):
    here = f"requests/{desk.in_review(people).number}/"
    words = {"step": "first", "decision": "returned", "comment": "Which loading?", "form_steps": ["conditions"]}

    returned = result(park.seen(f"{here}review/", words, of=here))
    asked = result(park.send(f"{here}say/", {"text": "Please call."}), 201)
    answered = result(company.send(f"{here}say/", {"text": "We did."}), 201)
    noted = result(park.seen(f"{here}note/", {"text": "called on Monday"}, of=here))

    assert returned["state"] == "returned"
    assert (asked["by"], answered["by"]) == ("manager", "tenant")
    assert noted["internal_note"] == "called on Monday"
    seen = result(company.get(here))
    assert [row["text"] for row in seen["messages"]] == ["Please call.", "We did."]
    assert seen["internal_note"] is None
    assert seen["reviews"][0]["form_steps"] == ["conditions"]


def test_a_request_is_withdrawn_by_its_company_and_closed_by_its_park(people, company, park):
    mine, late = desk.submitted(people), desk.admitted(people, "rival")

    gone = result(company.seen(f"requests/{mine.number}/withdraw/", {"why": "moved"}, of=f"requests/{mine.number}/"))
    lapsed = result(park.seen(f"requests/{late.number}/close/", {"why": "no answer"}, of=f"requests/{late.number}/"))

    assert (gone["state"], lapsed["state"]) == ("withdrawn", "lapsed")


def test_matches_are_those_of_the_page(people, park):
    wanted = desk.admitted(people)

    found = result(park.get(f"requests/{wanted.number}/matches/"))

    assert found["as_of"] == "2026-06-01"
    best = found["candidates"][0]
    assert best["misses"] == []
    assert best["score"] == sum(best["parts"].values())
    assert best["last_day"] == "2028-05-31"
    codes = {unit for row in found["candidates"] for unit in row["units"]}
    assert {"HIT-01-A-401", "HIT-01-A-405"} <= codes
    assert {row["unit"]: row["rule"] for row in found["rejected"]}["HIT-01-A-403"] == "lettable"
    alone = result(park.get(f"requests/{wanted.number}/matches/", include_adjacent="false"))
    assert {len(row["units"]) for row in alone["candidates"]} == {1}


def test_an_offer_holds_its_units_and_is_accepted(people, company, park):
    wanted = desk.admitted(people)

    sent = park.send("offers/", TERMS | {"request": wanted.number, "rent_rate": "1.20"})
    offer = result(sent, 201)
    here = f"offers/{offer['number']}/"
    visit = result(company.seen(f"{here}visit/", of=here))
    accepted = result(company.seen(f"{here}accept/", of=here))

    assert (sent["Location"], sent["ETag"]) == (f"/api/v1/{here}", f'"offer-{offer["number"]}-1"')
    assert (offer["units"], offer["state"], offer["lapsed"], offer["rent_rate"]) == (
        ["HIT-01-A-401"], "sent", False, "1.20",
    )  # fmt: skip
    assert Allocation.objects.get(unit__code="HIT-01-A-401").held_until == date(2026, 6, 15)
    assert visit["visit_asked_at"] is not None
    assert (accepted["state"], accepted["lease"]) == ("accepted", Lease.objects.get().number)


def test_an_offer_is_declined_or_taken_back(people, company, park):
    mine, theirs = desk.offered(people), desk.offered(people, "r405", "rival")

    declined = result(company.seen(f"offers/{mine.number}/decline/", {"reason": "dark"}, of=f"offers/{mine.number}/"))
    taken = result(
        park.seen(f"offers/{theirs.number}/withdraw/", {"why": "burst pipe"}, of=f"offers/{theirs.number}/")
    )

    assert (declined["state"], declined["decline_reason"]) == ("declined", "dark")
    assert taken["state"] == "withdrawn"
    assert {row.state for row in SpaceRequest.objects.all()} == {"admitted"}


def test_a_lease_is_signed_or_dropped(people, company, park):
    mine, theirs = desk.drafted(people), desk.drafted(people, "r405", "rival")

    signed = result(park.seen(f"leases/{mine.number}/sign/", {"signed_on": "2026-06-01"}, of=f"leases/{mine.number}/"))
    gone = result(park.seen(f"leases/{theirs.number}/discard/", {"why": "no deposit"}, of=f"leases/{theirs.number}/"))

    assert (signed["state"], signed["status"], signed["handovers"]) == (
        "signed", "active", [Handover.objects.get().number],
    )  # fmt: skip
    assert (gone["state"], gone["end_reason"]) == ("ended", "not_signed")
    assert [line["unit"] for line in gone["lines"]] == ["HIT-01-A-405"]


def test_both_sides_tick_sign_and_the_park_confirms(people, company, park):
    number = desk.signed(people).handovers.get().number
    here = f"handovers/{number}/"
    items = result(park.get(here))["items"]

    for item in items:
        side = park if item["owner"] == "park" else company
        body = {"note": "ok"} | ({"reading": "10.50"} if item["proof"] == "reading" else {})
        result(side.seen(f"{here}items/{item['place']}/", body, of=here, method="PATCH"))
    result(company.seen(f"{here}sign/", of=here))
    both = result(park.seen(f"{here}sign/", of=here))
    closed = result(park.seen(f"{here}confirm/", {"moved_on": "2026-06-01"}, of=here))

    assert both["park_signed_at"]
    assert both["company_signed_at"]
    assert closed["moved_on"] == "2026-06-01"
    assert {item["done_at"] is None for item in closed["items"]} == {False}
    assert Allocation.objects.get(unit__code="HIT-01-A-401").moved_in_on == desk.DAY


def test_an_item_is_added_and_a_tick_is_taken_back(people, park):
    handover = desk.signed(people).handovers.get()
    here = f"handovers/{handover.number}/"
    mine = handover.items.filter(owner="park", proof="tick").order_by("place").first()

    result(park.seen(f"{here}items/{mine.place}/", {}, of=here, method="PATCH"))
    open_again = result(park.seen(f"{here}items/{mine.place}/", {"done": False}, of=here, method="PATCH"))
    more = result(park.seen(f"{here}items/", {"name": "Badge", "owner": "park", "why": "new gate"}, of=here), 201)

    assert next(row for row in open_again["items"] if row["place"] == mine.place)["done_at"] is None
    assert more["items"][-1]["name"] == "Badge"


def test_a_lease_is_renewed_relocated_and_left(people, company, park, monkeypatch):
    lease = desk.moved_in(people)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2026, 6, 10))
    here = f"leases/{lease.number}/"

    asked = result(company.seen(f"{here}ask/", {"intent": "renew", "note": "two years"}, of=here))
    moved = result(
        park.seen(f"{here}relocate/", {"unit": "HIT-01-A-401", "to": "HIT-01-A-405", "why": "more light"}, of=here)
    )
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2026, 6, 20))
    renewed = result(park.seen(f"{here}renew/", {"ends_on": "2030-06-01", "signed_on": "2026-06-20"}, of=here), 201)
    there = f"leases/{renewed['number']}/"
    left = result(park.seen(f"{there}notice/", {"ends_on": "2029-01-01", "why": "grows elsewhere"}, of=there))

    assert (asked["intent"], asked["intent_note"]) == ("renew", "two years")
    assert (moved["units"], moved["area"]) == (["HIT-01-A-401", "HIT-01-A-405"], "118.00")
    assert (renewed["renews"], renewed["units"], renewed["ends_on"]) == (lease.number, ["HIT-01-A-405"], "2030-06-01")
    assert (left["notice_on"], left["last_day"]) == ("2026-06-20", "2028-12-31")


def test_a_company_is_verified_incubated_extended_and_graduates(people, park):
    desk.submitted(people)
    code = people.tenant_company.number
    here = f"companies/{code}/"

    verified = result(park.seen(f"{here}verify/", of=here))
    entered = {"company": code, "park": "HIT-01", "entered_on": "2024-06-01", "rule": "N18-12"}
    clock = result(park.send("incubations/", entered), 201)
    there = f"incubations/{clock['id']}/"
    asked = result(park.seen(f"{there}extensions/", {"months": 6, "why": "trial runs"}, of=there), 201)
    officer = Caller(people.officer)
    longer = result(officer.seen(f"{there}extensions/{asked['extensions'][0]['id']}/approve/", of=there))
    graduated = result(
        park.seen(f"{there}graduate/", {"graduated_on": "2026-06-01", "criterion": "revenue"}, of=there)
    )
    left = result(park.seen(f"{there}exit/", {"exited_on": "2026-06-01", "exit_reason": "graduated"}, of=there))

    assert verified["verified_at"] is not None
    assert (clock["limit_months"], clock["limit_on"], clock["months"]) == (48, "2028-06-01", 24)
    assert (longer["limit_months"], longer["limit_on"]) == (54, "2028-12-01")
    assert (graduated["criterion"], left["exit_reason"]) == ("revenue", "graduated")


def test_leases_are_found_by_their_last_day_with_or_without_the_overdue(people, park):
    lease, other = desk.moved_in(people), desk.moved_in(people, "r405", "rival")
    line = LeaseLine.objects.get(lease=other)
    Lease.objects.filter(pk=other.pk).update(starts_on=date(2025, 1, 1), ends_on=date(2026, 5, 1))
    Allocation.objects.filter(pk=line.allocation_id).update(
        starts_on=date(2025, 1, 1), moved_in_on=date(2025, 1, 1), ends_on=date(2026, 5, 1)
    )

    def numbers(**query):
        return [row["number"] for row in result(park.get("leases/", **query))["results"]]

    assert numbers(last_day__lte="2028-05-30") == []
    assert numbers(last_day__lte="2028-05-31") == [lease.number]
    assert numbers(last_day__lte="2028-05-31", include_overdue="true") == [other.number, lease.number]
    assert numbers(status="holdover") == [other.number]
    assert numbers(park="HIT-01", q="401") == [lease.number]
    overdue = result(park.get(f"leases/{other.number}/"))
    assert (overdue["status"], overdue["days_left"]) == ("holdover", -32)  # its last day was 30 April


def test_lists_take_the_filters_of_the_pages(people, park):
    mine, theirs = desk.offered(people), desk.submitted(people, "rival", use="lab")

    def numbers(path, **query):
        return [row["number"] for row in result(park.get(path, **query))["results"]]

    assert numbers("requests/", tab="offered") == [mine.request.number]
    assert numbers("requests/", state="submitted") == [theirs.number]
    assert numbers("requests/", q="示例rival") == [theirs.number]
    assert numbers("offers/", open="true") == [mine.number]
    assert numbers("offers/", open="true", as_of="2026-06-15") == []
    assert numbers("companies/", stage="unverified", ordering="-number") == [
        people.rival_company.number, people.tenant_company.number,
    ]  # fmt: skip
    csv = b"".join(park.get("requests/", format="csv", fields="number,company_name").streaming_content).decode()
    assert csv.splitlines()[1:] == [f"{mine.request.number},示例tenant", f"{theirs.number},示例rival"]


def test_each_reads_his_own_notices(people, company, park):
    offer = desk.offered(people)

    rows = result(company.get("notices/"))["results"]

    assert rows[0]["event"] == "offer_sent"
    assert offer.number in rows[0]["subject"]
    assert {row["event"] for row in result(park.get("notices/"))["results"]} == {"request_submitted"}
    assert result(company.get("notices/", unread="false"))["results"] == []


@pytest.mark.parametrize("who", ["official", "auditor"])
def test_personal_words_are_masked_for_those_who_only_check(people, who):
    wanted = desk.submitted(people, contact_phone="13912345678", contact_email="wei@example.test", contact_name="魏明")
    people.tenant_company.contact_phone = "13912345678"
    people.tenant_company.save()
    SpaceRequest.objects.filter(pk=wanted.pk).update(internal_note="watch the deposit")
    reader = Caller(getattr(people, who))

    row = result(reader.get(f"requests/{wanted.number}/"))
    company = result(reader.get(f"companies/{people.tenant_company.number}/"))

    assert (row["contact_name"], row["contact_phone"], row["contact_email"]) == (
        "魏***", "139****5678", "w***@example.test",
    )  # fmt: skip
    assert company["contact_phone"] == "139****5678"
    assert row["messages"] is None
    assert row["internal_note"] == ("watch the deposit" if who == "auditor" else None)
    whole = result(Caller(people.manager).get(f"requests/{wanted.number}/"))
    assert (whole["contact_phone"], whole["internal_note"]) == ("13912345678", "watch the deposit")


def test_a_company_never_reads_why_a_rule_was_passed_over_for_it(people, company, park):
    offer = desk.offered(people)
    Offer.objects.filter(pk=offer.pk).update(override="the only one who pays", overridden=["area"])

    seen, of_park = result(company.get(f"offers/{offer.number}/")), result(park.get(f"offers/{offer.number}/"))

    assert (seen["override"], seen["overridden"]) == (None, None)
    assert (of_park["override"], of_park["overridden"]) == ("the only one who pays", ["area"])


def test_a_lapsed_draft_still_tells_its_lines(people, park):
    lease = desk.drafted(people)
    Allocation.objects.filter(pk=lease.lines.get().allocation_id).delete()

    seen = result(park.get(f"leases/{lease.number}/"))

    assert [(line["unit"], line["moved_in_on"]) for line in seen["lines"]] == [("HIT-01-A-401", None)]


def test_what_is_missing_is_named_by_pointer(people, company):
    draft = result(company.send("requests/", {"use": "office"}), 201)
    here = f"requests/{draft['number']}/"

    refused = company.seen(f"{here}submit/", {"declared": True}, of=here)

    body = result(refused, 400)
    assert {(error["pointer"], error["code"]) for error in body["errors"]} >= {
        ("/park", "missing"), ("/area_min", "missing"), ("/months", "missing"),
    }  # fmt: skip


@pytest.mark.both_databases
def test_a_call_that_moves_reported_figures_lists_them_and_is_done_when_they_are_confirmed(people, park):
    lease = desk.signed(people)
    handover = desk.ticked(people, lease.handovers.get())
    handovers.sign(handover, "park", by=people.manager)
    handovers.sign(handover, "company", by=people.tenant)
    for rows in (Allocation.objects.filter(unit=people.rooms.r401), Lease.objects.filter(pk=lease.pk)):
        rows.update(starts_on=date(2026, 5, 1), signed_on=date(2026, 5, 1))
    rebuilding.settle()
    here = f"handovers/{handover.number}/"
    sent = {"moved_on": "2026-05-20"}

    refused = result(park.seen(f"{here}confirm/", sent, of=here), 400)

    assert [error["code"] for error in refused["errors"]] == ["confirm"]
    assert {(row["day"], row["park"], row["figure"], row["difference"]) for row in refused["moves"]} == {
        ("2026-05-31", "HIT-01", "committed", "-120.00"), ("2026-05-31", "HIT-01", "occupied", "120.00"),
    }  # fmt: skip
    bare = result(park.seen(f"{here}confirm/", sent | {"confirm": refused["confirm"]}, of=here), 400)
    assert [error["pointer"] for error in bare["errors"]] == ["/confirm_why"]
    other = {"moved_on": "2026-05-19", "confirm": refused["confirm"], "confirm_why": "late"}
    assert result(park.seen(f"{here}confirm/", other, of=here), 400)["moves"] == refused["moves"]

    done = result(park.seen(f"{here}confirm/", other | sent, of=here))

    assert done["moved_on"] == "2026-05-20"
    assert Change.objects.get(verb="move_in").why == "late"
