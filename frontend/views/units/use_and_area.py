"""Another use or area of a unit: from a day on, or as a correction of days recorded wrongly."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from frontend.forms.acts import UseAndAreaForm
from spaces.actions import units
from spaces.values.periods import EVER


def opened(unit, request):
    """What the form shows: the facts of today, or of the period that a link names by one of its days."""
    period = unit.facts_of(_asked_day(request))
    facts = period.facts()
    days = {"holds": UseAndAreaForm.FROM, "from_day": request.today}
    if "on" in request.GET:
        first = None if period.starts_on == EVER else period.starts_on
        days = {"holds": UseAndAreaForm.WRONG, "first_wrong": first, "last_wrong": period.period.last_day}
    return {"shown": facts, "initial": facts | days}


def save(it):
    """Write the changed facts; refused where there are none."""
    data = it.data
    if not units.differing(it.row, data["facts"], data["validity"]):
        message = _("That is what is recorded for these days already. Nothing was saved.")
        raise ValidationError(message, code="unchanged")
    facts = data["facts"] | {"validity": data["validity"], "seen": it.seen}
    units.update(it.row, by=it.by, on=it.on, why=data["why"], **facts)


def _asked_day(request):
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.today
