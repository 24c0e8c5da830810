"""Messages that explain a miss."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces.models import Unit
from spaces.states import Use
from spaces.values.days import add_months, last_day
from tenants.matching.joining import Joined
from tenants.matching.ranking import Candidate
from tenants.matching.rules import OF_A_TENANCY, Miss, Rule


def message(miss: Miss, *, ends_known: bool = True) -> str:
    """“8 m² larger”, “free one month later”, “lower ceiling (3.2 m)”: measured from the nearer bound.

    Without `ends_known` the message names no day of a tenancy, only that the unit is taken.
    """
    if miss.rule in OF_A_TENANCY and not ends_known:
        return str(miss.rule.label)
    return MESSAGES[miss.rule](miss)


def sentences(candidate: Candidate) -> list[str]:
    """Messages for what a near candidate misses; the first names the fitting units on the same floor, if any."""
    messages = [message(miss) for miss in candidate.misses]
    if candidate.beside:
        messages.insert(0, _("same floor as %(unit)s") % {"unit": " + ".join(candidate.beside)})
    return messages


class Several(Protocol):
    """Several rooms shown as one: a candidate, a block."""

    @property
    def joined(self) -> Joined | None: ...


def joined(candidate: Several) -> str:
    """The source of the adjacency of several rooms; empty for one room."""
    return "" if candidate.joined is None else JOINED[candidate.joined]()


JOINED: dict[Joined, Callable[[], str]] = {
    Joined.PLAN: lambda: _("adjacent by the plan of the floor"),
    Joined.NUMBER: lambda: _("next to each other by number; no plan confirms it"),
}


def _plain(number: Decimal) -> str:
    """8.50 as 8.5, 1200.00 as 1,200."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _area(miss: Miss) -> str:
    if miss.has is None:
        return _("usable area not recorded")
    by = {"area": _plain(abs(miss.has - miss.need))}
    return (_("%(area)s m² larger") if miss.has > miss.need else _("%(area)s m² smaller")) % by


def _date(miss: Miss) -> str:
    months = (miss.has.year - miss.need.year) * 12 + miss.has.month - miss.need.month
    if months and add_months(miss.need, months) == miss.has:
        return ngettext("free one month later", "free %(count)d months later", months) % {"count": months}
    days = (miss.has - miss.need).days
    return ngettext("free one day later", "free %(count)d days later", days) % {"count": days}


def _height(miss: Miss) -> str:
    if miss.has is None:
        return _("height not recorded")
    return _("lower ceiling (%(metres)s m)") % {"metres": _plain(miss.has)}


def _load(miss: Miss) -> str:
    if miss.has is None:
        return _("floor loading not recorded")
    return _("floor loading %(has)d kg/m², not %(need)d") % {"has": miss.has, "need": miss.need}


def _power(miss: Miss) -> str:
    if miss.has is None:
        return _("power not recorded")
    return _("power %(has)d kW, not %(need)d") % {"has": miss.has, "need": miss.need}


def _feature(miss: Miss) -> str:
    name = {"feature": getattr(Unit, miss.need).field.verbose_name}
    return (_("%(feature)s: not recorded") if miss.has is None else _("%(feature)s: none")) % name


def _use(miss: Miss) -> str:
    return _("another use: %(use)s") % {"use": Use(miss.has).label}


def _lettable(miss: Miss) -> str:
    return _("not let: %(use)s") % {"use": Use(miss.has).label}


def _retired(miss: Miss) -> str:
    return _("let only up to and including %(day)s") % {"day": last_day(miss.has)}


def _unbuilt(miss: Miss) -> str:
    if miss.has is None:
        return _("not built, no day known")
    return _("not ready before %(day)s") % {"day": miss.has}


def _holdover(miss: Miss) -> str:
    return _("not handed back, ended on %(day)s") % {"day": last_day(miss.has)}


def _offline(miss: Miss) -> str:
    if miss.has is None:
        return _("out of service until further notice")
    return _("out of service, back on %(day)s") % {"day": miss.has}


def _taken(miss: Miss) -> str:
    if miss.has is None:
        return _("taken, no end known")
    return _("taken, free from %(day)s") % {"day": miss.has}


def _held(miss: Miss) -> str:
    return _("held up to and including %(day)s") % {"day": last_day(miss.has)}


MESSAGES: dict[Any, Callable[[Miss], str]] = {
    Rule.LETTABLE: _lettable,
    Rule.USE: _use,
    Rule.RETIRED: _retired,
    Rule.UNBUILT: _unbuilt,
    Rule.HOLDOVER: _holdover,
    Rule.OFFLINE: _offline,
    Rule.TAKEN: _taken,
    Rule.HELD: _held,
    Rule.HEIGHT: _height,
    Rule.LOAD: _load,
    Rule.POWER: _power,
    Rule.FEATURE: _feature,
    Rule.AREA: _area,
    Rule.DATE: _date,
}
