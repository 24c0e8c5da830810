"""A page with a list costs the same statements with one row, three and three hundred, and at most six for the list.

What is counted: every statement of the request. FRAME of them are not the list's: the session, and the user with what
the menu and the bell show. The lists are read in FETCH_RAISE, so that a forgotten
fetch fails here.
"""

from datetime import date

import pytest
from django.urls import reverse

from spaces.changes.versions import version_of
from spaces.models import Building, Floor, Park
from spaces.month_ledger import rebuilding
from spaces.states import Role
from tests import make
from tests.frontend import desk
from tests.frontend.test_rights import READ

pytestmark = pytest.mark.django_db
FRAME = 2
MOST = 6
COUNTS = {
    ("unit-list",): 4,
    ("vacancy-list",): 10,
    ("park-list",): 4,
    ("pipeline-list",): 5,
    ("ecosystem-list",): 4,
    ("change-list",): 4,
    ("ecosystem-detail", "eco"): 6,
    ("park-detail", "P"): 13,
    ("building-detail", "P", "B"): 11,
    ("floor-detail", "P", "B", 1): 12,
    ("overview",): 13,
    ("home",): 3,
}
# Pages that put several lists and sums together.
SEVERAL = {"vacancy-list", "home", "overview", "ecosystem-detail", "park-detail", "building-detail", "floor-detail"}


def filled(many):
    """`many` parks, buildings and floors beside the ones looked at; twice as many units, half of them taken, each with
    its change.
    """
    ecosystem = make.ecosystem(code="eco")
    park = make.park(code="P", ecosystem=ecosystem)
    building = make.building(park=park, code="B")
    floor = make.floor(building=building, level=1)
    user = make.user()
    make.assignment(user=user, role=Role.PROVINCIAL_OFFICIAL)
    parks = [
        Park(code=f"Q{number}", name=f"Q{number}", kind="incubator", city="x", ecosystem=ecosystem)
        for number in range(many)
    ]
    Park.objects.bulk_create(parks)
    Building.objects.bulk_create(
        [Building(park=park, code=f"C{number}", name="C", ready_on=date(2020, 1, 1)) for number in range(many)]
        + [Building(park=each, code="A", name="A") for each in parks]
    )
    Floor.objects.bulk_create(
        [Floor(building=building, level=number + 2, label=str(number)) for number in range(min(many, 150))]
    )
    make.overstayed_and_vacant(floor, many, by=user)
    return user


@pytest.mark.parametrize("many", [1, 3, 300])
def test_a_page_costs_the_same_for_any_number(client, django_assert_num_queries, many):
    client.force_login(filled(many))

    for (name, *args), count in COUNTS.items():
        with django_assert_num_queries(FRAME + count, info=name):
            response = client.get(reverse(name, args=args))
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("name", "query", "count"),
    [
        ("unit-list", {"ecosystem": "eco", "park": "P", "state": "vacant", "q": "U", "area__gte": "1"}, 6),
        ("vacancy-list", {"ecosystem": "eco", "park": "P", "area_min": "1", "starts_on": "2026-07-01"}, 12),
        ("park-list", {"q": "Q", "kind": "incubator"}, 3),
        ("change-list", {"verb": "create", "page": "2"}, 4),
    ],
)
def test_a_filtered_list_costs_the_same_for_any_number(client, django_assert_num_queries, name, query, count):
    client.force_login(filled(300))

    with django_assert_num_queries(FRAME + count):
        response = client.get(reverse(name), query)

    assert response.status_code == 200


def test_a_list_asks_at_most_six_times():
    assert {name: count for (name, *_args), count in COUNTS.items() if name not in SEVERAL and count > MOST} == {}


def test_every_page_that_lists_rows_is_counted():
    lists = {name for name, *_args in READ if name.endswith(("-list", "-detail"))} | SEVERAL

    # A unit lists its own few periods; the others are counted in test_notices.py, test_mail.py and test_known_on.py.
    elsewhere = {"unit-detail", "notice-list", "mail-list", "restatement-list"}
    assert {name for name, *_args in COUNTS} == lists - elsewhere


POSTS = {  # verb -> the request it is sent for, who sends it, its form, the statements of the whole POST
    "receive": (desk.submitted, "manager", {}, 14),
    "review": (desk.in_review, "manager", {"step": "first", "decision": "passed"}, 22),
    "assign": (desk.in_review, "manager", {"officer": "manager"}, 17),
    "note": (desk.in_review, "manager", {"text": "Call back"}, 17),
    "say": (desk.in_review, "tenant", {"text": "Hello"}, 15),
    "withdraw": (desk.in_review, "tenant", {"why": "Moved elsewhere"}, 17),
    "close": (desk.admitted, "manager", {"why": "No answer"}, 15),
}


@pytest.mark.usefixtures("fixed_today")
@pytest.mark.parametrize("verb", POSTS)
def test_an_act_on_a_request_reads_each_thing_once(client, people, django_assert_num_queries, verb):
    build, sender, form, count = POSTS[verb]
    wanted = build(people)
    data = {"version": version_of(wanted)} | form
    if "officer" in form:
        data["officer"] = people.manager.pk
    client.force_login(getattr(people, sender))

    with django_assert_num_queries(count):
        response = client.post(reverse("request-act", args=[wanted.number, verb]), data)

    assert response.status_code == 303


@pytest.mark.usefixtures("fixed_today")
def test_a_hold_of_a_unit_reads_each_thing_once(client, manager, floor, django_assert_num_queries):
    """The whole POST with the token and the version of its page: 16 read or write; four open or close a transaction
    or the savepoint before the database refuses an overlap."""
    unit = make.unit(floor=floor)
    rebuilding.settle()
    client.force_login(manager)
    data = {"once": "token", "version": version_of(unit)}
    data |= {"starts_on": "2026-07-01", "ends_on": "2027-06-30", "held_until": "2026-07-10"}

    with django_assert_num_queries(20):
        response = client.post(reverse("unit-act", args=[unit.code, "hold"]), data)

    assert response.status_code == 302
    assert unit.allocations.get().held_until == date(2026, 7, 11)
