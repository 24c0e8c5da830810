"""The pipeline of the demo: two industrial parks, which are a total of their own, and new buildings of incubators."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from spaces.models import Building, Park
from spaces.states import ParkKind, Use
from tenants.demo.facts import HARBIN, STAR_VALLEY
from tenants.demo.sample_units import SampleUnit, shares

SPLIT_IS_SAMPLE = "示例: 面积拆分与日期为示例数据 / sample: the split of the 9,000 m² and all dates are sample data"
# A note is written once in each language: Chinese, " / ", English.
STAR_VALLEY_SOURCE = (
    "公开数据: 2024年11月报道; 中国星谷一期面积拆分与日期为示例数据 / "
    "published: report of November 2024; the split of the 9,000 m² of phase I and all dates are sample data"
)
ROBOT_ISLAND_SOURCE = "公开数据: 2024年11月报道; 已完成项目落地 / published: report of November 2024; project landed"


@dataclass(slots=True)
class LaterPhase:
    """A building to come: code, name, English name, phase, its milestones and its rooms."""

    park: str
    code: str
    names: tuple[str, str, str]
    milestones: dict[str, date]
    rooms: list[SampleUnit] = field(default_factory=list)
    planned_area: Decimal | None = None


def industrial_parks() -> list[Park]:
    city, city_en = HARBIN
    common = {"kind": ParkKind.INDUSTRIAL_PARK, "city": city, "city_en": city_en, "address": "哈尔滨新区"}
    return [
        Park(
            code="STP",
            name="航天科技园",
            name_en="Space Tech Park",
            aliases=["一岛一园"],
            planned_area=Decimal("100000.00"),
            source_note=STAR_VALLEY_SOURCE,
            **common,
        ),
        Park(
            code="SRI",
            name="智能机器人岛",
            name_en="Smart Robot Island",
            aliases=["一岛一园", "一岛一谷一园"],
            planned_area=Decimal("150000.00"),
            source_note=ROBOT_ISLAND_SOURCE,
            **common,
        ),
    ]


def later_phases(today: date) -> list[LaterPhase]:
    """The published phase, and five invented buildings in all stages."""
    return [
        _star_valley(),
        _later_phase(
            "HIT-01", "B", ("B座", "Building B", "二期"),
            {"planned_on": date(2024, 12, 10), "construction_on": date(2025, 9, 1)},
            area=Decimal("4200.00"), rooms=8,
        ),
        _later_phase(
            "NEPU-02", "C", ("二期", "Phase II", "二期"),
            {
                "planned_on": date(2023, 6, 1), "construction_on": date(2024, 4, 10),
                "fitout_on": date(2025, 2, 20), "ready_on": date(2025, 8, 1),
            },
            area=Decimal("5400.00"), rooms=8,
        ),
        _later_phase(
            "HVRI-03", "C", ("中试楼", "Pilot building", "二期"),
            {
                "planned_on": date(2023, 11, 1), "construction_on": date(2024, 9, 2),
                "fitout_on": date(2025, 9, 15), "ready_on": date(2026, 3, 1),
            },
            area=Decimal("3600.00"), rooms=6,
        ),
        _later_phase(
            "HEU-02", "C", ("海工楼", "Ocean building", "二期"),
            {
                "planned_on": date(2025, 1, 15), "construction_on": date(2025, 6, 2),
                "fitout_on": today - timedelta(days=60), "ready_on": today + timedelta(days=45),
            },
            area=Decimal("2800.00"), rooms=5,
        ),
        LaterPhase(
            "JMSU-03", "C", ("三期", "Phase III", "三期"),
            {"planned_on": date(2025, 11, 3)}, planned_area=Decimal("6000.00"),
        ),
    ]  # fmt: skip


def to_building(later: LaterPhase, park: Park) -> Building:
    name, name_en, phase = later.names
    return Building(
        park=park,
        code=later.code,
        name=name,
        name_en=name_en,
        phase=phase,
        planned_area=later.planned_area,
        **later.milestones,
    )


def _star_valley() -> LaterPhase:
    """中国星谷 phase I: 9,000 m2 in six units, one for each of the six projects that are planned."""
    areas = ["1650.00", "1350.00", "1480.00", "1520.00", "1600.00", "1400.00"]
    uses = [Use.PILOT, Use.PILOT, Use.LAB, Use.LAB, Use.OFFICE, Use.OFFICE]
    rooms = []
    for place, (area, use) in enumerate(zip(areas, uses, strict=True)):
        level = 1 + place // 2
        facts = {"note": SPLIT_IS_SAMPLE, "area_on": None, "area_standard": "", "area_source": "predicted"}
        rooms.append(SampleUnit(f"STP-XG1-{level}{1 + place % 2:02}", level, use, Decimal(area), "XG1", facts))
    milestones = {
        "planned_on": date(2023, 6, 15),
        "construction_on": date(2023, 9, 1),
        "fitout_on": date(2024, 7, 29),
        "ready_on": date(2025, 3, 1),
    }
    return LaterPhase(
        "STP", "XG1", ("中国星谷一期", "China Star Valley, phase I", "一期"), milestones, rooms, STAR_VALLEY
    )


def _later_phase(
    park: str, code: str, names: tuple[str, str, str], milestones: dict[str, date], *, area: Decimal, rooms: int
) -> LaterPhase:
    made = []
    for place, part in enumerate(shares(area, [7 - place % 3 for place in range(rooms)], Decimal("0.50"))):
        level = 1 + place // 3
        use = Use.PILOT if level == 1 else Use.LAB
        facts = {"area_source": "predicted", "area_on": None, "area_standard": ""}
        made.append(SampleUnit(f"{park}-{code}-{level}{1 + place % 3:02}", level, use, part, code, facts))
    return LaterPhase(park, code, names, milestones, made, area)
