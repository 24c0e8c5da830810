"""Events of single units, apart from invented tenancies. Days up to the end of 2024 are fixed; later ones are given in
days before and after today, so that the demo stays current."""

from datetime import date
from decimal import Decimal

from tenants.demo.facts import DAY

LEAK, FIRE, POWER, WORKS = "漏水维修", "消防设施改造", "供电增容", "装修改造"
TAKEN_OVER, MEASURED = 120, 3  # days before today on which the first lists were entered, and a room was measured again
SCRIPTED_FROM = date(2025, 1, 1)  # from this day on the units below follow the script

# Out of service, until (exclusive). Those that cover the published figures' day are no part of the lettable area.
OFFLINE = [
    ("HIT-03-A-302", date(2024, 9, 10), date(2025, 1, 20), FIRE),
    ("HIT-05-A-301", date(2024, 10, 8), date(2025, 3, 1), WORKS),
    ("HIT-09-A-203", date(2024, 8, 1), date(2024, 12, 16), POWER),
    ("HEU-01-A-303", date(2024, 10, 21), date(2025, 2, 1), WORKS),
    ("HEU-07-A-202", date(2024, 7, 15), date(2025, 4, 1), FIRE),
    ("HVRI-01-A-204", date(2024, 10, 1), date(2024, 11, 25), LEAK),
    ("HVRI-05-A-301", date(2024, 6, 3), date(2025, 6, 1), WORKS),
    ("NEPU-05-A-203", date(2024, 9, 2), date(2025, 1, 6), POWER),
    ("QQHRU-03-A-302", date(2024, 10, 14), date(2024, 12, 2), LEAK),
    ("USTH-04-A-203", date(2024, 5, 6), date(2025, 5, 1), WORKS),
    ("JMSU-02-A-303", date(2024, 9, 23), date(2025, 3, 10), FIRE),
    ("HIT-02-A-104", date(2021, 6, 1), date(2021, 10, 8), WORKS),
    ("HIT-04-A-201", date(2021, 7, 5), date(2021, 9, 1), LEAK),
    ("HEU-02-A-301", date(2022, 3, 1), date(2022, 8, 15), FIRE),
    ("HEU-05-A-204", date(2022, 5, 9), date(2022, 7, 1), POWER),
    ("HVRI-04-A-203", date(2022, 8, 22), date(2022, 12, 1), WORKS),
    ("NEPU-01-A-301", date(2023, 2, 6), date(2023, 4, 17), LEAK),
    ("NEPU-07-A-202", date(2023, 4, 3), date(2023, 9, 4), WORKS),
    ("QQHRU-01-A-303", date(2023, 6, 12), date(2023, 8, 28), FIRE),
    ("USTH-01-A-201", date(2023, 10, 9), date(2024, 1, 15), POWER),
    ("JMSU-01-A-204", date(2024, 1, 8), date(2024, 4, 1), WORKS),
    ("HIT-06-A-203", date(2025, 4, 14), date(2025, 9, 1), FIRE),
    ("HVRI-06-A-201", date(2025, 9, 22), date(2026, 1, 12), WORKS),
]
# Out of service today: days since, days still to go (None: until further notice).
OFFLINE_NOW = [
    ("HIT-01-A-403", 40, 50, LEAK),
    ("HIT-01-A-801", 95, 25, WORKS),
    ("HEU-05-A-202", 61, None, FIRE),
    ("NEPU-03-A-203", 18, 74, POWER),
    ("QQHRU-06-A-204", 33, 88, WORKS),
    ("USTH-05-A-202", 12, 19, LEAK),
    ("JMSU-03-A-203", 120, None, FIRE),
]
# Days since the lease ended; the keys are not back.
LATE = {
    "HIT-01-A-701": 23, "HEU-03-A-201": 6, "NEPU-04-A-201": 41,
    "JMSU-02-A-201": 75, "QQHRU-02-A-202": 12, "USTH-03-A-201": 3,
}  # fmt: skip
# Held: days since, days until the hold lapses (at or below 0: it has lapsed and counts no more).
HELD = {
    "HIT-01-A-802": (10, 2), "HIT-01-A-706": (6, 9), "HIT-02-A-202": (13, 1), "HIT-08-A-301": (9, 5),
    "HEU-02-A-202": (11, 4), "HVRI-03-A-201": (5, 9), "NEPU-01-A-202": (3, 14), "JMSU-01-A-202": (8, 6),
    "HIT-03-A-204": (20, -3), "QQHRU-01-A-201": (25, -8), "HEU-08-A-203": (30, -15),
}  # fmt: skip
# Days since the signature; not moved in.
SIGNED = {"HIT-01-A-803": 14, "HIT-02-A-204": 9, "HVRI-02-A-202": 20, "QQHRU-04-A-203": 33, "NEPU-02-A-201": 5,
          "HIT-01-A-504": 35}  # fmt: skip
