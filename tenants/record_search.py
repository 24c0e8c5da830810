"""The search of the page header: groups of rows that the user may see, best fit first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Model, Q, QuerySet, Window
from django.utils.translation import gettext_lazy as _

from spaces import place_search
from spaces.access import listed_on
from spaces.models import Building, Park, Unit
from spaces.models.people import AnyUser, rights_read_once
from spaces.place_search import (
    Words,
    any_of,
    by_fit,
    fitting,
    holding,
    ranked,
)
from spaces.values.search_keys import words_of
from tenants.models import Company, Handover, Lease, LeaseLine, Offer, OfferLine, SpaceRequest

MOST = 5  # hits of a group on the first page


@dataclass(frozen=True, slots=True)
class Asked:
    words: Words
    user: AnyUser
    on: date
    today: date


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """`rows` are the hits in the order in which they are shown, each with `fit`, 0 for the best."""

    name: str
    label: Any
    rows: Callable[[Asked], QuerySet[Any]]
    is_open: bool = False  # to visitors


@dataclass(frozen=True, slots=True)
class GroupHits:
    """The first hits of a group, and their number."""

    group: SearchGroup
    hits: Sequence[Model]
    number: int


def companies(rows: QuerySet[Company], words: Words) -> QuerySet[Company]:
    """Companies by name, number or credit code."""
    return fitting(rows, words, "search_key")


def requests(rows: QuerySet[SpaceRequest], words: Words) -> QuerySet[SpaceRequest]:
    """Requests by number or company."""
    return _each(rows, words, lambda word: _numbered(word) | holding(word, "company__search_key"))


def leases(rows: QuerySet[Lease], words: Words) -> QuerySet[Lease]:
    """Leases by number, company or unit."""

    def found(word: str) -> Q:
        lines = LeaseLine.objects.filter(_of_unit(word)).values("lease")
        of_company = Company.objects.filter(holding(word, "search_key"))
        return _numbered(word) | Q(company__in=of_company.values("pk")) | Q(pk__in=lines)

    return _each(rows, words, found)


def offers(rows: QuerySet[Offer], words: Words) -> QuerySet[Offer]:
    """Offers by number, request, company or unit."""

    def found(word: str) -> Q:
        lines = OfferLine.objects.filter(_of_unit(word)).values("offer")
        numbered = _numbered(word) | _numbered(word, "request__")
        return numbered | holding(word, "request__company__search_key") | Q(pk__in=lines)

    return _each(rows, words, found)


def handovers(rows: QuerySet[Handover], words: Words) -> QuerySet[Handover]:
    """Handovers by number, lease, company or unit."""

    def found(word: str) -> Q:
        lines = LeaseLine.objects.filter(_of_unit(word)).values("lease")
        numbered = _numbered(word) | _numbered(word, "lease__")
        return numbered | holding(word, "lease__company__search_key") | Q(lease__in=lines)

    return _each(rows, words, found)


def _each[Rows: QuerySet[Any]](rows: Rows, words: Words, found: Callable[[str], Q]) -> Rows:
    return rows.filter(*map(found, words)) if words else rows.none()


def _numbered(word: str, path: str = "") -> Q:
    """Condition: the word is a part of a number, such as 2026-0014 or 14 of XQ-2026-0014."""
    return Q((f"{path}number__contains", word.upper()))


def _of_unit(word: str) -> Q:
    """Condition: the word is in the key of the unit or of its building. Either key is read alone, before any join."""
    buildings = Building.objects.filter(holding(word, "search_key"))
    inside = Unit.objects.filter(floor__building__in=buildings.values("pk"))
    units = Unit.objects.filter(holding(word, "search_key"))
    return Q(unit__in=units.values("pk")) | Q(unit__in=inside.values("pk"))


def _by_number(words: Words) -> Case:
    """Sort key: rows whose number, or its last part, is a word come first."""
    ends = [("number__endswith", f"-{word.upper()}") for word in words]
    return ranked(any_of([*ends, ("number__in", [word.upper() for word in words])]))


def _best_first[Rows: QuerySet[Any]](rows: Rows, asked: Asked, park: str, *order: str) -> Rows:
    """Rows by fit; among equal ones those of the user's parks come first."""
    fitted = rows.annotate(fit=by_fit(asked.words))
    if not asked.user.is_authenticated:
        return fitted.order_by("fit", *order)
    own = ranked(Q((f"{park}__in", Park.objects.editable_by(asked.user).values("pk"))))
    return fitted.order_by("fit", own, *order)


