"""Search of vacant units on the public page in three groups: fits, nearly fits, and why the rest does not."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import cached_property

from frontend.site.bounded_pages import ListPaginator
from spaces.access import is_known
from spaces.ledger import vacancy
from spaces.models import Unit
from spaces.models.units import FEATURES
from spaces.values.days import day_after, months_to_reach
from tenants import matching

MOST_MATCHED = 3000  # rooms looked at one by one; beyond it only what fits is looked up, in SQL
PER_PAGE = 24
COUNTED = 500  # of what fits among more rooms than that; a visitor narrows the search long before
NEAR_SHOWN = 12
OTHERS_SHOWN = 50
WHERE = ("ecosystem", "city", "park")


@dataclass(frozen=True, slots=True)
class Card:
    """One unit, or adjacent units to be let together, as it is offered on the page."""

    units: list
    area: Decimal
    starts_on: date
    free_until: date | None
    misses: list
    chosen: bool

    @property
    def first(self):
        return self.units[0]

    @property
    def codes(self):
        return [unit.code for unit in self.units]


class Finding:
    """What a valid search finds. `matched` is False where there are too many rooms to look at each."""

    def __init__(self, window, found, units, *, today, on, basket, known):
        self.asked, self.filters, self.basket = window, found.form.cleaned_data, basket
        self.found, self.today, self.on, self.known = found, today, on, known
        self.units = units.with_facts(self.starts_on)
        for name in WHERE:
            self.units = found.filters[name].filter(self.units, self.filters[name])
        if len(self.filters["use"]) > 1:
            self.units = self.units.filter(use__in=self.filters["use"])

    @property
    def starts_on(self):
        return self.asked.get("starts_on") or self.on

    @cached_property
    def matched(self):
        return self.on >= self.today and self.units.values("pk")[: MOST_MATCHED + 1].count() <= MOST_MATCHED

    @cached_property
    def match(self):
        return matching.match(self.requirements(), self.units, on=self.today, known=self.known)

    def requirements(self):
        asked = self.filters
        uses, ends_on = asked["use"], self.asked.get("ends_on")
        return matching.Requirements(
            use=uses[0] if len(uses) == 1 else "",
            area_min=self.asked.get("area_min"),
            area_max=asked["area__lte"],
            height_m=asked["height_m__gte"],
            load_kg_m2=_whole(asked["load_kg_m2__gte"]),
            power_kw=_whole(asked["power_kw__gte"]),
            features=frozenset(name for name in FEATURES if asked.get(name)),
            needed_by=self.starts_on,
            months=months_to_reach(ends_on, self.starts_on) if ends_on else None,
        )

    def fitting(self):
        """What fits, in SQL alone: free on the first day, or for the whole window if an end was given."""
        free = vacancy.fitting(
            self.units,
            starts_on=self.starts_on,
            ends_on=self.asked.get("ends_on"),
            area_min=self.asked.get("area_min"),
            today=self.today,
        )
        ends_on = self.asked.get("ends_on") or day_after(self.starts_on)
        shown = vacancy.disclosable(free, ends_on=ends_on, today=self.today, known=self.known)
        return self.found.filter_queryset(shown)

    def shown(self, number):
        """The page's context: one page of what fits, the nearest of the rest, and the reasons as text."""
        if not self.matched:
            ids = list(self.fitting().values_list("pk", flat=True)[: COUNTED + 1])
            paged = ListPaginator(ids[:COUNTED], PER_PAGE)
            page = paged.get_page(number)
            cards = self._free(page.object_list)
            more = len(ids) > COUNTED
            return {"page": page, "cards": cards, "number": paged.count, "more": more, "matched": False}
        match = self.match
        page = ListPaginator(match.fits, PER_PAGE).get_page(number)
        near, others = match.near[:NEAR_SHOWN], match.others[:OTHERS_SHOWN]
        ids = {pk for each in (*page, *near) for pk in each.ids} | {each.room.pk for each in others}
        known = Unit.objects.with_facts(self.starts_on).select_related("floor__building__park").in_bulk(ids)
        return {
            "page": page,
            "cards": [self._candidate(each, known) for each in page],
            "number": len(match.fits),
            "near": [self._candidate(each, known) for each in near],
            "near_number": len(match.near),
            "others": [(known[each.room.pk], self._why_not(known[each.room.pk], each.miss)) for each in others],
            "others_number": len(match.others),
            "reasons": [(rule.label, count) for rule, count in match.reasons.items()],
            "matched": True,
        }

    def _free(self, ids):
        """The cards of units that `fitting` has found, in the order of their ids."""
        units = Unit.objects.filter(pk__in=ids).with_facts(self.starts_on).select_related("floor__building__park")
        window = {"starts_on": self.starts_on, "ends_on": self.asked.get("ends_on")}
        known = vacancy.with_free_until(units, **window, today=self.today).in_bulk()
        units = [known[pk] for pk in ids]
        return [self._card([unit], unit.usable_area, self.starts_on, unit.free_until) for unit in units]

    def _why_not(self, unit, miss):
        return matching.message(miss, ends_known=is_known(unit.floor.building.park_id, self.known))

    def _candidate(self, each, known):
        units = [known[pk] for pk in each.ids]
        return self._card(units, each.area, each.starts_on, each.free_until, matching.sentences(each))

    def _card(self, units, area, starts_on, free_until, misses=()):
        chosen = all(unit.code in self.basket for unit in units)
        return Card(units, area, starts_on, free_until, list(misses), chosen)


def _whole(number):
    return None if number is None else int(number)
