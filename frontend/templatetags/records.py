"""How a Change row reads to people."""

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

VERBS = {
    "create": _("created"),
    "change": _("changed"),
    "hold": _("held"),
    "sign": _("signed"),
    "move_in": _("moved in"),
    "hand_back": _("handed back"),
    "take_offline": _("taken out of service"),
    "end_early": _("ended early"),
    "lapse": _("lapsed"),
    "correct": _("corrected"),
    "retire": _("retired"),
    "split": _("split"),
    "merge": _("merged"),
    "assign": _("assigned"),
    "end": _("ended"),
}


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
        if name != "id" and before.get(name) != after.get(name) and not _empty(before.get(name), after.get(name))
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
