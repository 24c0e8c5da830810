"""The plan on the pages: who sees and changes it, units drawn and added up without JavaScript, pictures handed out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from spaces.actions import floorplans as acts
from spaces.actions import units
from spaces.changes.versions import version_of
from spaces.models import Adjacency, Change, FloorPlan, Unit
from tests.frontend import people as folk
from tests.frontend import world
from tests.tenants import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
WHO = ("visitor", "manager", "neighbour", "officer", "outsider", "official", "auditor", "admin", "stranger")
# manager: of the park; neighbour: of another; officer, outsider: of this and of another ecosystem; stranger: no role.
SEEN = (302, 200, 404, 200, 404, 200, 200, 404, 404)
SEEN_PUBLIC = (302, 200, 404, 200, 404, 200, 200, 404, 200)
EDIT = (302, 200, 404, 200, 404, 403, 403, 404, 404)
EDIT_PUBLIC = (302, 200, 404, 200, 404, 403, 403, 404, 403)
EDIT_FLOOR = (302, 200, 403, 200, 403, 403, 403, 403, 403)
LEFT = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
RIGHT = [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]
FLOOR = ["HIT-01", "A", 1]


@pytest.fixture
def people():
    return folk.gather()


@pytest.fixture
def rooms(people):
    """Two units of the floor by code: 101 is vacant, 102 held."""
    return {code[-3:]: Unit.objects.get(code=code) for code in ("HIT-01-A-101", "HIT-01-A-102")}


@pytest.fixture
def plan(people, rooms):
    made = acts.add_version(
        rooms["101"].floor, valid_from=date(2025, 1, 1), picture=corpus.picture("PNG", (1000, 500), color="white"),
        metres_wide=Decimal(20), note="实测", by=people.manager,
    )  # fmt: skip
    acts.set_shapes(made, {rooms["101"].pk: LEFT, rooms["102"].pk: RIGHT}, by=people.manager, on=date(2025, 1, 1))
    return made


@pytest.fixture
def manager(client, people):
    client.force_login(people.manager)
    return client


def codes(client, people, ask):
    found = []
    for who in WHO:
        client.logout()
        if who != "visitor":
            client.force_login(getattr(people, who))
        found.append(ask().status_code)
    return tuple(found)


def picture(size=(1000, 500), **options):
    return SimpleUploadedFile("4层.png", corpus.picture("PNG", size, **options))


def floor_page(client, **query):
    return client.get(reverse("floor-detail", args=FLOOR), query)


@pytest.mark.parametrize("public", [False, True])
def test_who_may_see_and_who_may_change_a_plan(client, people, plan, public):
    if public:
        acts.publish(plan, public=True, by=people.manager)
    seen, edit = (SEEN_PUBLIC, EDIT_PUBLIC) if public else (SEEN, EDIT)

    for name, args in (("plan-picture", [plan.pk]), ("plan-picture-small", [plan.pk, 800])):
        url = reverse(name, args=args)
        assert codes(client, people, lambda url=url: client.get(url)) == seen, name
        assert codes(client, people, lambda url=url: client.post(url)) == (302, *(405,) * 8), name
    for name in ("plan-draw", "plan-scale", "plan-replace"):
        url = reverse(name, args=[plan.pk])
        assert codes(client, people, lambda url=url: client.get(url)) == edit, name
    before = Change.objects.count()
    for name in ("plan-scale", "plan-replace"):
        url = reverse(name, args=[plan.pk])
        result = {"version": version_of(plan)}
        refused = tuple(422 if code == 200 else code for code in edit)
        assert codes(client, people, lambda url=url, result=result: client.post(url, result)) == refused, name
    assert Change.objects.count() == before
    url = reverse("plan-publish", args=[plan.pk])
    done = tuple(303 if code == 200 else code for code in edit)
    assert codes(client, people, lambda: client.post(url, {"public": str(int(public))})) == done
    assert codes(client, people, lambda: client.get(url)) == (302, *(405,) * 8)
    url = reverse("plan-draw", args=[plan.pk])
    assert codes(client, people, lambda: client.post(url, {"points": "x", "version": "0"})) == tuple(
        422 if code == 200 else code for code in edit
    )


def test_who_may_say_which_units_adjoin(client, people):
    url = reverse("floor-adjacency", args=FLOOR)
    result = {"unit": "HIT-01-A-101", "other": "HIT-01-A-102", "connected": "yes"}

    done = tuple(303 if code == 200 else code for code in EDIT_FLOOR)
    assert codes(client, people, lambda: client.post(url, result)) == done
    assert codes(client, people, lambda: client.get(url)) == (302, *(405,) * 8)
    (pair,) = Adjacency.objects.all()
    assert (pair.first.code, pair.second.code, pair.connected) == ("HIT-01-A-101", "HIT-01-A-102", True)


def test_a_pair_that_cannot_be_is_refused_in_words(manager):
    url = reverse("floor-adjacency", args=FLOOR)
    same = {"unit": "HIT-01-A-101", "other": "HIT-01-A-101", "connected": "yes"}

    page = manager.post(url, same, follow=True).content.decode()
    assert "A unit is not adjacent to itself" in page
    page = manager.post(url, same | {"other": "HIT-02-B-101"}, follow=True).content.decode()
    assert "Select a valid choice" in page
    assert Adjacency.objects.count() == 0


@pytest.mark.parametrize("who", WHO)
def test_the_floor_shows_its_plan_to_those_who_may_see_it(client, people, plan, who):
    if who != "visitor":
        client.force_login(getattr(people, who))

    page = floor_page(client).content.decode()

    seen = SEEN[WHO.index(who)] == 200
    assert (f"/plans/{plan.pk}/" in page, "实测" in page, page.count("<polygon")) == (seen, seen, 2 * seen)
    may = EDIT[WHO.index(who)] == 200
    assert (f"/plans/{plan.pk}/draw/" in page, "floor/neighbours" in page or "/neighbours/" in page) == (may, may)


def test_a_picture_is_handed_out_sealed_and_asked_about_each_time(manager, plan):
    url = reverse("plan-picture-small", args=[plan.pk, 800])

    answer = manager.get(url)

    body = b"".join(answer.streaming_content)
    assert (body[:4], body[8:12], answer["Content-Type"]) == (b"RIFF", b"WEBP", "image/webp")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="HIT-01-A-1-2025-01-01.webp"'
    assert answer["Cache-Control"] == "private, no-cache"
    assert manager.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    whole = manager.get(reverse("plan-picture", args=[plan.pk]))
    assert (whole["Content-Type"], whole["ETag"] == answer["ETag"]) == ("image/png", False)
    assert b"".join(whole.streaming_content).startswith(b"\x89PNG")
    assert manager.get(reverse("plan-picture-small", args=[plan.pk, 801])).status_code == 404
    manager.logout()
    assert manager.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 302


def test_a_plan_is_uploaded_and_its_units_drawn_without_javascript(manager, people):
    url = reverse("plan-new", args=FLOOR)
    result = {"valid_from": "2026-01-01", "note": "竣工图", "public": "on"}

    answer = manager.post(url, result | {"file": picture()})

    plan = FloorPlan.objects.get()
    draw = reverse("plan-draw", args=[plan.pk])
    assert (answer.status_code, answer["Location"]) == (302, draw)
    assert (plan.note, plan.public, plan.created_by) == ("竣工图", True, people.manager)
    assert manager.get(draw).context["row"].unit.code == "HIT-01-A-101"
    answer = manager.post(f"{draw}?unit=HIT-01-A-102", {"points": "0 0\n50, 0\r\n50 100\n０ 100\n", "version": "0"})
    assert answer["Location"] == f"{draw}?unit=HIT-01-A-103"
    assert plan.shapes.get().points == LEFT
    page = floor_page(manager).content.decode()
    assert page.count("<polygon") == 1
    assert "no scale yet" in page
    result = {"x1": "0", "y1": "50", "x2": "100", "y2": "50", "metres": "12.5", "version": version_of(plan)}
    assert manager.post(reverse("plan-scale", args=[plan.pk]), result)["Location"] == reverse(
        "floor-detail", args=FLOOR
    )
    plan.refresh_from_db()
    assert plan.metres_wide == Decimal("12.500")
    assert "drawn 39.06" in floor_page(manager).content.decode()


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("0 0\n50", "Line 2, “50”"),
        ("0 0\n50 0", "A shape has from 3 to 200 corners."),
        ("0 0\n50 50\n50 0\n0 50", "cross or touch each other"),
        ("0 0\n101 0\n50 50", "A corner is a pair of numbers from 0 to 1"),
        ("0 0\nNaN 1\n1e5 3", "Line 2, “NaN 1”"),
        ("1 1\n2 2 \n3 4", "give a reason"),
    ],
)
def test_corners_that_are_no_shape_come_back_with_a_sentence(manager, plan, points, words):
    url = f"{reverse('plan-draw', args=[plan.pk])}?unit=HIT-01-A-101"

    answer = manager.post(url, {"points": points, "version": version_of(plan.shapes.first())})

    page = answer.content.decode()
    assert (answer.status_code, words in page, points.splitlines()[0] in page) == (422, True, True)
    assert plan.shapes.first().points == LEFT


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"file": SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")},
            "Only PNG, JPEG and WebP",
        ),
        ({"file": SimpleUploadedFile("a.png", corpus.hostile()["png bomb"])}, "more than 12 million pixels"),
        ({"file": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * (10 * 1024 * 1024))}, "larger than 10 MB"),
        ({"valid_from": "2025-01-01"}, "has a plan from this day already"),
        ({"valid_from": "soon"}, "Enter a day such as 2027-03-31."),
        ({"file": ""}, "This field is required."),
    ],
    ids=["svg", "bomb", "large", "same day", "no day", "no file"],
)
def test_a_refused_upload_says_why_and_the_old_plan_stays(manager, plan, change, words):
    result = {"valid_from": "2026-05-01", "file": picture()} | change

    answer = manager.post(reverse("plan-new", args=FLOOR), result)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert FloorPlan.objects.get() == plan


def test_a_better_scan_takes_a_reason(manager, plan):
    url = reverse("plan-replace", args=[plan.pk])

    result = {"version": version_of(plan)}
    assert manager.post(url, result | {"file": picture((800, 400))}).status_code == 422
    assert manager.post(url, result | {"file": picture((800, 800)), "why": "x"}).status_code == 422
    assert manager.post(url, result | {"file": picture((800, 400)), "why": "更清晰"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.width_px, plan.shapes.count()) == (800, 2)


def test_chosen_units_are_added_up_on_the_server(manager, people, plan, rooms):
    acts.set_adjacency(rooms["101"], rooms["102"], connected=True, by=people.manager)

    page = floor_page(manager, unit=["HIT-01-A-101", "HIT-01-A-102", "HIT-02-B-101"])

    choice = page.context["choice"]
    assert (len(choice.rows), choice.area, choice.connected) == (2, Decimal("203.43"), True)
    text = page.content.decode()
    assert "2 units chosen, 203.43 m²" in text
    assert text.count("isp-chosen-shape") == 2
    ((word, url),) = choice.acts
    assert (str(word), url) == ("Merge", "/units/HIT-01-A-101/merge/?others=HIT-01-A-102")
    form = manager.get(url).context["form"]
    assert [option.data["selected"] for option in form["others"] if option.data["value"] == "HIT-01-A-102"] == [True]
    assert floor_page(manager, unit=["HIT-01-A-101", "HIT-01-A-103"]).context["choice"].connected is False
    alone = floor_page(manager, unit="HIT-01-A-101").context["choice"]
    assert [url for _word, url in alone.acts] == ["/units/HIT-01-A-101/hold/", "/units/HIT-01-A-101/split/"]


def test_who_may_not_act_is_offered_no_act(client, people, plan):
    client.force_login(people.official)

    choice = floor_page(client, unit=["HIT-01-A-101", "HIT-01-A-102"]).context["choice"]

    assert (len(choice.rows), choice.connected, choice.acts) == (2, True, [])


def test_a_fragment_holds_the_choice_alone(manager, plan):
    answer = manager.get(
        reverse("floor-detail", args=FLOOR), {"unit": "HIT-01-A-101"},
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )  # fmt: skip

    assert answer.content.decode().strip().startswith('<div id="choice"')


def test_the_picture_of_yesterday_is_what_it_was(manager, people, plan, rooms):
    yesterday = world.DAY - timedelta(days=1)

    def drawn(**query):
        drawing = floor_page(manager, **query).context["drawing"]
        return drawing["picture"], [(each.unit.code, each.points, each.lines) for each in drawing["figures"]]

    before = drawn(as_of=yesterday)
    later = acts.add_version(
        plan.floor, valid_from=world.DAY, picture=corpus.picture("PNG", (1000, 500)), by=people.manager
    )
    acts.set_shapes(later, {rooms["101"].pk: RIGHT, rooms["102"].pk: None}, by=people.manager, on=world.DAY)
    parts = [
        Unit(floor=plan.floor, code=f"HIT-01-A-101{half}", use="office", usable_area=area)
        for half, area in (("A", Decimal("50.00")), ("B", Decimal("51.21")))
    ]
    units.split(rooms["101"], parts, splits_on=world.DAY, by=people.manager, on=world.DAY)

    assert drawn(as_of=yesterday) == before
    assert drawn()[1] == []
    text = floor_page(manager).content.decode()
    assert "HIT-01-A-101A, HIT-01-A-101B" in text


def test_the_page_of_a_unit_shows_where_it_lies(client, people, plan, rooms):
    url = reverse("unit-detail", args=["HIT-01-A-101"])

    assert "Where it lies" not in client.get(url).content.decode()
    client.force_login(people.manager)
    page = client.get(url).content.decode()
    assert ("Where it lies" in page, page.count("<polygon")) == (True, 1)
    assert "/parks/HIT-01/A/1/?unit=HIT-01-A-101" in page
    assert "Where it lies" not in client.get(url, {"as_of": "2024-01-01"}).content.decode()


def test_a_drawn_area_that_is_far_off_is_marked(manager, people, plan):
    assert floor_page(manager).content.decode().count("isp-b-warn") == 0
    # 20 m x 10 m: each half is 100.00 m2, against 101.21 and 102.22.
    acts.calibrate(plan, first=(0, 0), second=(1, 0), metres=Decimal(22), by=people.manager)

    text = floor_page(manager).content.decode()

    assert ("+19.6%" in text, "drawn 121.00" in text, text.count("isp-b-warn")) == (True, True, 2)


def test_a_drawing_without_a_picture_is_drawn_all_the_same(manager, people, rooms):
    plan = acts.add_version(
        rooms["101"].floor,
        valid_from=date(2026, 1, 1),
        frame=(20000, 10000),
        metres_wide=Decimal(20),
        by=people.manager,
    )
    acts.set_shapes(plan, {rooms["101"].pk: LEFT}, by=people.manager, on=date(2026, 1, 1))

    text = floor_page(manager).content.decode()

    assert (text.count("<polygon"), "<image" in text, f"/plans/{plan.pk}/replace/" in text) == (1, False, False)
    assert manager.get(reverse("plan-picture", args=[plan.pk])).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_floor_with_a_plan_costs_the_same_for_any_number(manager, people, plan, django_assert_num_queries, number):
    more = [
        Unit(
            floor=plan.floor,
            code=f"HIT-01-A-2{each:02}",
            use="office",
            usable_area=Decimal(10),
            opens_on=date(2020, 1, 1),
        )
        for each in range(number)
    ]
    units.add_many(more, by=people.manager, why="test")
    acts.set_shapes(plan, {unit.pk: LEFT for unit in more}, by=people.manager, on=date(2025, 1, 1))

    with django_assert_num_queries(16):
        floor_page(manager, unit="HIT-01-A-101")
