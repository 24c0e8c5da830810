"""Forms that carry the version of the row they edit, and show a conflict with both values of each field."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend.forms.fields import LastDayFormField
from frontend.forms.floorplans import written
from frontend.site.formatting import LAST_DAYS, m2
from spaces.changes.versions import Seen, UnknownVersionError, authors_of, version_of
from spaces.models.fields import AreaField
from spaces.values.days import last_day

MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One field of a conflict as text: the value sent, the current value, its author and time."""

    name: str
    label: str
    mine: str
    theirs: str
    by: object
    at: datetime | None


def open_on(form, row, request):
    """The form with the version of `row` that it shows; with a refusal where it was sent without one."""
    if form.is_bound and not hasattr(form, "conflict") and not _is_version(form.data.get("version", "")):
        add_conflict(form, UnknownVersionError(row, [], request.user))
    return carry_version(form, row)


def carry_version(form, row):
    """The form with the version of `row` that it shows: the one it was sent with, else the newest."""
    if hasattr(form, "conflict"):  # it shows the current version
        return form
    sent = form.data.get("version", "") if form.is_bound else ""
    form.version = int(sent) if _is_version(sent) else version_of(row)
    return form


def seen(request):
    """The version that the sent page had shown, and the fields whose standing value was chosen."""
    sent = request.POST.get("version", "")
    theirs = request.POST.getlist("conflict") if "take_theirs" in request.POST else ()
    return Seen(int(sent) if _is_version(sent) else None, request.user, frozenset(theirs))


def seen_if_sent(request):
    """The same for an act that edits no facts; None where the page carries no version."""
    return seen(request) if _is_version(request.POST.get("version", "")) else None


def say_merged(request, shown):
    """Show what others changed meanwhile in fields that this page did not change."""
    merged = shown.merged if shown else []
    for each, name in zip(merged, authors_of(merged, request.user), strict=True):
        message = _("Meanwhile %(name)s changed “%(field)s” to %(value)s. That stands.")
        label = LAST_DAYS.get(each.field.name)
        value = _readable(each.field, each.theirs, last=label is not None)
        facts = {"field": label or capfirst(each.field.verbose_name), "value": value}
        messages.info(request, message % (facts | {"name": name}))


def add_conflict(form, stale):
    """Add a conflict to the form: both values of each field. Sent again, it overwrites the standing values."""
    names = authors_of(stale.differences, stale.reader)
    form.version, form.conflict_title = stale.version, stale.title
    form.conflict = [_row(form, each, name) for each, name in zip(stale.differences, names, strict=True)]
    form.add_error(None, stale)


def _is_version(sent):
    return sent.isascii() and sent.isdecimal() and len(sent) <= MOST_DIGITS


def _row(form, difference, author):
    field = difference.field
    asked = form.fields.get(field.name)
    label = asked.label if asked is not None and asked.label else capfirst(field.verbose_name)
    last = isinstance(asked, LastDayFormField)
    mine, theirs = (_readable(field, value, last=last) for value in (difference.mine, difference.theirs))
    return ConflictRow(field.name, label, mine, theirs, author, difference.change and difference.change.at)


def _readable(field, value, *, last=False):
    """A value as text, as the form shows it."""
    if isinstance(value, bool):
        return pgettext("a fact", "yes") if value else pgettext("a fact", "no")
    if value in (None, "", [], {}):
        return _("empty")
    if isinstance(value, dict):
        value = [f"{key}: {each}" for key, each in value.items()]
    if isinstance(value, list):
        return written(value) if field.name == "points" else ", ".join(str(each) for each in value)
    if isinstance(value, date):
        return (last_day(value) if last else value).isoformat()
    if isinstance(field, AreaField):
        value = m2(value)
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))
