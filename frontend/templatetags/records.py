"""How a Change row reads to people."""

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import pgettext_lazy

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
    "change": pgettext_lazy("verb", "changed"),
    "complete": pgettext_lazy("verb", "completed"),
    "confirm": pgettext_lazy("verb", "confirmed"),
    "correct": pgettext_lazy("verb", "corrected"),
    "create": pgettext_lazy("verb", "created"),
    "decline": pgettext_lazy("verb", "declined"),
    "discard": pgettext_lazy("verb", "discarded"),
    "draft": pgettext_lazy("verb", "drafted"),
    "end": pgettext_lazy("verb", "ended"),
    "end_early": pgettext_lazy("verb", "ended early"),
    "enter": pgettext_lazy("verb", "entered incubation"),
    "exit": pgettext_lazy("verb", "left incubation"),
    "give_notice": pgettext_lazy("verb", "notice given"),
    "graduate": pgettext_lazy("verb", "graduated"),
    "hand_back": pgettext_lazy("verb", "handed back"),
    "hold": pgettext_lazy("verb", "held"),
    "join": pgettext_lazy("verb", "joined"),
    "lapse": pgettext_lazy("verb", "lapsed"),
    "leave": pgettext_lazy("verb", "left"),
    "merge": pgettext_lazy("verb", "merged"),
    "move_in": pgettext_lazy("verb", "moved in"),
    "note": pgettext_lazy("verb", "noted"),
    "offer": pgettext_lazy("verb", "offered"),
    "open": pgettext_lazy("verb", "opened"),
    "pass": pgettext_lazy("verb", "passed to the next step"),
    "prolong": pgettext_lazy("verb", "prolonged"),
    "receive": pgettext_lazy("verb", "accepted for review"),
    "register": pgettext_lazy("verb", "registered"),
    "reject": pgettext_lazy("verb", "rejected"),
    "relocate": pgettext_lazy("verb", "relocated"),
    "renew": pgettext_lazy("verb", "renewed"),
    "reopen": pgettext_lazy("verb", "reopened"),
    "retire": pgettext_lazy("verb", "retired"),
    "return": pgettext_lazy("verb", "returned for changes"),
    "review": pgettext_lazy("verb", "reviewed"),
    "save": pgettext_lazy("verb", "saved"),
    "say": pgettext_lazy("verb", "wrote"),
    "send": pgettext_lazy("verb", "sent"),
    "sign": pgettext_lazy("verb", "signed"),
    "split": pgettext_lazy("verb", "split"),
    "submit": pgettext_lazy("verb", "submitted"),
    "take_offline": pgettext_lazy("verb", "taken out of service"),
    "unsign": pgettext_lazy("verb", "signature undone"),
    "verify": pgettext_lazy("verb", "verified"),
    "wish": pgettext_lazy("verb", "units wished"),
    "withdraw": pgettext_lazy("verb", "withdrawn"),
}
# Columns that no person asks about: counters, keys and what a file looks like from outside.
BOOKKEEPING = {"id", "version", "name_key", "saved_at", "sha256", "content_type", "size"}


@register.filter
def verb(change):
    return VERBS.get(change.verb, change.verb)


@register.filter
def differences(change):
    """(field, old, new) for each fact that differs; a new or a removed row shows the facts it has."""
    before, after = change.before or {}, change.after or {}
    names = [
        name
        for name in (after or before)
        if name not in BOOKKEEPING
        and before.get(name) != after.get(name)
        and not _empty(before.get(name), after.get(name))
    ]
    fields = {name: _field(change.object_type, name) for name in names}
    return [
        (
            field.verbose_name if field else name,
            _shown(field, before.get(name)),
            _shown(field, after.get(name)),
        )
        for name, field in fields.items()
    ]


def _empty(*values):
    return all(value in (None, "", [], False) for value in values)


def _shown(field, value):
    """A value as the pages write it: the words of a choice, yes or no, a dash for nothing."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return pgettext_lazy("a fact", "yes") if value else pgettext_lazy("a fact", "no")
    choices = dict(getattr(field, "flatchoices", ()))
    return choices.get(value, value) if isinstance(value, str) else value


def _field(object_type, name):
    """The field of a fact; None for one that is no column any more."""
    try:
        return apps.get_model(object_type)._meta.get_field(name.removesuffix("_id"))
    except (LookupError, FieldDoesNotExist):
        return None
