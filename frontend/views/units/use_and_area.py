"""Another use or area of a unit: from a day on, or as a correction whose moved figures are shown and confirmed."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from frontend.forms.acts import UseAndAreaForm
from spaces.actions import units
from spaces.ledger import restatement
from spaces.models import Unit
from spaces.values.periods import EVER

CONFIRM = "confirm"


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
    """Write the changed facts; first refused (`confirm`) with the reported figures that move, if there are any."""
    data = it.data
    if not units.differing(it.row, data["facts"], data["validity"]):
        message = _("That is what is recorded for these days already. Nothing was saved.")
        raise ValidationError(message, code="unchanged")

    def write():
        facts = data["facts"] | {"validity": data["validity"], "seen": it.seen}
        units.update(it.row, by=it.by, on=it.on, why=data["why"], **facts)

    if data["validity"].period.starts_on < it.on and data["confirmed"] != data["digest"]:
        of_park = Unit.objects.filter(floor__building__park=it.row.floor.building.park_id)
        if moved := restatement.restated_by(write, of_park, today=it.on):
            message = _("This moves figures that were reported. Look at them and confirm.")
            raise ValidationError(message, code=CONFIRM, params={"moved": moved, "digest": data["digest"]})
    write()


def to_confirm(form):
    """The restatements that a refused form has to confirm; sent again as it is, it confirms them."""
    for error in form.non_field_errors().as_data():
        if error.code == CONFIRM:
            form.data = form.data.copy()
            form.data["confirmed"] = error.params["digest"]
            return error.params["moved"]
    return []


def _asked_day(request):
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.today
