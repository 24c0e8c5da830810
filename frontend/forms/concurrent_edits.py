"""The version of a row in the form that edits it; and a conflict: both values of each field, and a way to decide."""

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
    """One field of a conflict, in words: what was sent, what stands, who wrote that and when."""

    name: str
    label: str
    mine: str
    theirs: str
    by: object
    at: datetime | None


def open_on(form, row, request):
    """The form that edits `row`, with the version that it shows; refused where it was sent without one."""
    if form.is_bound and not hasattr(form, "conflict") and not _is_version(form.data.get("version", "")):
        add_conflict(form, UnknownVersionError(row, [], request.user))
    return carry_version(form, row)


def carry_version(form, row):
    """The form, with the version of `row` that it shows: that of the page it was sent from, else the newest."""
    if hasattr(form, "conflict"):  # it shows what stands by now
        return form
    sent = form.data.get("version", "") if form.is_bound else ""
    form.version = int(sent) if _is_version(sent) else version_of(row)
    return form


def seen(request):
    """What the page that was sent had seen."""
    sent = request.POST.get("version", "")
    theirs = request.POST.getlist("conflict") if "take_theirs" in request.POST else ()
    return Seen(int(sent) if _is_version(sent) else None, request.user, frozenset(theirs))


def seen_if_told(request):
    """The same for an act that edits nothing; None where the page does not say."""
    return seen(request) if _is_version(request.POST.get("version", "")) else None


def say_merged(request, told):
    """Tell what others changed meanwhile, in fields that this page left alone."""
    merged = told.merged if told else []
    for each, name in zip(merged, authors_of(merged, request.user), strict=True):
        words = _("Meanwhile %(name)s changed “%(field)s” to %(value)s. That stands.")
        words_of = LAST_DAYS.get(each.field.name)
        value = _readable(each.field, each.theirs, last=words_of is not None)
        told_of = {"field": words_of or capfirst(each.field.verbose_name), "value": value}
        messages.info(request, words % (told_of | {"name": name}))


def add_conflict(form, stale):
    """The form as it was typed, with both values of each field; sent again it is saved over what stands."""
    names = authors_of(stale.differences, stale.reader)
    form.version, form.conflict_title = stale.version, stale.title
    form.conflict = [_row(form, each, name) for each, name in zip(stale.differences, names, strict=True)]
    form.add_error(None, stale)


def _is_version(sent):
    return sent.isascii() and sent.isdecimal() and len(sent) <= MOST_DIGITS


def _row(form, told, author):
    field = told.field
    asked = form.fields.get(field.name)
    label = asked.label if asked is not None and asked.label else capfirst(field.verbose_name)
    last = isinstance(asked, LastDayFormField)
    mine, theirs = (_readable(field, value, last=last) for value in (told.mine, told.theirs))
    return ConflictRow(field.name, label, mine, theirs, author, told.change and told.change.at)


def _readable(field, value, *, last=False):
    """A value in words, as the form shows it."""
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
