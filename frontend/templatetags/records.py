"""How a Change row reads to people."""

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

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
    return [
        (_label(change.object_type, name), _shown(before.get(name)), _shown(after.get(name)))
        for name in (after or before)
        if name != "id" and before.get(name) != after.get(name) and not _empty(before.get(name), after.get(name))
    ]


def _empty(*values):
    return all(value in (None, "", [], False) for value in values)


def _shown(value):
    return "–" if value in (None, "", []) else value


def _label(object_type, name):
    try:
        return apps.get_model(object_type)._meta.get_field(name.removesuffix("_id")).verbose_name
    except (LookupError, FieldDoesNotExist):
        return name
