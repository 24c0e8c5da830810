"""A day that somebody types has bounds, by page and by call of the API: what is absurd is refused."""

from datetime import date

import pytest

from spaces.api.parameters import Day
from tenants.api.urls import urlpatterns
from tenants.models import SpaceRequest
from tests.tenants import rights
from tests.tenants.calls import Caller
from tests.tenants.test_api_hostile import WRITES, _serves

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
FAR = (date(2000, 1, 1), date(2001, 5, 1), date(2099, 12, 31))
OLD = "what it tells of may be older than its record"
FAIR = {
    ("companies.update", "established_on"): OLD,
    ("companies.update", "generated_on"): OLD,
    ("incubation.enter", "entered_on"): OLD,
}


def days_of(path):
    body = next(pattern.callback.cls for pattern in urlpatterns if _serves(pattern, path)).body
    return [name for name, kind in body().fields.items() if isinstance(kind, Day)]


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.act)
def test_no_call_takes_an_absurd_day(row):
    it = row.ready(people := rights.world())
    caller = Caller(next(getattr(people, who) for who in rights.PEOPLE if who not in row.refused))
    tag = caller.get(it.of)["ETag"] if it.of else "none"
    taken = {}
    for name in days_of(it.path):
        for day in FAR if (row.act, name) not in FAIR else FAR[-1:]:
            sent = it.body | {name: day.isoformat()}
            answer = caller.send(it.path, sent, method=row.method, **{"If-Match": tag})
            if answer.status_code not in {400, 409}:
                taken[name, day.year] = answer.status_code

    assert taken == {}


@pytest.mark.parametrize("door", ["page", "begin", "patch"])
@pytest.mark.parametrize(("day", "fits"), [("2001-05-01", False), ("2025-05-31", False), ("2025-06-01", True)])
def test_a_request_is_needed_from_a_year_ago_on_at_most(door, day, fits):
    people = rights.world()
    caller, draft = Caller(people.owner), rights.draft(people)
    here, wish = f"requests/{draft.number}/", rights.WISH | {"park": "HIT-01"}
    if door == "begin":
        answer = caller.send("requests/", wish | {"needed_by": day})
    elif door == "patch":
        answer = caller.seen(here, {"needed_by": day}, of=here, method="PATCH")
    else:
        form = rights.request(lambda _people: draft, page="time/", needed_by=day, months="24")(people)
        answer = caller.client.post(form.page, form.form)

    stored = SpaceRequest.objects.filter(needed_by=day).exists()
    assert (answer.status_code in {200, 201, 302}, stored) == (fits, fits)
    assert ("Enter a day from 2025-06-01 on." in answer.content.decode()) == (not fits)


@pytest.mark.parametrize("declared", [{}, {"declared": False}])
def test_a_call_sends_no_request_that_is_not_declared_true(declared):
    """As the page does: test_without_the_declaration_nothing_is_sent."""
    people = rights.world()
    here = f"requests/{(draft := rights.draft(people)).number}/"

    refused = Caller(people.owner).seen(f"{here}submit/", declared, of=here)

    draft.refresh_from_db()
    assert (refused.status_code, draft.state) == (400, "draft")
    assert [(each["pointer"], each["code"], each["detail"]) for each in refused.json()["errors"]] == [
        ("/declared", "declared", "Tick the declaration: only a true request can be sent.")
    ]