# Days since the hand-back; free since then.
LEFT = {"HIT-01-A-401": 45, "HIT-01-A-404": 80, "HIT-01-A-405": 80, "HIT-01-A-602": 120, "HEU-01-A-201": 15,
        "HIT-03-A-304": 60}  # fmt: skip
# Days left of the leases in the rest of the sample park, so that it looks plausible on any day.
RUNNING = {
    "HIT-01-A-402": 128, "HIT-01-A-102": 640, "HIT-01-A-103": 410, "HIT-01-A-105": 75, "HIT-01-A-201": 505,
    "HIT-01-A-202": 25, "HIT-01-A-203": 290, "HIT-01-A-204": 700, "HIT-01-A-302": 170, "HIT-01-A-303": 52,
    "HIT-01-A-304": 330, "HIT-01-A-501": 615, "HIT-01-A-502": 80, "HIT-01-A-503": 245, "HIT-01-A-601": 470,
    "HIT-01-A-603": 118, "HIT-01-A-604": 560, "HIT-01-A-605": 35, "HIT-01-A-703": 380, "HIT-01-A-704": 66,
    "HIT-01-A-705": 205, "HIT-01-A-804": 450, "HIT-03-A-303": 300,
}  # fmt: skip

# Held or signed for a company with a story in asking.py.
TOLD = {
    "HIT-01-A-802", "HIT-01-A-706", "HIT-02-A-202", "HIT-03-A-204", "HIT-01-A-803", "HIT-01-A-504",
}  # fmt: skip

# Tenant of a unit: days until its 48 months are over (below 0: since), and its outcome.
INCUBATED = {
    "HIT-01-A-502": (64, "asks"), "HIT-01-A-501": (-70, "extended"), "HIT-01-A-102": (18, ""),
    "HIT-01-A-201": (-40, ""), "HIT-01-A-204": (210, "graduated"),
}  # fmt: skip

# Splits, with the share of each part; from the day on the parts exist instead of the unit.
SPLITS = [
    ("HIT-02-A-301", date(2023, 4, 1), (5, 3)),
    ("NEPU-02-A-202", date(2022, 7, 1), (4, 3, 3)),
    ("HVRI-01-A-202", date(2025, 7, 1), (1, 1)),
    ("HEU-01-A-203", date(2025, 10, 1), (3, 2, 2)),
]
MERGERS = [
    (("HIT-03-A-201", "HIT-03-A-202"), date(2022, 9, 1)),
    (("USTH-01-A-203", "USTH-01-A-204"), date(2024, 3, 1)),
    (("JMSU-01-A-302", "JMSU-01-A-301"), date(2025, 11, 1)),
]
RETIRED = [
    ("HVRI-04-A-204", date(2023, 7, 1), "改为共享会议室, 不再出租"),
    ("NEPU-07-A-204", date(2026, 1, 1), "并入设备层, 不再出租"),
]
# Two cancelled deals, and a date that was entered wrongly.
WITHDRAWN = ("HIT-02-A-203", date(2024, 5, 6), date(2024, 5, 15), "企业改变选址计划")
CANCELLED = ("HIT-03-A-304", date(2023, 8, 1), date(2023, 10, 16), "企业融资未到位, 双方同意解除")
MISTYPED = ("HIT-01-A-402", "交接单日期录错, 已按纸质交接单改正")

NOT_COUNTED = {code for code, since, until, _reason in OFFLINE if since <= DAY < until}
NOT_COUNTED |= {code for code, closes_on, _reason in RETIRED if closes_on <= DAY}
SCRIPTED = {*LATE, *HELD, *SIGNED, *LEFT, *RUNNING, *(code for code, *_days in OFFLINE_NOW)}


def life_ends() -> dict[str, date]:
    """Code -> the day from which the unit no longer exists, for split, merged and retired units."""
    ends = {code: day for code, day, _parts in SPLITS} | {code: day for code, day, _reason in RETIRED}
    return ends | {code: day for codes, day in MERGERS for code in codes}


def blocked(code: str) -> list[tuple[date, date]]:
    """Periods [since, until) without invented tenancies, ascending."""
    blocks = [(since, until) for other, since, until, _reason in OFFLINE if other == code]
    blocks += [(since, until) for other, since, until, _why in (WITHDRAWN, CANCELLED) if other == code]
    if code in SCRIPTED:
        blocks.append((SCRIPTED_FROM, date.max))
    if code in life_ends():
        blocks.append((life_ends()[code], date.max))
    return sorted(blocks)


# A room whose area was taken from a list and was too large, until it was measured.
MISREAD, TOO_LARGE = "HIT-01-A-804", Decimal("20.00")
WHY_MEASURED = "实测: 旧台账误记为建筑面积 / measured: the old list had the gross area"
