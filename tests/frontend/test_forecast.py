"""The page of the forecast."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from frontend.site.formatting import day
from tenants.models import LeaseLine
from tenants.states import Scenario
from tenants.worker import kept_forecasts
from tests import make
from tests.frontend import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


def shown(client, user, language="en", **query):
    client.force_login(user)
    client.cookies["django_language"] = language
    return client.get(reverse("forecast"), query)


def rented(people, number):
    """A lease of one more unit of the park."""
    lease = make.lease(company=people.tenant_company, park=people.park, ends_on=date(2027, 3, 1))
    unit = make.unit(floor=people.rooms.r401.floor, code=f"HIT-01-A-9{number:03}", usable_area=Decimal("50.00"))
    taken = make.allocation(unit=unit, ends_on=lease.ends_on, moved_in_on=date(2026, 2, 1))
    LeaseLine.objects.create(lease=lease, unit=unit, allocation=taken)


def ran_out(people, number, *, stays):
    unit = make.unit(floor=people.rooms.r401.floor, code=f"HIT-01-A-8{number:03}")
    end = date(2026, 3, 1)
    make.allocation(unit=unit, starts_on=date(2025, 1, 1), signed_on=date(2025, 1, 1), ends_on=end,
                    moved_in_on=date(2025, 1, 1), handed_back_on=end)  # fmt: skip
    if stays:
        make.allocation(unit=unit, starts_on=end, ends_on=date(2032, 1, 1), moved_in_on=end)


@pytest.mark.parametrize(
    ("language", "nothing", "none_kept"),
    [
        ("en", "there is nothing to forecast", "none is kept"),
        ("zh-hans", "没有可预测的内容", "尚未留存"),
    ],
)
def test_an_empty_place_and_no_history_have_something_true_to_say(client, people, language, nothing, none_kept):
    empty = shown(client, people.official, language, park=make.park(code="EMPTY").code)

    assert (empty.status_code, nothing in empty.content.decode()) == (200, True)

    text = shown(client, people.official, language).content.decode()

    assert nothing not in text
    assert none_kept in text


def test_one_figure_in_three_scenarios_with_its_rate_and_rows(client, people):
    rented(people, 1)
    for number in range(20):
        ran_out(people, number, stays=number < 5)

    answer = shown(client, people.manager, park="HIT-01")
    text = answer.content.decode()
    today, march = answer.context["rows"][0], next(r for r in answer.context["rows"] if r["day"] == date(2027, 3, 31))
    nothing, every, observed = (vacant for _label, vacant, _url in march["vacant"])

    assert len(answer.context["rows"]) == 25
    assert len({vacant for _label, vacant, _url in today["vacant"]}) == 1
    assert nothing > observed > every
    assert nothing - every >= Decimal("50.00")
    assert [(used.rate.n, used.rate.stayed_n, used.rate.rate) for _source, used in answer.context["rates"]] == [
        (20, 5, Decimal("0.2500"))
    ]
    assert answer.context["rates"][0][0] == answer.context["place"]
    assert text.count("<polyline") == 3
    assert f"as_of={march['day']}" in march["vacant"][0][2]
    assert client.get(march["vacant"][0][2]).status_code == 200
    assert [label for label, _rate in march["rates"]] == [scenario.label for scenario in Scenario]


def test_without_a_rate_of_our_own_its_scenario_is_left_empty(client, people):
    rented(people, 1)

    answer = shown(client, people.official)
    text = answer.content.decode()

    assert answer.context["year"]["vacant"][2][1] is None
    assert "there is no rate of our own" in text
    assert text.count("<polyline") == 2


def test_a_kept_forecast_of_which_no_month_is_over_says_when_it_was_kept(client, people):
    kept_forecasts.keep(world.DAY)

    text = shown(client, people.official).content.decode()

    assert f"the first was kept on {day(world.DAY, 'prose')}" in text


def test_what_a_person_may_not_look_into_is_not_found_in_the_choice(client, people):
    """A neighbour reads the totals, as of any coming day, and no park of others."""
    assert shown(client, people.neighbour).status_code == 200
    assert shown(client, people.neighbour, park="HIT-01").status_code == 400
    assert shown(client, people.tenant).status_code == 403
    assert shown(client, people.manager, park="NOWHERE").status_code == 400
    assert [tab[:2] for tab in shown(client, people.manager).context["tabs"]][-1] == (True, "Forecast")


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_costs_the_same_for_any_number(client, people, django_assert_num_queries, many):
    for number in range(many):
        rented(people, number)
    client.force_login(people.manager)

    with django_assert_num_queries(23):
        assert client.get(reverse("forecast")).status_code == 200


def test_its_links_lead_to_the_units_that_it_counted(client, people):
    """A park is itself, whatever else is asked; the list of units would narrow it by the rest."""
    other = make.ecosystem(code="other").code

    for more in ({"ecosystem": other}, {"scope": "industrial"}):
        shown_row = shown(client, people.official, park="HIT-01", **more).context["rows"][0]
        listed = client.get(shown_row["links"]["lettable"]).context

        assert shown_row["lettable"] == listed["area"] > 0


def test_without_a_choice_the_filter_shows_the_scope_that_is_counted(client, people):
    answer = shown(client, people.official)

    assert [value for value, _label in answer.context["filter"].form.fields["scope"].choices] == [
        "incubators",
        "industrial",
    ]
    assert shown(client, people.official, scope="incubators").context["narrowed"] == 0
    assert shown(client, people.official, scope="industrial").context["narrowed"] == 1
