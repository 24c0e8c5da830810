"""Another use or area of a unit: from a day on, or as a correction of days recorded wrongly."""

from frontend.forms.dated_facts import refuse_unchanged
from spaces.actions import units


def save(it):
    """Write the changed facts; refused where there are none."""
    data = it.data
    refuse_unchanged(units.differing(it.row, data["facts"], data["validity"]))
    facts = data["facts"] | {"validity": data["validity"], "seen": it.seen}
    units.update(it.row, by=it.by, on=it.on, why=data["why"], **facts)
