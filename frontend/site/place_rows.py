"""Rows of the tables of places: balance, and the addresses behind its numbers."""

from frontend.site.links import named, page, state_links
from spaces.ledger import rollups

NONE = "null"  # how the list of units is asked for what has no ecosystem


def origin(rows):
    """Notes for the foot of a page: whether some of its rows are sample data, or inferred."""
    return {
        "sample": any(row["sample"] for row in rows),
        "inferred": any(row["inferred"] for row in rows),
    }


def node_rows(request, found, by, before=None):
    """Nodes as table rows: name, address, balance, its links, and the change of what is taken since `before`.

    `before`: the balances of an earlier day, as the ledger gives them.
    """
    detail = {"ecosystem": "ecosystem-detail", "park": "park-detail"}.get(by)
    scope = {} if by == "park" else {"scope": "incubators"}
    rows = []
    for node in found:
        earlier = (before or {}).get(node.ledger_key, rollups.EMPTY)
        rows.append(
            {
                "key": node.key or None,
                "name": named(node),
                "url": page(request, detail, node.key) if detail and node.place else None,
                "place": node.place,
                "sample": node.sample,
                # A key that is missing costs a template more than one that is there: it lists the names of the object.
                "inferred": getattr(node.place, "inferred", False),
                "stage": None,
                "opens_on": opens_on(node.place, request.as_of) if by == "park" else None,
                "balance": node.balance,
                "links": state_links(request, **scope, **{by: node.key or NONE}),
                "change": node.balance.taken - earlier.taken,
            }
        )
    return rows


def opens_on(park, day):
    """The day on which a park opens that is not open yet."""
    return None if park.is_open(day) else park.opened_on


def floor_row(request, node, building):
    recorded = node.balance.recorded
    registered = node.place.usable_area
    park, _dash, code = building.rpartition("-")
    return {
        "floor": node.place,
        "url": page(request, "floor-detail", park, code, node.place.level),
        "balance": node.balance,
        "recorded": recorded,
        "gap": None if registered is None else registered - recorded,
        "beyond": recorded - (registered or 0),
        "links": state_links(request, building=building, level=node.place.level),
    }
