"""A list of the API costs the same with one row, three and three hundred: literal numbers of statements."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from spaces.models import Allocation, Unit
from tenants.credit_codes import name_key
from tenants.models import (
    Company,
    Extension,
    Handover,
    Incubation,
    Lease,
    LeaseLine,
    Notice,
    Offer,
    OfferLine,
    SpaceRequest,
)
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
# Session and user; the scope; parks to choose from where there is a filter of them; the count and the page.
COUNTS = {
    "api-request-list": 6,
    "api-offer-list": 5,
    "api-lease-list": 6,
    "api-handover-list": 5,
    "api-company-list": 6,
    "api-incubation-list": 6,
    "api-notice-list": 4,
}


def filled(many):
    """`many` companies, each with a request, an offer, a lease on a unit, its checklist, a clock, and a notice."""
    park = make.park(code="P")
    floor, official = make.floor(building=make.building(park=park)), make.user()
    make.assignment(user=official, role="provincial_official")
    numbers = range(many)
    units = Unit.objects.bulk_create(
        [Unit(code=f"U-{each}", floor=floor, use="office", usable_area=10, opens_on="2020-01-01") for each in numbers]
    )
    period = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
    taken = Allocation.objects.bulk_create(
        [Allocation(unit=unit, purpose="tenancy", signed_on=date(2026, 1, 1), **period) for unit in units]
    )
    names = [f"示例{each}" for each in numbers]
    companies = Company.objects.bulk_create(
        [
            Company(number=f"QY-{each}", name=name, name_key=name_key(name), registers_by=date(2027, 1, 1))
            for each, name in enumerate(names)
        ]
    )
    sent = {"submitted_at": NOW, "submitted_by": official, "created_at": NOW, "saved_at": NOW, "state": "leased"}
    wanted = SpaceRequest.objects.bulk_create(
        [SpaceRequest(number=f"XQ-{each}", company=companies[each], park=park, **sent) for each in numbers]
    )
    result = {"park": park, "held_until": date(2026, 2, 1), "created_at": NOW, **period}
    offers = Offer.objects.bulk_create(
        [Offer(number=f"TJ-{each}", request=wanted[each], **result) for each in numbers]
    )
    OfferLine.objects.bulk_create(
        [OfferLine(offer=offers[each], unit=units[each], allocation=taken[each]) for each in numbers]
    )
    rent(companies, offers, park, units, taken, period)
    clocks = Incubation.objects.bulk_create(
        [
            Incubation(company=company, park=park, entered_on=date(2026, 1, 1), rule="N18-12", limit_months=48)
            for company in companies
        ]
    )
    Extension.objects.bulk_create(
        [Extension(incubation=clock, months=6, why="trial", created_at=NOW) for clock in clocks]
    )
    Notice.objects.bulk_create(
        [
            Notice(user=official, event="visit_asked", key=str(each), facts={"number": "TJ"}, link="/", created_at=NOW)
            for each in numbers
        ]
    )
    return official


def rent(companies, offers, park, units, taken, period):
    leases = Lease.objects.bulk_create(
        [
            Lease(
                number=f"ZL-{each}", company=company, park=park, offer=offers[each], state="signed",
                signed_on=date(2026, 1, 1), **period,
            )
            for each, company in enumerate(companies)
        ]
    )  # fmt: skip
    LeaseLine.objects.bulk_create(
        [LeaseLine(lease=lease, unit=units[each], allocation=taken[each]) for each, lease in enumerate(leases)]
    )
    Handover.objects.bulk_create(
        [
            Handover(number=f"RZ-{each}", lease=lease, kind="move_in", planned_on=date(2026, 1, 1))
            for each, lease in enumerate(leases)
        ]
    )


@pytest.mark.parametrize("many", [1, 3, 300])
@pytest.mark.parametrize("name", COUNTS)
def test_a_list_costs_the_same_for_any_number(client, django_assert_num_queries, name, many):
    client.force_login(filled(many))

    with django_assert_num_queries(COUNTS[name]):
        response = client.get(reverse(name), {"page_size": "200"})

    assert len(response.json()["results"]) == min(many, 200)
    assert response.json()["count"] == many


@pytest.mark.parametrize("many", [1, 300])
def test_a_csv_of_all_leases_is_one_statement(client, django_assert_num_queries, many):
    client.force_login(filled(many))

    with django_assert_num_queries(5):
        text = b"".join(client.get(reverse("api-lease-list"), {"format": "csv"}).streaming_content)

    assert text.count(b"\r\n") == 1 + many
