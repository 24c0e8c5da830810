"""The best SQL that we could write by hand for what ledger and vacancy answer, on the same tables and indexes.

Several forms of each, as no single one is the best on both databases and at every size: the bench takes the quickest.
"""

LATE = """
  l.moved_in_on IS NOT NULL AND l.ends_on <= %(on)s
  AND (l.handed_back_on IS NULL OR l.handed_back_on > l.ends_on)
  AND (l.handed_back_on IS NULL OR l.handed_back_on > %(on)s)"""
LETTABLE_USES = "('office', 'lab', 'pilot', 'factory', 'desk')"
COVERING = "a.starts_on <= %(on)s AND (a.ends_on IS NULL OR a.ends_on > %(on)s)"
TAKEN = """
  WHEN a.purpose = 'offline' THEN 'offline'
  WHEN a.moved_in_on <= %(on)s THEN 'occupied'
  WHEN a.signed_on <= %(on)s THEN 'committed'
  WHEN a.signed_on > %(on)s OR a.held_until > %(on)s THEN 'reserved'
  ELSE 'vacant' END"""
UNBUILT = "b.ready_on IS NULL OR b.ready_on > %(on)s OR p.opened_on > %(on)s"
STATE = f"""CASE
  WHEN d.usable_area IS NULL THEN 'unknown'
  WHEN {UNBUILT} THEN 'unbuilt'
  WHEN d.use NOT IN {LETTABLE_USES} THEN 'common'
  WHEN {{late}} THEN 'holdover'{TAKEN}"""
PLACES = """
  JOIN spaces_floor f ON f.id = u.floor_id
  JOIN spaces_building b ON b.id = f.building_id
  JOIN spaces_park p ON p.id = b.park_id"""
BELONGS = """
  JOIN spaces_parkperiod q ON q.park_id = p.id
    AND q.starts_on <= %(on)s AND (q.ends_on IS NULL OR q.ends_on > %(on)s)"""
DATED = """
  JOIN spaces_unitperiod d ON d.unit_id = u.id
    AND d.starts_on <= %(on)s AND (d.ends_on IS NULL OR d.ends_on > %(on)s)"""
ALIVE = "u.opens_on <= %(on)s AND (u.closes_on IS NULL OR u.closes_on > %(on)s)"
OPEN = "(b.closed_on IS NULL OR b.closed_on > %(on)s)"
JOINED = f"""
  FROM spaces_unit u {PLACES} {BELONGS} {DATED}
  LEFT JOIN spaces_allocation a ON a.unit_id = u.id AND {COVERING} {{more}}
  WHERE {{which}} AND {ALIVE} AND {OPEN}"""
PROBED = f"EXISTS (SELECT 1 FROM spaces_allocation l WHERE l.unit_id = u.id AND {LATE})"
HASHED = f"LEFT JOIN (SELECT DISTINCT unit_id FROM spaces_allocation l WHERE {LATE}) h ON h.unit_id = u.id"


def rollups(node, which):
    """Name of the form -> SQL for (node, state, hundredths of m2, units) of the units that fit `which`."""
    probed = STATE.format(late=PROBED), JOINED.format(more="", which=which)
    hashed = STATE.format(late="h.unit_id IS NOT NULL"), JOINED.format(more=HASHED, which=which)
    grouped = "SELECT {node}, {0}, SUM(d.usable_area), COUNT(*) {1} GROUP BY 1, 2"
    staged = (
        "WITH x AS MATERIALIZED (SELECT {node} AS node, {0} AS state, d.usable_area AS area {1}) "
        "SELECT node, state, SUM(area), COUNT(*) FROM x GROUP BY 1, 2"
    )
    return {
        "probe": grouped.format(*probed, node=node),
        "hash": grouped.format(*hashed, node=node),
        "probe, then group": staged.format(*probed, node=node),
        "hash, then group": staged.format(*hashed, node=node),
        "all less taken": SUBTRACTED.format(node=node, which=which),
    }


