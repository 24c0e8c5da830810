"""Addresses with their filters and the day asked about, so that a number can lead to its rows."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language

from spaces.states import UnitState


def with_day(request, url, **query):
    """`url` with a query string; the day is kept while it is not today."""
    if request.as_of != request.today:
        query["as_of"] = request.as_of.isoformat()
    return f"{url}?{urlencode(query, doseq=True)}" if query else url


def page(request, name, *args, **query):
    return with_day(request, reverse(name, args=args), **query)


def state_links(request, **scope):
    """State -> address of the units in it within a scope; `taken` and `offered` are the two sums the tables show."""
    links = {state.value: page(request, "unit-list", **scope, state=state.value) for state in UnitState}
    links["taken"] = page(request, "unit-list", **scope, state=[UnitState.OCCUPIED.value, UnitState.HOLDOVER.value])
    links["offered"] = page(request, "unit-list", **scope, state="offered")
    links["all"] = page(request, "unit-list", **scope)
    return links


def named(row):
    """The name as this reader wants it: Chinese names stay Chinese, on English pages the English one goes before."""
    if get_language() == "en" and row.name_en and row.name_en != row.name:
        return f"{row.name_en} {row.name}"
    return row.name
