"""The forecast: equal to the ledger where nothing is open, its open areas against a count by hand, and the rates."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from spaces import ledger
from spaces.ledger.ending import Ending, ending
from spaces.models import Park, Unit, UnitPeriod
from spaces.states import Purpose, UnitState
from spaces.values import clock
from spaces.values.days import MONTHS, day_after, month_ends_ahead
from tenants.leasing import forecast, forecast_score
from tenants.models import ForecastRecord, LeaseLine
from tenants.states import Scenario
from tenants.worker import kept_forecasts
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = date(2026, 6, 15)
MONTH_ENDS = month_ends_ahead(TODAY, MONTHS)
NOW = [TODAY, day_after(TODAY), *MONTH_ENDS]


def everything():
    return ledger.ParkUnits(Park.objects.all())


def moved(days):
    return TODAY + timedelta(days=days)


def tenancy(unit, starts_on, ends_on, **milestones):
    return make.allocation(unit=unit, starts_on=starts_on, ends_on=ends_on, **{"signed_on": starts_on} | milestones)


def by_hand(unit, day):
    """Whether a unit is vacant on a coming day because a tenancy ended after today, from its rows one by one."""
    state = ledger.state_of(unit, on=day, today=TODAY)
    rows = [row for row in unit.allocations.all() if row.signed_on or row.purpose == Purpose.OFFLINE
            or (row.held_until > row.starts_on and row.held_until > TODAY)]  # fmt: skip
    begun = [row for row in rows if row.starts_on <= day]
    if state != UnitState.VACANT or day <= TODAY or not begun:
        return False
    last = max(begun, key=lambda row: row.starts_on)
    return last.signed_on is not None and (last.ends_on > TODAY or last.overstays(TODAY))


def random_life(dice, floor):
    unit = make.unit(floor=floor, usable_area=dice.choice([None, *[Decimal(dice.randint(1, 9999)).scaleb(-2)] * 5]),
                     use=dice.choice(["office", "lab", "ancillary", "office"]), opens_on=date(2020, 1, 1))  # fmt: skip
    finished = floor.building.ready_on and floor.building.ready_on <= TODAY
    start = TODAY - timedelta(days=dice.randint(0, 900))
    for _number in range(dice.randint(0, 4)):
        start += timedelta(days=dice.choice([0, 0, 20, 150]))
        end = start + timedelta(days=dice.randint(20, 500))
        kind = dice.choice(["signed", "signed", "moved in", "moved in", "held", "offline"])
        if kind == "offline":
            make.allocation(unit=unit, purpose="offline", starts_on=start, ends_on=end)
        elif kind == "held":
            until = start + timedelta(days=dice.randint(-30, 15))
            make.allocation(unit=unit, starts_on=start, ends_on=end, held_until=until)
        else:
            in_on = {"moved_in_on": start} if kind == "moved in" and start <= TODAY and finished else {}
            if in_on and end <= TODAY and dice.random() < 0.7:
                in_on["handed_back_on"] = end
            tenancy(unit, start, end, **in_on)
        start = end
    if dice.random() < 0.2:
        Unit.objects.filter(pk=unit.pk).update(closes_on=max(start, moved(1)) + timedelta(days=dice.randint(0, 300)))
    if dice.random() < 0.3:
        change = moved(dice.randint(10, 600))
        UnitPeriod.objects.filter(unit=unit).update(ends_on=change)
        UnitPeriod.objects.create(unit=unit, starts_on=change, use=dice.choice(["office", "public_service"]),
                                  usable_area=dice.choice([None, Decimal("77.70")]))  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_open_is_what_a_count_by_hand_finds(seed):
    dice = Random(seed)
    park = make.park(opened_on=dice.choice([None, moved(200)]))
    ready = [date(2020, 1, 1), moved(100), None]
    floors = [make.floor(building=make.building(park=park, ready_on=day)) for day in ready]
    for _number in range(25):
        random_life(dice, dice.choice([*[floors[0]] * 4, *floors]))
    units = list(Unit.objects.select_related("floor__building__park").prefetch_related("allocations", "periods"))

    found = ending(everything(), NOW, today=TODAY)

    for day, parks in zip(NOW, found, strict=True):
        vacant = [unit for unit in units if by_hand(unit, day)]
        area = sum((unit.facts_of(day).usable_area for unit in vacant), Decimal(0))
        assert parks.get(park.pk, Ending(Decimal(0), 0)) == Ending(area, len(vacant)), day


def ended(company, park, floor, *, stays, unlinked=False, area="100.00", on=date(2026, 1, 1), **lease):
    """A lease of one unit that ran out; its tenant stays by a renewal, or by another lease of the same unit."""
    unit = make.unit(floor=floor, usable_area=Decimal(area))
    since = date(2024, 1, 1)
    taken = tenancy(unit, since, on, moved_in_on=since, handed_back_on=on)
    reason = "renewed" if stays and not unlinked else "expired"
    facts = {
        "state": "ended",
        "starts_on": since,
        "ends_on": on,
        "ended_on": on,
        "end_reason": reason,
        "signed_on": since,
    }
    old = make.lease(company=company, park=park, **facts | lease)
    LeaseLine.objects.create(lease=old, unit=unit, allocation=taken)
    if stays:
        until = date(2029, 1, 1)
        new = make.lease(company=company, park=park, state="signed", starts_on=on, ends_on=until, signed_on=on,
                         renews=None if unlinked else old)  # fmt: skip
        LeaseLine.objects.create(lease=new, unit=unit, allocation=tenancy(unit, on, until, moved_in_on=on))
    return old


def ending_soon(floor, area="100.00", on=date(2026, 9, 1)):
    return tenancy(make.unit(floor=floor, usable_area=Decimal(area)), date(2025, 1, 1), on)


def test_the_observed_rate_finds_the_rate_of_a_made_history(park, floor):
    company = make.company()
    for number in range(20):
        ended(company, park, floor, stays=number < 15, unlinked=number % 2 == 0)
    ended(make.company(), park, floor, stays=False, end_reason="early")  # no end at which it could be renewed
    ended(make.company(), park, floor, stays=False, on=date(2024, 3, 1))  # before the 24 months
    ending_soon(floor)
    ending_soon(floor, "50.02")

    found = forecast.of(everything(), MONTH_ENDS, today=TODAY)

    (used,) = found.rates
    assert (used.rate.rate, used.rate.n, used.rate.stayed_n, used.rate.park) == (Decimal("0.7500"), 20, 15, park.pk)
    assert (used.ending, used.units, used.renewed) == (Decimal("150.02"), 2, Decimal("112.52"))
    august, september = found.days[2:4]
    assert august.renewed == august.ending == 0
    assert september.ending == Decimal("150.02")
    assert [september.vacant(scenario) for scenario in Scenario] == [
        Decimal("850.02"),
        Decimal("700.00"),
        Decimal("737.50"),
    ]
    for day in found.days:
        for scenario in Scenario:
            assert day.let(scenario) + day.vacant(scenario) == day.balance.lettable
            assert day.let(Scenario.NONE) <= day.let(scenario) <= day.let(Scenario.ALL)


def test_a_park_of_few_takes_the_rate_of_its_kind_and_a_kind_of_few_that_of_all(park, floor):
    """A total is the sum of its parks in each scenario, and each park answers alone as it does in the total."""
    other = make.park()
    factory = make.park(kind="industrial_park")
    for place, stays, of in ((park, 3, 9), (other, 9, 12)):
        for number in range(of):
            where = floor if place is park else make.floor(building=make.building(park=place))
            ended(make.company(), place, where, stays=number < stays)
    for place in (park, other, factory):
        ending_soon(make.floor(building=make.building(park=place)), "33.33")

    whole = forecast.of(everything(), MONTH_ENDS, today=TODAY)
    alone = [forecast.of(ledger.ParkUnits(Park.objects.filter(pk=each.pk)), MONTH_ENDS, today=TODAY)
             for each in (park, other, factory)]  # fmt: skip

    assert {(used.rate.kind, used.rate.park, used.rate.n) for used in whole.rates} == {
        ("incubator", None, 21), (None, None, 21),
    }  # fmt: skip
    assert [one.days[-1].renewed for one in alone] == [Decimal("19.04")] * 3  # 33.33 x 0.5714, 12 of 21
    for index, day in enumerate(whole.days):
        assert day.renewed == sum(one.days[index].renewed for one in alone)
        assert day.ending == sum(one.days[index].ending for one in alone)


def test_without_history_there_is_no_rate_and_without_ends_nothing_open(park, floor):
    tenancy(make.unit(floor=floor), date(2025, 1, 1), date(2040, 1, 1))
    make.unit(floor=floor)

    quiet = forecast.of(everything(), NOW, today=TODAY)

    assert quiet.rates == []
    for day in quiet.days:
        assert day.balance == ledger.balance(everything(), on=day.day, today=TODAY)
        assert (day.ending, day.renewed) == (0, 0)
        assert {day.rate(scenario) for scenario in Scenario} == {day.balance.rate_committed}

    ending_soon(floor)
    (unsure,) = forecast.of(everything(), MONTH_ENDS[-1:], today=TODAY).days

    assert (unsure.ending, unsure.renewed) == (Decimal("100.00"), None)
    assert (unsure.vacant(Scenario.OBSERVED), unsure.rate(Scenario.OBSERVED)) == (None, None)


def test_the_score_shows_how_far_a_kept_forecast_was_off(park, floor):
    """Two of three tenants end in August; one renews, when the forecast had said that none, both or 0.6 of them do."""
    company = make.company()
    for number in range(20):
        ended(company, park, floor, stays=number < 12)
    rooms = [ending_soon(floor, on=date(2026, 8, 15)) for _number in range(2)]
    made = date(2026, 6, 1)

    assert kept_forecasts.keep(made) == 24
    assert kept_forecasts.keep(date(2026, 6, 30)) == 0  # once in a month

    tenancy(rooms[0].unit, date(2026, 8, 15), date(2029, 1, 1))
    found = forecast_score.score(everything(), today=date(2026, 10, 5))

    # 22 rooms of 100 m2: 12 stayed, and 14 are let until August.
    assert found.first == made
    assert [(row.day, row.lead, row.came) for row in found.rows] == [
        (date(2026, 8, 31), 3, Decimal("0.5909")), (date(2026, 6, 30), 1, Decimal("0.6364")),
    ]  # fmt: skip
    assert found.rows[0].foretold == {
        Scenario.NONE: Decimal("0.5455"), Scenario.ALL: Decimal("0.6364"), Scenario.OBSERVED: Decimal("0.6000"),
    }  # fmt: skip
    assert found.rows[0].errors == {
        Scenario.NONE: Decimal("-4.54"), Scenario.ALL: Decimal("4.55"), Scenario.OBSERVED: Decimal("0.91"),
    }  # fmt: skip
    assert [(each.lead, each.n, each.errors[Scenario.NONE]) for each in found.leads] == [
        (1, 1, Decimal("0.00")), (3, 1, Decimal("4.54")),
    ]  # fmt: skip
    assert forecast_score.score(everything(), today=date(2026, 5, 31)).first is None
    assert (
        forecast_score.score(ledger.ParkUnits(Park.objects.exclude(pk=park.pk)), today=date(2026, 10, 5)).first is None
    )


def test_a_kept_forecast_can_not_be_altered(park, floor):
    make.unit(floor=floor)
    kept_forecasts.keep(TODAY)

    for write in (lambda rows: rows.update(let=1), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="tenants_forecast_append_only"), transaction.atomic():
            write(ForecastRecord.objects.all())
    assert ForecastRecord.objects.count() == 24


def test_the_api_gives_the_figures_of_the_forecast_as_text(client, park, floor, manager, neighbour, official):
    for number in range(20):
        ended(make.company(), park, floor, stays=number < 12)
    ending_soon(floor, on=day_after(clock.today()))

    def asked(user, **query):
        client.force_login(user)
        return client.get(reverse("api-forecast"), query)

    answer = asked(manager, node=park.code, months="2").json()

    assert [row["ending"] for row in answer["results"]] == ["100.00"] * 2
    first = answer["results"][0]
    assert first["vacant"] == {"none": "900.00", "all": "800.00", "observed": "840.00"}
    assert first["rate_committed"]["observed"] == "0.6000"
    assert answer["rates"] == [
        {
            "park": park.code,
            "kind": None,
            "rate": "0.6000",
            "n": 20,
            "stayed": 12,
            "ending": "100.00",
            "renewed": "60.00",
        }
    ]
    assert asked(official).json()["results"][23]["vacant"] == first["vacant"]
    assert [asked(neighbour, node=park.code).status_code, asked(neighbour).status_code] == [403, 200]
    assert asked(make.user()).status_code == 403
    assert asked(official, node=f"{park.code}-A").status_code == 400
    client.logout()
    assert client.get(reverse("api-forecast")).status_code in {401, 403}
