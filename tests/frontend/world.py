"""A small province in which every state of a unit occurs, for the tests of pages."""

from datetime import date
from decimal import Decimal

from tests import make
from tests.kept import kept

DAY = date(2026, 6, 1)


def stop_clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: DAY)


@kept
def build():
    """Two ecosystems, three incubators, one industrial park with an unbuilt building; DAY has every state."""
    hit = make.ecosystem(code="hit", name="哈工大生态圈", name_en="HIT ecosystem", inferred=True)
    heu = make.ecosystem(code="heu", name="哈工程生态圈", name_en="HEU ecosystem", city="大庆")
    one = make.park(
        code="HIT-01", name="示例创新园", name_en="Sample Park", ecosystem=hit, kind="science_park", sample=True
    )
    two = make.park(code="HIT-02", name="示例孵化器", ecosystem=hit)
    make.park(code="HEU-01", name="空园", ecosystem=heu)
    space = make.park(
        code="STP", name="航天科技园", ecosystem=None, kind="industrial_park", planned_area=Decimal(100000)
    )
    first = make.floor(building=make.building(park=one, code="A", name="A座"), label="1层", usable_area=Decimal(2000))
    second = make.floor(building=make.building(park=two, code="B", name="B座"))
    rows = {
        "vacant": {},
        "reserved": {"held_until": date(2026, 7, 1), "ends_on": date(2027, 1, 1)},
        "committed": {"ends_on": date(2027, 1, 1)},
        "occupied": {"moved_in_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)},
        "holdover": {"moved_in_on": date(2026, 1, 1), "ends_on": date(2026, 5, 1)},
        "offline": {"purpose": "offline", "signed_on": None},
    }
    for number, (state, row) in enumerate(rows.items(), 1):
        for floor, code in ((first, "HIT-01-A"), (second, "HIT-02-B")):
            unit = make.unit(floor=floor, code=f"{code}-10{number}", usable_area=Decimal(f"10{number}.2{number}"))
            if state != "vacant":
                make.allocation(unit=unit, **row)
    make.unit(floor=first, code="HIT-01-A-108", use="public_service")
    make.unit(floor=first, code="HIT-01-A-109", usable_area=None)
    phase = make.building(
        park=space,
        code="X1",
        name="中国星谷一期",
        ready_on=None,
        fitout_on=date(2024, 6, 1),
        planned_area=Decimal(9000),
    )
    for number in (1, 2):
        unit = make.unit(floor=phase.floors.first() or make.floor(building=phase), code=f"STP-X1-{number}")
        make.allocation(unit=unit)
    make.figure(number=Decimal(2000), text="2000平方米", as_of=date(2026, 5, 1))
    make.figure(measure="incubators", number=Decimal(3), text="3家", unit="count", as_of=date(2026, 5, 1))
    make.figure(park=one, declared=True, number=Decimal(1500), text="1500平方米", as_of=date(2026, 5, 1))
    return {
        "hit": hit,
        "heu": heu,
        "one": one,
        "two": two,
        "space": space,
        "unit": first.units.get(code="HIT-01-A-101"),
    }
