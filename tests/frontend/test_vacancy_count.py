"""Where there are too many rooms to look at each, the page of free units counts up to a thousand, best fit first."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from frontend.views.units import vacancy_search
from spaces.models import Unit
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def many_rooms(monkeypatch):
    monkeypatch.setattr(vacancy_search, "MOST_MATCHED", 0)


@pytest.mark.parametrize(("number", "words"), [(3, "3 units are free"), (4, "More than 3 units are free")])
def test_more_than_are_counted_is_said_so(client, monkeypatch, number, words):
    monkeypatch.setattr(vacancy_search, "COUNTED", 3)
    floor = make.floor(building=make.building(ready_on=date(2020, 1, 1)))
    for code in range(number):
        Unit.objects.create(
            code=f"U-{code}", floor=floor, use="office", usable_area=Decimal(9), opens_on=date(2020, 1, 1)
        )

    page = client.get(reverse("vacancy-list"))

    assert words in page.content.decode()
    assert page.context["page"].paginator.count == 3


def test_several_uses_are_found_best_fit_first(client):
    floor = make.floor(building=make.building(ready_on=date(2020, 1, 1)))
    for code, use, area in (("A", "lab", 30), ("B", "office", 20), ("C", "desk", 10), ("D", "lab", 10)):
        Unit.objects.create(code=code, floor=floor, use=use, usable_area=Decimal(area), opens_on=date(2020, 1, 1))

    def found(*uses):
        return [card.first.code for card in client.get(reverse("vacancy-list"), {"use": uses}).context["cards"]]

    assert (found("office", "lab"), found("lab"), found()) == (["D", "B", "A"], ["D", "A"], ["C", "D", "B", "A"])
