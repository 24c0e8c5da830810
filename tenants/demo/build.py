"""Build the demo province through the actions, in the order of events."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from spaces.actions import allocations, places, units
from spaces.models import Building, Ecosystem, Floor, Park, Unit, User
from spaces.states import LETTABLE_USES
from spaces.values import clock
from spaces.values.days import add_months
from tenants.actions import notices, reminders
from tenants.demo import (
    accounts,
    asking,
    dated_acts,
    events,
    figures,
    floorplans,
    history,
    incubators,
    pipeline,
    renting,
    staying,
    stories,
)
from tenants.demo.facts import BEGIN, ECOSYSTEMS
from tenants.demo.incubators import Incubator
from tenants.demo.pipeline import LaterPhase
from tenants.demo.sample_units import SampleUnit, to_unit
from tenants.demo.world import World
from tenants.models import Notice

READ_DAYS = 7
SAMPLE = (
    "示例数据: 名称、面积与日期均为虚构, 各载体之和等于公布数 / sample: invented; only the sums are the published ones"
)


def fill(today: date, say: Callable[[str], object]) -> None:
    """Write the whole province into an empty database; the caller holds the transaction."""
    with stories.acts_of(stories.morning(today - timedelta(days=events.TAKEN_OVER))):
        users, parks, by_code = _take_over(today, say)
    manager = users["manager@demo.test"]
    with stories.acts_of(stories.morning(today - timedelta(days=events.MEASURED))):
        dated_acts.measured(by_code, manager)
        say(_("Floor plans of the sample park …"))
        floorplans.draw(by_code, manager, today)
    say(_("Holds, signatures and works of these weeks …"))
    dated_acts.current(by_code, today, manager)
    dated_acts.promised(by_code, today, manager)
    say(_("Companies, requests and leases …"))
    tenants = renting.settle(today)
    _analyze()
    _rent(World(today, users, parks, by_code, tenants))


def _take_over(today: date, say: Callable[[str], object]) -> tuple[dict[str, User], dict[str, Park], dict[str, Unit]]:
    """Write what was taken over from earlier lists, before the first story: users, parks and units by code."""
    plan, later_phases = incubators.plan(), pipeline.later_phases(today)
    say(_("Ecosystems, incubators and industrial parks …"))
    ecosystems = _ecosystems()
    parks = _parks(plan, ecosystems)
    users = accounts.build(ecosystems, parks)
    manager = users["manager@demo.test"]
    say(_("Buildings, floors and units …"))
    by_code = _units(plan, later_phases, parks)
    _analyze()
    dated_acts.reconfigure(by_code, None)
    say(_("Tenancies since 2021 …"))
    dated_acts.past(by_code, manager)
    rows = [
        row
        for unit in by_code.values()
        if _has_invented_tenancies(unit)
        for row in history.allocations(unit, _since(unit), today)
    ]
    allocations.place_many([*rows, *dated_acts.scripted(by_code, today)], by=None, on=today)
    dated_acts.star_valley(by_code, today, None)
    say(_("Published figures and monthly reports …"))
    places.add_many([*figures.published(ecosystems, parks), figures.declared(parks)], by=None)
    places.add_many(list(figures.indicators(ecosystems, today)), by=None)
    _analyze()
    return users, parks, by_code


def _analyze() -> None:
    """Update the statistics of PostgreSQL: plans cached for empty tables would be used further."""
    if connection.vendor == "postgresql":
        ours = [
            model._meta.db_table for app in ("spaces", "tenants") for model in apps.get_app_config(app).get_models()
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(ours)}")


def _rent(world: World) -> None:
    """Write the stories and the reminders of the day. Nothing is mailed; notices older than a week are read."""
    with notices.as_mailed():
        stories.run([*asking.stories(world), *staying.stories(world)], world.today)
        reminders.send(on=world.today)
    notices.mark_read(Notice.objects.filter(created_at__lt=clock.now() - timedelta(days=READ_DAYS)))


def _ecosystems() -> dict[str, Ecosystem]:
    made = {}
    for code, (name, name_en, anchor, anchor_en, (city, city_en), note, inferred) in ECOSYSTEMS.items():
        made[code] = Ecosystem(
            code=code,
            name=name,
            name_en=name_en,
            anchor=anchor,
            anchor_en=anchor_en,
            city=city,
            city_en=city_en,
            source_note=note,
            inferred=inferred,
        )
        places.add(made[code], by=None)
    return made


def _parks(plan: list[Incubator], ecosystems: dict[str, Ecosystem]) -> dict[str, Park]:
    made = {park.code: park for park in pipeline.industrial_parks()}
    for number, incubator in enumerate(plan, 1):
        ecosystem = ecosystems[incubator.ecosystem]
        facts = {
            "kind": incubator.kind,
            "ecosystem": ecosystem,
            "operator": f"{incubator.name}运营方 (示例)",
            "controllable_area": sum((room.area for room in incubator.rooms if room.area), Decimal(0)),
        }
        made[incubator.code] = Park(
            code=incubator.code,
            name=incubator.name,
            name_en=incubator.name_en,
            city=ecosystem.city,
            city_en=ecosystem.city_en,
            address=f"{ecosystem.city}市示例路{number}号",
            opened_on=incubator.opened,
            review_steps=["first"] if incubator.code == "HIT-01" else ["first", "expert", "final"],
            contact=f"{incubator.code.lower()}@demo.test",
            source_note=SAMPLE,
            sample=True,
            **facts,
        )
    places.add_many(list(made.values()), by=None)
    return made


def _units(plan: list[Incubator], later_phases: list[LaterPhase], parks: dict[str, Park]) -> dict[str, Unit]:
    """Every building, floor and unit; code -> unit, the units written at once."""
    made: list[Unit] = []
    for incubator in plan:
        for code in sorted({room.building for room in incubator.rooms}):
            rooms = [room for room in incubator.rooms if room.building == code]
            gaps = {level: gap for (building, level), gap in incubator.gaps.items() if building == code}
            usable = sum((room.area for room in rooms if room.area), sum(gaps.values(), Decimal(0)))
            building = _existing_building(parks[incubator.code], code, usable)
            made += _rooms(building, rooms, gaps, incubator.opened, incubator.register_from)
    for phase in later_phases:
        building = pipeline.to_building(phase, parks[phase.park])
        places.add(building, by=None)
        measured_on = phase.milestones["planned_on"]
        made += _rooms(building, phase.rooms, {}, measured_on, measured_on)
    by_code = {unit.code: unit for unit in made}
    dated_acts.misread(by_code)
    units.add_many(made, by=None)
    return by_code


def _existing_building(park: Park, code: str, usable: Decimal) -> Building:
    """A building that was ready when its park opened."""
    opened = park.opened_on or BEGIN
    building = Building(
        park=park,
        code=code,
        name=f"{code}座",
        name_en=f"Building {code}",
        gross_area=(usable / Decimal("0.72")).quantize(Decimal("0.01")),
        planned_on=add_months(opened, -34),
        construction_on=add_months(opened, -26),
        fitout_on=add_months(opened, -7),
        ready_on=opened,
    )
    places.add(building, by=None)
    return building


def _rooms(
    building: Building, rooms: Iterable[SampleUnit], gaps: dict[int, Decimal], opened: date, since: date
) -> list[Unit]:
    """The floors with their registered areas, and their units (not written yet)."""
    levels: defaultdict[int, list[SampleUnit]] = defaultdict(list)
    for room in rooms:
        levels[room.level].append(room)
    floors = []
    for level, row in sorted(levels.items()):
        area = sum((room.area for room in row if room.area), gaps.get(level, Decimal(0)))
        floors.append(Floor(building=building, level=level, label=f"{level}层", usable_area=area))
    if floors:
        places.add_many(floors, by=None)
    return [to_unit(room, floor, opened, since) for floor in floors for room in levels[floor.level]]


def _has_invented_tenancies(unit: Unit) -> bool:
    """Whether tenancies are invented for a unit: one that is let, in a building that is ready or has a past."""
    building = unit.floor.building
    return unit.use in LETTABLE_USES and building.ready_on is not None and building.park.code != "STP"


def _since(unit: Unit) -> date:
    ready_on = unit.floor.building.ready_on
    return max(unit.opens_on, ready_on) if ready_on else unit.opens_on
