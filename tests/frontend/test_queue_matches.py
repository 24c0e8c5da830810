"""The column "best match" of the queue says what the page of candidates says."""

import pytest
from django.urls import reverse

from spaces.models import Unit
from tenants import matching
from tests.frontend import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


def queue(client, user):
    client.force_login(user)
    response = client.get(reverse("request-list"))
    return {wanted.number: fits for wanted, fits in response.context["rows"]}, response.content.decode()


def test_each_row_counts_what_its_own_page_of_candidates_counts(client, people):
    wishes = [
        desk.submitted(people),
        desk.submitted(people, "rival", area_min=200, area_max=400),
        desk.submitted(people, area_min=5000, area_max=6000),
    ]

    fits, page = queue(client, people.manager)

    result = {
        wanted.number: client.get(reverse("request-match", args=[wanted.number])).context["fit_number"]
        for wanted in wishes
    }
    assert fits == result
    assert [fits[wanted.number] for wanted in wishes] == [3, 1, 0]
    assert (">3 fit</a>" in page, ">1 fits</a>" in page, ">0 fit</a>" in page) == (True,) * 3


def test_nothing_is_matched_for_who_waits_for_no_unit_or_was_taken_by_no_park(client, people):
    offered = desk.offered(people).request
    anywhere = desk.submitted(people, "rival", ecosystem=people.park.ecosystem)

    fits, _page = queue(client, people.manager)

    assert fits == {offered.number: None, anywhere.number: None}


def test_each_request_is_matched_in_its_own_park_alone(client, people):
    other = people.world["two"]
    here, there = desk.submitted(people), desk.submitted(people, "rival")
    type(there).objects.filter(pk=there.pk).update(park=other)
    there.refresh_from_db()

    fits = matching.fit_numbers([here, there], on=desk.DAY)

    alone = matching.match(
        matching.Requirements.of(there), Unit.objects.filter(floor__building__park=other), on=desk.DAY
    )
    assert (fits[here.pk], fits[there.pk], len(alone.fits)) == (3, 1, 1)


@pytest.mark.parametrize(
    ("name", "query"), [("request-list", {"park": "nowhere"}), ("company-list", {"park": "nowhere"})]
)
def test_a_filter_that_is_not_known_is_told_beside_its_field(client, people, name, query):
    client.force_login(people.manager)

    response = client.get(reverse(name), query)

    assert response.status_code == 400
    assert [field.name for field in response.context["faults"]] == ["park"]
    assert '<a href="#id_park">' in response.content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_candidates_cost_the_same_for_any_number_of_others(client, people, django_assert_num_queries, many):
    wanted = desk.admitted(people)
    others = [desk.submitted(people, "rival") for _number in range(many)]
    client.force_login(people.manager)

    with django_assert_num_queries(17):
        response = client.get(reverse("request-match", args=[wanted.number]))

    assert response.context["competitors"] == others
