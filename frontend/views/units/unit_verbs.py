"""The acts on a unit and on an allocation, and which of them a page offers."""

from django.utils.translation import gettext_lazy

from frontend.act_page import Act
from frontend.forms import acts as forms
from frontend.forms.dated_facts import UseAndAreaForm
from frontend.views.units import use_and_area
from spaces.access import may_edit
from spaces.actions import allocations, units
from spaces.models import Unit
from spaces.models.codes import clean_code, unit_code
from spaces.states import Purpose
from tenants.actions import tenancies
from tenants.rights import MANAGER


def _split(it):
    it.row.load_facts(it.data["splits_on"])
    parts = [_copy(it.row, code, area) for code, area in it.data["parts"]]
    units.split(it.row, parts, splits_on=it.data["splits_on"], by=it.by, why=it.data["why"], on=it.on)


def _merge(it):
    it.row.load_facts(it.data["merges_on"])
    merged = _copy(it.row, it.data["code"], it.data["usable_area"])
    old = [it.row, *it.data["others"]]
    units.merge(old, merged, merges_on=it.data["merges_on"], by=it.by, why=it.data["why"], on=it.on)


def _copy(unit, code, area):
    """A new unit like the old one but for code and area; the action sets its first day."""
    return unit.like(code=unit_code(unit.floor.building, clean_code(code)), usable_area=area)


UNIT_ACTS = {
    "edit": Act(
        gettext_lazy("Edit"),
        lambda it: units.update(it.row, by=it.by, on=it.on, seen=it.seen, **it.data),
        gettext_lazy("Saved."),
        forms.UnitForm,
        edits=True,
        button=gettext_lazy("Save"),
    ),
    "facts": Act(
        gettext_lazy("Change use or area"),
        use_and_area.save,
        gettext_lazy("Saved."),
        UseAndAreaForm,
        edits=True,
        button=gettext_lazy("Save"),
    ),
    "hold": Act(
        gettext_lazy("Hold"),
        lambda it: allocations.hold([it.row], by=it.by, on=it.on, seen=it.seen, **it.data),
        gettext_lazy("Held."),
        forms.HoldForm,
        roles=MANAGER,
        compares=True,
    ),
    "offline": Act(
        gettext_lazy("Take out of service"),
        lambda it: allocations.take_offline(it.row, by=it.by, on=it.on, seen=it.seen, **it.data),
        gettext_lazy("Out of service."),
        forms.OfflineForm,
        compares=True,
    ),
    "split": Act(gettext_lazy("Split"), _split, gettext_lazy("Split."), forms.SplitForm, roles=MANAGER),
    "merge": Act(gettext_lazy("Merge"), _merge, gettext_lazy("Merged."), forms.MergeForm, roles=MANAGER),
    "retire": Act(
        gettext_lazy("Retire"),
        lambda it: units.retire(it.row, by=it.by, on=it.on, **it.data),
        gettext_lazy("Retired."),
        forms.RetireForm,
        roles=MANAGER,
    ),
}
ALLOCATION_ACTS = {
    "sign": Act(
        gettext_lazy("Sign"),
        lambda it: allocations.sign(it.row, by=it.by, on=it.on, **it.data),
        gettext_lazy("Signed."),
        forms.SignForm,
    ),
    "move-in": Act(
        gettext_lazy("Record move-in"),
        lambda it: allocations.move_in(it.row, by=it.by, on=it.on, **it.data),
        gettext_lazy("Moved in."),
        forms.MoveInForm,
    ),
    "hand-back": Act(
        gettext_lazy("Record hand-back"),
        lambda it: allocations.hand_back(it.row, by=it.by, on=it.on, **it.data),
        gettext_lazy("Handed back."),
        forms.HandBackForm,
    ),
    "end": Act(
        gettext_lazy("End early"),
        lambda it: allocations.end_early(it.row, by=it.by, on=it.on, **it.data),
        gettext_lazy("Ended."),
        forms.EndForm,
    ),
    "correct": Act(
        gettext_lazy("Correct"),
        lambda it: tenancies.correct(it.row, by=it.by, on=it.on, seen=it.seen, **it.data),
        gettext_lazy("Corrected."),
        forms.CorrectForm,
        edits=True,
    ),
}


def unit_acts(unit, user):
    """(verb, title) of the acts that this person may do on a unit."""
    mine = {
        roles: may_edit(Unit.objects, user, roles=roles, pk=unit.pk)
        for roles in {act.roles for act in UNIT_ACTS.values()}
    }
    return [(verb, act.title) for verb, act in UNIT_ACTS.items() if mine[act.roles]]


def allocation_acts(row, *, contract=None):
    """(verb, title) of the acts that an allocation allows in its state; none if a lease governs it."""
    if contract:
        verbs = ("correct",) if row.signed_on else ()
    elif row.purpose == Purpose.OFFLINE:
        verbs = ("end", "correct")
    elif row.signed_on is None:
        verbs = ("sign", "end", "correct")
    elif row.moved_in_on is None:
        verbs = ("move-in", "end", "correct")
    else:
        verbs = ("correct",) if row.handed_back_on else ("hand-back", "correct")
    return [(verb, ALLOCATION_ACTS[verb].title) for verb in verbs]
