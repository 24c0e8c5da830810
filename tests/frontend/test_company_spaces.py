"""Find space: what fits, what nearly does in words, and why the rest does not."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from frontend.views.units import vacancy_search
from tenants.models.requests import REQUEST_FEATURES
from tests import make
from tests.frontend.source import source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


@pytest.fixture
def park(db):
    park = make.park(code="P-1", name="示例园")
    floor = make.floor(building=make.building(park=park, code="A", name="A座"), label="4层")
    facts = {"use": "office", "asking_rent": Decimal("1.20")}
    make.unit(floor=floor, code="P-1-A-401", usable_area=Decimal("120.00"), **facts)
    make.unit(floor=floor, code="P-1-A-402", usable_area=Decimal("240.00"), **facts)
    make.unit(floor=floor, code="P-1-A-403", usable_area=Decimal("60.00"), **facts | {"asking_rent": None})
    make.unit(floor=floor, code="P-1-A-404", usable_area=Decimal("75.00"), **facts)
    taken = make.unit(floor=floor, code="P-1-A-405", usable_area=Decimal("130.00"), **facts)
    make.allocation(unit=taken, moved_in_on=date(2026, 1, 1), ends_on=date(2027, 6, 1))
    make.unit(floor=floor, code="P-1-A-406", usable_area=Decimal("125.00"), **facts | {"use": "lab"})
    make.unit(floor=floor, code="P-1-A-407", usable_area=Decimal("121.00"), published=False, **facts)
    return park


def search(client, **asked):
    return client.get(reverse("vacancy-list"), asked)


ASKED = {"area_min": "100", "area__lte": "200", "use": "office"}


def test_three_groups_with_counts_and_words(client, park):
    page = search(client, **ASKED)

    fits = [(card.codes, card.area) for card in page.context["cards"]]
    near = [(card.codes, card.misses) for card in page.context["near"]]
    others = {unit.code: words for unit, words in page.context["others"]}
    assert fits == [(["P-1-A-401"], Decimal("120.00")), (["P-1-A-403", "P-1-A-404"], Decimal("135.00"))]
    assert (["P-1-A-402"], ["same floor as P-1-A-401", "40 m² larger"]) in near
    assert others["P-1-A-405"] == "Taken"
    assert others["P-1-A-406"] == "another use: Laboratory"
    assert "P-1-A-407" not in page.content.decode()


def test_until_when_a_unit_is_taken_is_told_to_those_who_may_know(client, park, official):
    client.force_login(official)

    others = {unit.code: words for unit, words in search(client, **ASKED).context["others"]}

    assert others["P-1-A-405"] == "taken, free from 2027-06-01"


def test_a_card_says_area_place_day_and_rent(client, park):
    page = source(search(client, **ASKED))

    for words in ("120.00 m²", "示例园", "A座", "Level 4", "free now", "1.20 yuan/m²/day", "rent to be negotiated"):
        assert words in page
    assert "Fits 2" in page


def test_each_feature_that_a_request_may_require_is_a_field_of_the_search(client, park):
    page = source(search(client, **ASKED))

    assert [name for name in REQUEST_FEATURES if f'name="{name}"' not in page] == []


def test_reasons_are_counted(client, park):
    page = search(client, **ASKED)

    assert {str(words): count for words, count in page.context["reasons"]} == {
        "Area does not fit": 2,
        "Another use": 1,
        "Taken": 1,
    }


def test_neighbours_are_chosen_together(client, park):
    client.post(reverse("basket"), {"unit": ["P-1-A-403", "P-1-A-404"], "add": "1"})

    cards = {tuple(card.codes): card.chosen for card in search(client, **ASKED).context["cards"]}

    assert client.session["basket"] == ["P-1-A-403", "P-1-A-404"]
    assert cards == {("P-1-A-401",): False, ("P-1-A-403", "P-1-A-404"): True}


def test_htmx_gets_the_button_and_the_bar(client, park):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}

    answer = client.post(reverse("basket"), {"unit": "P-1-A-401", "add": "1", "next": "/spaces/"}, headers=headers)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Added" in text
    assert '<hx-partial hx-target="#basket"' in text
    assert "1 unit chosen (up to 5)" in text
    assert "<html" not in text


CHOSEN = "1 unit chosen (up to 5)"


def test_a_unit_is_chosen_on_its_page_in_the_panel_and_on_its_floor(client, park):
    """Each shows a button, and the bar once something is in the basket."""
    page, panel = reverse("unit-detail", args=["P-1-A-401"]), reverse("unit-panel", args=["P-1-A-401"])
    floor = f"{reverse('floor-detail', args=['P-1', 'A', 1])}?unit=P-1-A-403&unit=P-1-A-407"
    before = [client.get(path).content.decode() for path in (page, floor)]
    small = client.get(panel, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content.decode()

    back = client.post(reverse("basket"), {"unit": "P-1-A-403", "add": "1", "next": floor})

    after = [client.get(path).content.decode() for path in (page, floor)]
    assert [(text.count('name="add"'), text.count(CHOSEN)) for text in [*before, small]] == [(1, 0), (1, 0), (1, 0)]
    assert [(text.count('name="remove"'), text.count(CHOSEN)) for text in after] == [(0, 1), (1, 1)]
    assert 'name="unit" value="P-1-A-403" form="to-basket"' in before[1]
    assert 'name="unit" value="P-1-A-407" form="to-basket"' not in before[1]  # not published
    assert back["Location"] == f"{floor}#u-P-1-A-403"


def test_who_answers_requests_is_offered_no_unit(client, park, official):
    make.assignment(user=(manager := make.user(name="m")), role="park_manager", park=park)
    paths = [
        reverse("unit-detail", args=["P-1-A-401"]),
        f"{reverse('floor-detail', args=['P-1', 'A', 1])}?unit=P-1-A-401",
    ]
    unpublished = client.get(reverse("unit-detail", args=["P-1-A-407"])).content.decode()
    texts = [unpublished]
    for who in (official, manager):
        client.force_login(who)
        texts += [client.get(path).content.decode() for path in paths]

    assert [text.count('name="add"') for text in texts] == [0] * 5


@pytest.mark.parametrize("asked", [{"area_min": "abc"}, {"use": "castle"}, {"starts_on": "soon"}])
def test_what_is_not_understood_keeps_its_value_and_says_so(client, park, asked):
    page = search(client, **asked)

    assert page.status_code == 400
    assert [field.name for field in page.context["faults"]] == [*asked]
    assert [field.data in ([*asked.values()], *asked.values()) for field in page.context["faults"]] == [True]
    assert "There is 1 problem" in page.content.decode()


def test_where_there_are_too_many_rooms_only_what_fits_is_shown(client, park, monkeypatch):
    monkeypatch.setattr(vacancy_search, "MOST_MATCHED", 3)

    page = search(client, **ASKED)

    assert [card.codes for card in page.context["cards"]] == [["P-1-A-401"]]
    assert "Choose an ecosystem, a city or a park to see what nearly fits" in page.content.decode()


def test_a_window_is_asked_for_as_a_whole(client, park, official):
    asked = {"starts_on": "2027-06-01", "ends_on": "2028-05-31", "use": "office", "area_min": "125"}
    outside = search(client, **asked, area__lte="131")
    client.force_login(official)
    later = search(client, **asked, area__lte="131")

    assert [card.codes for card in outside.context["cards"]] == []  # it would tell when its tenant leaves
    assert [card.codes for card in later.context["cards"]] == [["P-1-A-405"]]


@pytest.mark.parametrize("many", [1, 3])
def test_the_search_costs_the_same_for_any_number(client, db, many, django_assert_num_queries):
    floor = make.floor()
    for _number in range(many):
        make.unit(floor=floor, usable_area=Decimal(120))

    with django_assert_num_queries(9):
        page = search(client, area_min="100", area__lte="130")

    assert len(page.context["cards"]) == many