# Everything that could be let, less what is taken: reads only the allocations of the day, never unit by unit.
SUBTRACTED = f"""
WITH place AS MATERIALIZED (
  SELECT f.id AS floor, {{node}} AS node, COALESCE({UNBUILT}, FALSE) AS unbuilt
  FROM spaces_floor f JOIN spaces_building b ON b.id = f.building_id JOIN spaces_park p ON p.id = b.park_id
  {BELONGS}
  WHERE {{which}} AND {OPEN}),
late AS MATERIALIZED (SELECT DISTINCT l.unit_id AS unit FROM spaces_allocation l WHERE {LATE}),
held AS (
  SELECT unit, 'holdover' AS state FROM late UNION ALL
  SELECT a.unit_id, CASE {TAKEN} FROM spaces_allocation a
  WHERE {COVERING} AND a.unit_id NOT IN (SELECT unit FROM late)),
taken AS MATERIALIZED (
  SELECT place.node, held.state, SUM(d.usable_area) AS area, COUNT(*) AS units
  FROM held JOIN spaces_unit u ON u.id = held.unit {DATED} JOIN place ON place.floor = u.floor_id
  WHERE NOT place.unbuilt AND d.usable_area IS NOT NULL AND d.use IN {LETTABLE_USES} AND {ALIVE}
  GROUP BY 1, 2)
SELECT node, state, SUM(area), SUM(units) FROM (
  SELECT place.node, CASE
    WHEN d.usable_area IS NULL THEN 'unknown' WHEN place.unbuilt THEN 'unbuilt'
    WHEN d.use NOT IN {LETTABLE_USES} THEN 'common' ELSE 'vacant' END AS state,
    SUM(d.usable_area) AS area, COUNT(*) AS units
  FROM spaces_unit u {DATED} JOIN place ON place.floor = u.floor_id WHERE {ALIVE} GROUP BY 1, 2
  UNION ALL SELECT * FROM taken
  UNION ALL SELECT node, 'vacant', -SUM(area), -SUM(units) FROM taken GROUP BY 1
) parts GROUP BY 1, 2"""

LIVE = (
    "NOT (a.purpose = 'tenancy' AND a.signed_on IS NULL AND a.held_until IS NOT NULL AND a.held_until <= %(today)s "
    "AND a.ends_on > a.held_until)"
)
FREE = f"""
  u.published AND u.opens_on <= %(starts_on)s AND (u.closes_on IS NULL OR u.closes_on >= %(ends_on)s)
  AND d.usable_area >= %(least)s AND d.usable_area <= %(most)s AND {{uses}}
  AND b.ready_on <= %(starts_on)s AND (p.opened_on IS NULL OR p.opened_on <= %(starts_on)s)
  AND (b.closed_on IS NULL OR b.closed_on >= %(ends_on)s)
  AND NOT EXISTS (SELECT 1 FROM spaces_allocation a WHERE a.unit_id = u.id AND a.starts_on < %(ends_on)s
    AND (a.ends_on IS NULL OR a.ends_on > %(starts_on)s) AND {LIVE})
  AND NOT EXISTS (SELECT 1 FROM spaces_allocation l WHERE l.unit_id = u.id AND {LATE.replace("(on)", "(today)")})
  AND NOT EXISTS (SELECT 1 FROM spaces_unitperiod n WHERE n.unit_id = u.id AND n.starts_on > %(starts_on)s
    AND n.starts_on < %(ends_on)s AND n.use NOT IN {LETTABLE_USES})"""
UNTIL = f"""COALESCE((SELECT MIN(a.starts_on) FROM spaces_allocation a
  WHERE a.unit_id = u.id AND a.starts_on >= %(ends_on)s AND {LIVE}), u.closes_on)"""
DATED_AT_START = DATED.replace("(on)", "(starts_on)")
HITS = f"""
  SELECT u.id, d.usable_area FROM spaces_unit u {PLACES} {DATED_AT_START}
  WHERE {FREE} ORDER BY d.usable_area, u.id LIMIT %(rows)s"""


def vacancies(uses, columns):
    """Name of the form -> SQL for `columns` (of u, f, b, p, or UNTIL) of the first units that are free."""
    result = ", ".join(columns)
    hits = HITS.format(uses=f"d.use IN ({_words(uses)})")
    each = " UNION ALL ".join(f"SELECT * FROM ({HITS.format(uses=f'd.use = {_words([use])}')}) z" for use in uses)
    picked = (
        "SELECT {result} FROM ({hits}) hit JOIN spaces_unit u ON u.id = hit.id {places} ORDER BY d.usable_area, u.id"
    )
    return {
        "joined": f"SELECT {result} FROM spaces_unit u {PLACES} {DATED_AT_START} WHERE "
        + FREE.format(uses=f"d.use IN ({_words(uses)})")
        + " ORDER BY d.usable_area, u.id LIMIT %(rows)s",
        "picked, then joined": picked.format(result=result, hits=hits, places=PLACES + DATED_AT_START),
        "each use, then merged": picked.format(result=result, hits=each, places=PLACES + DATED_AT_START)
        + " LIMIT %(rows)s",
    }


def _words(uses):
    return ", ".join(f"'{use}'" for use in uses)
