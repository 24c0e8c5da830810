"""The page of hits, the list under the field of the header, and the same for programs."""

import re

import pytest
from django.urls import reverse

from tenants.record_search import MOST
from tests import make
from tests.frontend import desk
from tests.frontend.source import source
from tests.frontend.test_rights import HTMX
from tests.tenants import rights

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
PAGE = reverse("search")


@pytest.fixture
def people():
    found = rights.world()
    found.lease = desk.moved_in(found)
    return found


def ask(client, typed, headers=None, **more):
    return source(client.get(PAGE, {"q": typed} | more, headers=headers))


def links(page):
    return re.findall(r'href="(/(?:units|parks|companies|requests|offers|leases|handovers)/[^"?]+)"', page)


def in_main(page):
    return page.partition("<main")[2].partition("</main>")[0]


def test_every_page_has_the_field_and_it_needs_no_script(client, people):
    client.force_login(people.manager)

    for path in ("/", "/units/", "/parks/HIT-01/", "/leases/", "/nowhere/", PAGE):
        page = client.get(path).content.decode()
        form = re.search(r'<form class="isp-find" method="get" action="([^"]+)".*?</form>', page, re.DOTALL)
        assert form[1] == PAGE, path
        assert 'name="q"' in form[0]
        assert "<button" in form[0]


def test_hits_stand_in_groups_and_enter_opens_the_first(client, people):
    client.force_login(people.manager)

    page = in_main(ask(client, "401"))

    assert links(page)[0] == "/units/HIT-01-A-401/"
    assert f"/leases/{people.lease.number}/" in links(page)
    assert re.findall(r'<a href="([^"]+)" autofocus', page) == ["/units/HIT-01-A-401/"]


def test_the_field_keeps_what_was_typed_and_the_day_is_kept(client, people):
    client.force_login(people.manager)

    page = ask(client, "401", as_of="2026-01-31")

    assert re.search(r'id="find"[^>]* value="401"', page)
    assert '<input type="hidden" name="as_of" value="2026-01-31">' in page
    assert 'href="/units/HIT-01-A-401/?as_of=2026-01-31"' in page


def test_a_group_shows_a_few_and_leads_to_all_of_them(client, people):
    page = in_main(ask(client, "HIT-01-A"))
    (more,) = [each for each in re.findall(r'href="([^"]+)"', page) if "group=units" in each]

    every = in_main(client.get(more.replace("&amp;", "&")).content.decode())

    units = [each for each in links(page) if each.startswith("/units/")]
    assert len(units) == MOST
    assert re.search(r"\b(\d+) hits", every)[1] == str(len(links(every)))
    assert len(links(every)) > MOST
    assert links(every)[:MOST] == units


def test_under_the_field_the_hits_are_options_of_a_list(client, people):
    client.force_login(people.manager)

    part = ask(client, "401", HTMX)

    assert "<html" not in part
    options = re.findall(r'<a role="option"[^>]* id="([^"]+)" href="([^"]+)"', part)
    assert options[0] == ("find-units-1", "/units/HIT-01-A-401/")
    assert options[-1] == ("find-all", "/search/?q=401")
    assert len({each for each, _url in options}) == len(options)


@pytest.mark.parametrize("headers", [None, HTMX])
def test_nothing_typed_and_nothing_found_say_what_can_be_searched(client, people, headers):
    for typed in ("", "   ", "zzzz"):
        page = ask(client, typed, headers)
        assert "A座 401" in page
        assert "Search by any part of:" in page
    assert "Nothing that you may see holds “zzzz”." in page


@pytest.mark.parametrize("headers", [None, HTMX])
def test_too_long_a_search_is_refused_with_the_remedy_and_kept(client, people, headers):
    page = ask(client, "x" * 101, headers)

    assert "Search: 101 characters were typed. Type at most 100." in page
    assert headers or "x" * 101 in page


def test_a_visitor_is_not_told_how_many_companies_there_are(client, people):
    page = in_main(ask(client, people.tenant_company.name))

    assert links(page) == []
    assert "Nothing that you may see" in page


def test_a_group_that_the_reader_has_not_shows_the_open_ones(client, people):
    found = {typed: links(in_main(ask(client, typed, group="leases"))) for typed in (people.lease.number, "401")}

    assert found == {people.lease.number: [], "401": ["/units/HIT-01-A-401/"]}


@pytest.mark.parametrize("places_open", [True, False])
def test_visitors_search_while_places_are_open(client, settings, places_open):
    settings.PLACES_OPEN = places_open

    assert client.get(PAGE).status_code == (200 if places_open else 302)
    assert client.get(reverse("api-search"), {"q": "x"}).status_code == (200 if places_open else 401)


def test_the_api_finds_what_the_page_finds(client, people):
    for who in ("manager", "owner", "rival", "auditor"):
        client.force_login(getattr(people, who))
        for typed in ("401", "示例", "HIT", people.lease.number[-4:]):
            page = in_main(ask(client, typed))
            result = client.get(reverse("api-search"), {"q": typed}).json()
            labels = re.findall(r'id="group-([a-z]+)">[^<]*<span class="isp-sub">(\d+)', page)
            assert [(each["group"], str(each["count"])) for each in result["groups"]] == labels
            assert sum(len(each["hits"]) for each in result["groups"]) == len(links(page))


def test_the_api_refuses_a_search_for_nothing_and_a_long_one(client):
    for typed, code in (("", "required"), ("x" * 101, "max_length")):
        answer = client.get(reverse("api-search"), {"q": typed})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)
        assert answer.json()["errors"][0]["parameter"] == "q"


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_page_costs_the_same_for_any_number(client, django_assert_num_queries, many):
    """Session, user with rights, notices; the rights of the reader; one for each group."""
    manager = make.user()
    make.assignment(user=manager, role="park_manager", park=(park := make.park(code="P1", name="测试园")))
    floor = make.floor(building=make.building(park=park, code="A"))
    for _number in range(many):
        make.unit(floor=floor)
    client.force_login(manager)

    for headers in (None, HTMX):
        with django_assert_num_queries(13):
            ask(client, "csy", headers)
