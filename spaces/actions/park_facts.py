"""Write where a park belongs and what it is: the rules of a park about `spaces.actions.dated_facts`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from spaces.actions import dated_facts
from spaces.changes.versions import Seen
from spaces.models import Park, User
from spaces.models.places import LONG_AGO
from spaces.values.periods import Validity

MOVING = ("ecosystem", "kind")  # a new value moves figures from one total to another


def update(
    park: Park,
    facts: Mapping[str, Any],
    validity: Validity,
    *,
    by: User | None,
    why: str,
    on: date,
    seen: Seen | None = None,
) -> None:
    """Write facts on a locked park where they differ. Raises ValidationError: early, far, reason, and by field."""
    dated_facts.check_days(validity, since=LONG_AGO, on=on)
    prefetch_related_objects([park], "periods__ecosystem")
    changed = differing(park, facts, validity, seen=seen)
    if not changed:
        return
    message = _("Another ecosystem or kind moves figures: give a reason.")
    dated_facts.check_reason(park, changed, validity, moving=MOVING, why=why, message=message)
    dated_facts.write(park, changed, validity, by=by, why=why)


def differing(park: Park, facts: Mapping[str, Any], validity: Validity, *, seen: Seen | None = None) -> dict[str, Any]:
    """The facts that differ from the record on any day of the validity."""
    return dated_facts.differing(park, facts, validity, seen=seen)
