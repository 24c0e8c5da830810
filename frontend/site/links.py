"""Addresses with filters and the data date, by which a number leads to its rows; names in the reader's language."""

import re
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language

from spaces.states import UnitState

CHINESE = re.compile(r"[\u4e00-\u9fff]")
BOTH = " / "
LEVEL = re.compile("(?P<below>地下|负)?(?P<number>[0-9]{1,3})[层楼]")


def days_asked(request, on=None):
    """Name -> text of the parameters for a day (None: that of the page), and for what was known; {}: today and now."""
    day = on or request.as_of
    known = {"known_on": request.known_on.text} if request.known_on else {}
    return known | ({"as_of": day.isoformat()} if day != request.today else {})


def with_day(request, url, **query):
    """`url` with a query string; the day is kept while it is not today, and what was known with it."""
    query |= days_asked(request)
    return f"{url}?{urlencode(query, doseq=True)}" if query else url


def page(request, name, *args, **query):
    return with_day(request, reverse(name, args=args), **query)


def on_day(request, name, day, **query):
    """The address of a list on a given day, whatever the data date of the page."""
    return f"{reverse(name)}?{urlencode(query | days_asked(request, day), doseq=True)}"


def state_links(request, *, on=None, **scope):
    """State -> address of the units in it within a scope; `taken` and `lettable` are the two sums the tables show."""

    # Lists of buildings build a dozen addresses a row: what they share is built once.
    whole = page(request, "unit-list", **scope) if on is None else on_day(request, "unit-list", on, **scope)
    joint = "&" if "?" in whole else "?"
    links = {state: f"{whole}{joint}state={state}" for state in UnitState.values}
    links["taken"] = f"{links[UnitState.OCCUPIED.value]}&state={UnitState.HOLDOVER.value}"
    links["lettable"] = f"{whole}{joint}state=lettable"
    links["all"] = whole
    return links


def named(row):
    """The name in the reader's language: on English pages the English name before the Chinese one."""
    if get_language() == "en" and row.name_en and row.name_en != row.name:
        return f"{row.name_en} {row.name}"
    return row.name


def floor_name(floor):
    """The floor's label; on English pages 8层 reads Level 8 and 地下1层 Level B1, any other label stays."""
    found = LEVEL.fullmatch(floor.label) if get_language() == "en" else None
    return f"Level {'B' if found['below'] else ''}{int(found['number'])}" if found else floor.label


def readers_half(text):
    """A note written twice, “规划 / planned”, in the reader's language; any other text as it is."""
    chinese, _both, english = text.partition(BOTH)
    if not english or not CHINESE.search(chinese) or CHINESE.search(english):
        return text
    return english if get_language() == "en" else chinese