def _parks(asked: Asked) -> QuerySet[Park]:
    rows = place_search.parks(Park.objects.visible_to(asked.user), asked.words)
    return _best_first(rows, asked, "pk", "code_order")


def _buildings(asked: Asked) -> QuerySet[Building]:
    rows = place_search.buildings(Building.objects.visible_to(asked.user).select_related("park"), asked.words)
    return _best_first(rows, asked, "park", "park__code_order", "code_order")


def _units(asked: Asked) -> QuerySet[Unit]:
    rows = Unit.objects.visible_to(asked.user).existing(asked.on).select_related("floor__building__park")
    listed = listed_on(rows, asked.user, day=asked.on, today=asked.today)
    return _best_first(place_search.units(listed, asked.words), asked, "floor__building__park", "code_order")


def _companies(asked: Asked) -> QuerySet[Company]:
    rows = companies(Company.objects.visible_to(asked.user), asked.words)
    return rows.annotate(fit=by_fit(asked.words)).order_by("fit", "name", "pk")


def _newest_first(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    return rows.annotate(fit=_by_number(asked.words)).order_by("fit", "-pk")


def _requests(asked: Asked) -> QuerySet[SpaceRequest]:
    rows = SpaceRequest.objects.visible_to(asked.user).select_related("company", "park", "ecosystem")
    return _newest_first(requests(rows, asked.words), asked)


def _offers(asked: Asked) -> QuerySet[Offer]:
    rows = Offer.objects.visible_to(asked.user).select_related("request__company", "park")
    return _newest_first(offers(rows, asked.words), asked)


def _leases(asked: Asked) -> QuerySet[Lease]:
    rows = Lease.objects.visible_to(asked.user).select_related("company", "park")
    return _newest_first(leases(rows, asked.words), asked)


def _handovers(asked: Asked) -> QuerySet[Handover]:
    rows = Handover.objects.visible_to(asked.user).select_related("lease__company", "lease__park")
    return _newest_first(handovers(rows, asked.words), asked)


GROUPS = {
    group.name: group
    for group in (
        SearchGroup("units", _("Units"), _units, is_open=True),
        SearchGroup("parks", _("Parks"), _parks, is_open=True),
        SearchGroup("buildings", _("Buildings"), _buildings, is_open=True),
        SearchGroup("companies", _("Companies"), _companies),
        SearchGroup("requests", _("Space requests"), _requests),
        SearchGroup("offers", _("Offers"), _offers),
        SearchGroup("leases", _("Leases"), _leases),
        SearchGroup("handovers", _("Handovers"), _handovers),
    )
}


def groups_for(user: AnyUser) -> list[SearchGroup]:
    """The groups that the user may search."""
    return [group for group in GROUPS.values() if group.is_open or user.is_authenticated]


def search(typed: str, user: AnyUser, *, on: date, today: date) -> list[GroupHits]:
    """The groups with hits, the one with the best hit first. One query for each group, and those for the rights."""
    asked = Asked(words_of(typed), user, on, today)
    if not asked.words:
        return []
    with rights_read_once():
        found = [_first(group, asked) for group in groups_for(user)]
    return sorted((each for each in found if each.hits), key=lambda each: each.hits[0].fit)  # type: ignore[attr-defined]


def rows_of(group: SearchGroup, typed: str, user: AnyUser, *, on: date, today: date) -> QuerySet[Any]:
    """All hits of one group."""
    return group.rows(Asked(words_of(typed), user, on, today))


def _first(group: SearchGroup, asked: Asked) -> GroupHits:
    hits = list(group.rows(asked).annotate(number_of_hits=Window(Count(F("pk"))))[:MOST])
    return GroupHits(group, hits, hits[0].number_of_hits if hits else 0)
