"""Search for parks, buildings and units, best fit first."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Lower

from spaces.models import Building, Park, Unit

type Words = Sequence[str]  # of search_keys.words_of

LONGEST_SEARCH = 100  # characters
UNIT_KEYS = ("search_key", "floor__building__search_key", "floor__building__park__search_key")


def holding(word: str, *keys: str) -> Q:
    """Condition: one of the keys contains the word; names also match without their dashes."""
    spelt = dict.fromkeys((word, word.replace("-", "")))
    return any_of((f"{key}__contains", each) for key in keys for each in spelt)


def any_of(conditions: Iterable[tuple[str, Any]]) -> Q:
    """Condition: at least one of the lookups holds."""
    return reduce(or_, map(Q, conditions))


def fitting[Rows: QuerySet[Any]](rows: Rows, words: Words, *keys: str) -> Rows:
    """The rows that contain every word; none without words."""
    return rows.filter(*(holding(word, *keys) for word in words)) if words else rows.none()


def parks(rows: QuerySet[Park], words: Words) -> QuerySet[Park]:
    return fitting(rows, words, "search_key")


def buildings(rows: QuerySet[Building], words: Words) -> QuerySet[Building]:
    """Buildings, also by the name of the park and by the full code HIT-01-A."""
    path = Lower(Concat("park__code", Value("-"), "code", output_field=CharField()))
    return fitting(rows.alias(path=path), words, "search_key", "park__search_key", "path")


def units(rows: QuerySet[Unit], words: Words) -> QuerySet[Unit]:
    """Units, also by the names of park and building, so that “A座 401” finds the room."""
    return fitting(rows, words, *UNIT_KEYS)


def by_fit(words: Words) -> Case:
    """Sort key: rows with a word as a whole part of their key (401 of HIT-01-A-401), then as the beginning of one."""
    parts = [f"{lead}{word}" for word in words for lead in " -"]
    whole = [("search_key__contains", f"{part}{end}") for part in parts for end in " -"]
    begins = [("search_key__contains", part) for part in parts]
    return ranked(any_of(whole), any_of(begins))


def ranked(*better: Q) -> Case:
    """Sort key: 0 for rows of the first condition, 1 for those of the second, and so on."""
    cases = [When(condition, Value(place)) for place, condition in enumerate(better)]
    return Case(*cases, default=Value(len(better)), output_field=IntegerField())
