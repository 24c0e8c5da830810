"""Change rows as text."""

from datetime import date, datetime

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from frontend.site.formatting import LAST_DAYS, moment
from spaces.values.days import last_day
from spaces.values.periods import EVER

register = template.Library()

VERBS = {
    "accept": pgettext_lazy("verb", "accepted"),
    "add": pgettext_lazy("verb", "added"),
    "admit": pgettext_lazy("verb", "admitted"),
    "approve": pgettext_lazy("verb", "approved"),
    "ask": pgettext_lazy("verb", "asked for"),
    "ask_visit": pgettext_lazy("verb", "asked for a visit"),
    "assign": pgettext_lazy("verb", "assigned"),
    "begin": pgettext_lazy("verb", "begun"),
    "calibrate": pgettext_lazy("verb", "scale set"),
    "change": pgettext_lazy("verb", "changed"),
    "complete": pgettext_lazy("verb", "completed"),
    "confirm": pgettext_lazy("verb", "confirmed"),
    "correct": pgettext_lazy("verb", "corrected"),
    "create": pgettext_lazy("verb", "created"),
    "password": pgettext_lazy("verb", "password set"),
    "decline": pgettext_lazy("verb", "declined"),
    "discard": pgettext_lazy("verb", "discarded"),
    "draft": pgettext_lazy("verb", "drafted"),
    "end": pgettext_lazy("verb", "ended"),
    "end_early": pgettext_lazy("verb", "ended early"),
    "enter": pgettext_lazy("verb", "entered incubation"),
    "erase": pgettext_lazy("verb", "account deleted"),
    "exit": pgettext_lazy("verb", "left incubation"),
    "give_notice": pgettext_lazy("verb", "notice given"),
    "graduate": pgettext_lazy("verb", "graduated"),
    "hand_back": pgettext_lazy("verb", "handed back"),
    "hold": pgettext_lazy("verb", "held"),
    "invite": pgettext_lazy("verb", "invited"),
    "join": pgettext_lazy("verb", "joined"),
    "lapse": pgettext_lazy("verb", "lapsed"),
    "leave": pgettext_lazy("verb", "left"),
    "merge": pgettext_lazy("verb", "merged"),
    "move_in": pgettext_lazy("verb", "moved in"),
    "note": pgettext_lazy("verb", "noted"),
    "offer": pgettext_lazy("verb", "offered"),
    "open": pgettext_lazy("verb", "opened"),
    "pass": pgettext_lazy("verb", "passed to the next step"),
    "extend": pgettext_lazy("verb", "extended"),
    "receive": pgettext_lazy("verb", "accepted for review"),
    "register": pgettext_lazy("verb", "registered"),
    "reject": pgettext_lazy("verb", "rejected"),
    "relocate": pgettext_lazy("verb", "relocated"),
    "remind": pgettext_lazy("verb", "reminded"),
    "remove": pgettext_lazy("verb", "removed"),
    "renew": pgettext_lazy("verb", "renewed"),
    "reopen": pgettext_lazy("verb", "reopened"),
    "retire": pgettext_lazy("verb", "retired"),
    "return": pgettext_lazy("verb", "returned for changes"),
    "review": pgettext_lazy("verb", "reviewed"),
    "save": pgettext_lazy("verb", "saved"),
    "say": pgettext_lazy("verb", "wrote"),
    "send": pgettext_lazy("verb", "sent"),
    "send_again": pgettext_lazy("verb", "sent again"),
    "sign": pgettext_lazy("verb", "signed"),
    "sign_out": pgettext_lazy("verb", "signed out elsewhere"),
    "split": pgettext_lazy("verb", "split"),
    "submit": pgettext_lazy("verb", "submitted"),
    "take_offline": pgettext_lazy("verb", "taken out of service"),
    "choose": pgettext_lazy("verb", "read as chosen"),
    "find": pgettext_lazy("verb", "found on the plan"),
    "take_over": pgettext_lazy("verb", "taken over"),
    "unsign": pgettext_lazy("verb", "signature undone"),
    "verify": pgettext_lazy("verb", "verified"),
    "request_units": pgettext_lazy("verb", "units requested"),
    "withdraw": pgettext_lazy("verb", "withdrawn"),
}
# Columns without meaning for readers: counters, keys and properties of a stored file.
BOOKKEEPING = {"id", "version", "name_key", "saved_at", "sha256", "content_type", "size", "picture", "widths"}
NOTHING = ("", None, [])
BEGINNING = EVER.isoformat()
OF_A_PARK = "spaces.parkperiod"
OF_A_UNIT = {"spaces.allocation", "spaces.unitperiod"}
PERIODS = {OF_A_PARK, *OF_A_UNIT}
ABOUT_A_UNIT = {"spaces.unit", *OF_A_UNIT}


@register.filter
def verb(change):
    return VERBS.get(change.verb, change.verb)


@register.filter
def unit_code(change):
    """The code of the unit that a change is about, or whose allocation it is; empty for anything else."""
    return change.label.partition(" ")[0] if change.seen and change.object_type in ABOUT_A_UNIT else ""


@register.filter
def rest_of_label(change):
    """What a change is about, after the unit's code: for a period its days, from the first to the last; for one of a
    park its label before them.

    Of a row that the reader may not see (any more) only its kind is named.
    """
    if not change.seen:
        return apps.get_model(change.object_type)._meta.verbose_name
    if change.object_type == "spaces.indicator":
        return change.label.rpartition(" ")[0]
    if change.object_type not in PERIODS:
        return change.label.partition(" ")[2] if change.object_type in ABOUT_A_UNIT else change.label
    row = change.after or change.before
    first = "" if row["starts_on"] == BEGINNING else row["starts_on"]
    days = f"{first} – {_last_day(row['ends_on']) or ''}".strip()
    return f"{change.label} {days}" if change.object_type == OF_A_PARK else days


@register.filter
def differences(change):
    """(field, old, new) for each fact that differs; a new or a removed row shows the facts it has, old None.

    Left out: ids of rows (the label names the thing) and values kept as a hash.
    """
    before, after = change.before or {}, change.after or {}
    model = apps.get_model(change.object_type)
    hidden = BOOKKEEPING.union(getattr(model, "personal_fields", ()))
    rows = []
    for name in after or before:
        old, new = before.get(name), after.get(name)
        field = _field(model, name)
        if old == new or name in hidden or field is None or field.is_relation or field.primary_key:
            continue
        if (old in NOTHING and new in NOTHING) or (not before and new is False):
            continue
        label = LAST_DAYS.get(name, field.verbose_name)
        rows.append((label, _shown(field, old) if before and after else None, _shown(field, new if after else old)))
    return rows


def _field(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _shown(field, value):
    if value in NOTHING or value == BEGINNING:
        return _("the beginning") if value == BEGINNING else "–"
    if field.name in LAST_DAYS:
        return _last_day(value)
    if isinstance(field, models.DateTimeField):
        return moment(datetime.fromisoformat(value))
    if field.name == "points":
        return ngettext("%(number)s corner", "%(number)s corners", len(value)) % {"number": len(value)}
    if isinstance(value, bool):
        return pgettext_lazy("a fact", "yes") if value else pgettext_lazy("a fact", "no")
    return dict(field.flatchoices).get(value, value) if isinstance(value, str) else value


def _last_day(text):
    return last_day(date.fromisoformat(text)).isoformat() if text else None
