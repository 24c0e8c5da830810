"""The stacking plan as page, fragment, SVG and sheet; who reads which names; two days beside each other."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from xml.etree.ElementTree import fromstring

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from frontend.graphics.stack_layout import StackOptions, lines, marks, widths
from spaces.actions import units
from spaces.ledger import stack
from spaces.models import Allocation, Unit
from tenants.models import LeaseLine
from tests import make
from tests.frontend import people as folk
from tests.frontend import world
from tests.frontend.source import source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
PARK = reverse("park-detail", args=["HIT-01"])
CELL = re.compile(r'<a class="isp-u ([^"]*)" href="/units/([^/]+)/[^"]*" hx-get="[^"]*" aria-label="([^"]*)"')
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
TENANT = "示例云雀航天"


@pytest.fixture
def people():
    """The small world, in which one company has the occupied unit and another the held one."""
    found = folk.gather()
    company = make.company(name=TENANT)
    make.member(company=company, user=found.stranger)
    row = Allocation.objects.get(unit__code="HIT-01-A-104")
    lease = make.lease(company=company, park=found.world["one"], ends_on=row.ends_on)
    LeaseLine.objects.create(lease=lease, unit=row.unit, allocation=row)
    return found


def cells(client, **query):
    """Code -> (classes, words) of each unit in the picture."""
    page = client.get(PARK, query).content.decode()
    return {code: (css.split(), unescape(words)) for css, code, words in CELL.findall(page)}


def test_every_unit_is_a_link_with_its_state_in_colour_glyph_and_words(client, people):
    client.force_login(people.official)

    drawn = cells(client)

    assert {code.removeprefix("HIT-01-A-"): css[0] for code, (css, _words) in drawn.items()} == {
        "101": "s-vacant", "102": "s-reserved", "103": "s-committed", "104": "s-occupied", "105": "s-holdover",
        "106": "s-offline", "108": "s-common", "109": "s-unknown",
    }  # fmt: skip
    assert drawn["HIT-01-A-104"][1] == f"HIT-01-A-104 · Occupied · 104.24 m² · {TENANT} · until 2026-12-31"
    assert drawn["HIT-01-A-109"][1] == "HIT-01-A-109 · Area unknown · area not recorded"


def test_names_and_last_days_are_for_those_who_may_read_them(client, people):
    result = {}
    for who in ("visitor", "stranger", "neighbour", "manager", "officer", "outsider", "official", "auditor", "admin"):
        client.logout()
        if who != "visitor":
            client.force_login(getattr(people, who))
        shown = [
            client.get(PARK).content.decode(),
            client.get(reverse("park-stack-file", args=["HIT-01", "svg"])).content.decode(),
            client.get("/api/v1/buildings/HIT-01-A/stack/").content.decode(),
        ]
        result[who] = [TENANT in each for each in shown] + ["2026-04-30" in each for each in shown[::2]]

    inside, outside = [True] * 5, [False] * 5
    # A company reads its own name, and not when the late neighbour's period ended.
    assert result == {
        "visitor": outside, "neighbour": outside, "outsider": outside, "admin": outside,
        "stranger": [True, True, True, False, False],
        "manager": inside, "officer": inside, "official": inside, "auditor": inside,
    }  # fmt: skip


def test_the_end_of_leases_is_shown_to_those_inside_and_refused_in_words_to_others(client, people):
    client.force_login(people.manager)
    mine = cells(client, mode="expiry")
    client.force_login(people.neighbour)
    theirs = client.get(PARK, {"mode": "expiry"}).content.decode()

    assert {code[-3:]: css[0] for code, (css, _words) in mine.items()} == {
        "101": "e-vacant", "102": "e-none", "103": "e-12m", "104": "e-12m", "105": "e-overdue",
        "106": "e-none", "108": "e-none", "109": "e-none",
    }  # fmt: skip
    assert "The plan is shown by state." in theirs
    assert not re.search(r'class="isp-u e-', theirs)


def test_the_legend_counts_what_is_drawn_and_lets_one_key_stand_out(client, people):
    client.force_login(people.official)
    page = source(client.get(PARK, {"dim": "vacant"}))
    legend = re.search(r'<ul class="isp-legend".*?</ul>', page, re.DOTALL)[0]

    found = {css: (int(number), area) for css, number, area in
             re.findall(r'isp-lg s-(\w+)".*?class="isp-sub">(\d+) · ([\d,.]+)<', legend)}  # fmt: skip
    assert found["vacant"] == (1, "101.21")
    assert sum(number for number, _area in found.values()) == len(CELL.findall(page))
    dimmed = {code for css, code, _words in CELL.findall(page) if "isp-dim" in css}
    assert dimmed == {code for _css, code, _words in CELL.findall(page)} - {"HIT-01-A-101"}


def test_two_days_stand_beside_each_other_with_what_changed(client, people):
    client.force_login(people.official)

    page = client.get(PARK, {"compare": "2026-04-15"}).content.decode()

    changed = {code for css, code, _words in CELL.findall(page) if "isp-changed" in css}
    # Its period ended on 1 May and the keys are not back.
    assert changed == {"HIT-01-A-105"}
    assert "1 unit is not what it was" in page
    assert page.count('<div class="isp-stack"') == 2


@pytest.mark.parametrize("wrong", ["2026-02-30", "x", "1999-12-31"])
def test_a_day_that_is_none_is_told_at_its_field(client, people, wrong):
    page = client.get(PARK, {"compare": wrong})

    assert page.status_code == 200
    assert 'id="compare-error"' in page.content.decode()


def test_the_fragment_is_the_plan_alone(client, people):
    answer = client.get(PARK, {"scale": "area"}, headers=HTMX)

    content = answer.content.decode()
    assert content.startswith('<section class="card mt-3 isp-stacking" id="stack"')
    assert "<html" not in content


def test_the_svg_is_well_formed_and_holds_every_unit(client, people):
    client.force_login(people.official)

    answer = client.get(reverse("building-stack-file", args=["HIT-01", "A", "svg"]))

    assert answer["Content-Type"] == "image/svg+xml"
    picture = fromstring(answer.content)  # noqa: S314 our own
    texts = {text.strip() for text in picture.itertext()}
    assert {f"{glyph}10{number}".strip() for glyph, number in
            zip(("○ ", "◔ ", "◑ ", "", "! ", "✕ "), range(1, 7), strict=True)} <= texts  # fmt: skip
    # No style and no script: it would not pass the policy when it is opened on its own.
    assert not re.search(rb"<style|<script|style=|onload", answer.content)


def test_the_sheet_has_the_rows_of_the_picture_and_their_total(client, people, tmp_path):
    client.force_login(people.official)
    answer = client.get(reverse("park-stack-file", args=["HIT-01", "xlsx"]))
    path = tmp_path / "stack.xlsx"
    path.write_bytes(answer.content)

    book = CalamineWorkbook.from_path(str(path))
    report, data = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)

    header, *rows = data
    drawn = cells(client)
    assert {row[2] for row in rows} == set(drawn)
    assert header[4] == "Area (m²)"
    total = sum(Decimal(str(row[4])) for row in rows if row[4] != "")
    assert total == sum(unit.usable_area for unit in Unit.objects.filter(code__in=drawn) if unit.usable_area)
    assert (report[-1][0], Decimal(str(report[-1][4]))) == ("Total", total)
    assert {row[6] for row in rows} == {"", TENANT}


def drawn_lines(floor):
    (found,) = stack.of([floor.building], on=world.DAY, today=world.DAY)
    (storey,) = found.storeys
    drawn = marks(found, StackOptions(world.DAY), {}, "")[floor.pk]
    found_lines = lines(storey, drawn)
    return widths(found_lines, max(line.capacity for line in found_lines))


def test_widths_are_true_to_area_and_leave_what_is_not_itemised():
    floor = make.floor(usable_area=Decimal(1000))
    for number, area in enumerate((100, 300, 450)):
        make.unit(floor=floor, code=f"A-{number}", usable_area=Decimal(area))

    ((pieces, empty),) = drawn_lines(floor)

    assert [width for _piece, width in pieces] == [20, 60, 90, 30]
    assert pieces[-1][0] is None
    assert empty == 0


def test_many_rooms_take_several_lines_of_one_scale():
    floor = make.floor()
    for number in range(90):
        make.unit(floor=floor, code=f"A-{number:03}", usable_area=Decimal(10 + number % 5))

    found = drawn_lines(floor)

    assert len(found) == 5
    each = [(piece.cell.area, width) for pieces, _empty in found for piece, width in pieces]
    assert [code for pieces, _empty in found for code in (piece.cell.code for piece, _width in pieces)] == [
        f"A-{number:03}" for number in range(90)
    ]
    for area, width in each:
        assert abs(width - float(area) * each[0][1] / float(each[0][0])) <= 1
    for pieces, empty in found:
        assert abs(sum(width for _piece, width in pieces) + empty - 200) <= len(pieces) / 2 + 1


def test_small_desks_are_drawn_as_one_block_from_26_on(client):
    floor = make.floor()
    make.unit(floor=floor, code="A-HALL", usable_area=Decimal(500))
    for number in range(26):
        make.unit(floor=floor, code=f"A-D{number:02}", use="desk", usable_area=Decimal(4))
    make.allocation(unit=Unit.objects.get(code="A-D00"), starts_on=date(2026, 1, 1))

    page = client.get(reverse("building-detail", args=[floor.building.park.code, floor.building.code]))

    content = page.content.decode()
    assert "26 desks · 25 vacant" in content
    assert [code for _css, code, _words in CELL.findall(content)] == ["A-HALL"]
    # Each desk is a row of the table below, with its link.
    assert content.count('href="/units/A-D') == 26


def test_a_name_cannot_become_markup(client, people):
    people.world["one"].buildings.get().floors.update(label="<i>1</i>")
    row = Allocation.objects.get(unit__code="HIT-01-A-103")
    company = make.company(name='<script>"x"</script>')
    lease = make.lease(company=company, park=people.world["one"], ends_on=row.ends_on)
    LeaseLine.objects.create(lease=lease, unit=row.unit, allocation=row)
    client.force_login(people.official)

    for url in (PARK, reverse("park-stack-file", args=["HIT-01", "svg"])):
        content = client.get(url).content.decode()
        assert '<script>"x"' not in content
        assert "<i>1</i>" not in content
        assert "&lt;script&gt;" in content


def test_the_panel_tells_of_the_unit_and_offers_what_one_may_do(client, people):
    url = reverse("unit-panel", args=["HIT-01-A-104"])
    client.force_login(people.manager)
    mine = client.get(url, headers=HTMX).content.decode()
    client.logout()
    theirs = client.get(url, headers=HTMX).content.decode()

    assert '<h2 class="card-title" tabindex="-1">HIT-01-A-104' in mine
    assert (TENANT in mine, "2026-12-31" in mine, "/units/HIT-01-A-104/split/" in mine) == (True, True, True)
    assert (TENANT in theirs, "/units/HIT-01-A-104/split/" in theirs, "104.24" in theirs) == (False, False, True)
    assert "<html" in client.get(url).content.decode()


def test_a_candidate_is_pointed_at_in_the_picture(client, people):
    client.force_login(people.manager)

    drawn = cells(client, mark=["HIT-01-A-101", "<script>"])

    assert {code for code, (css, _words) in drawn.items() if "isp-marked" in css} == {"HIT-01-A-101"}
    assert drawn["HIT-01-A-101"][1].endswith("· candidate")


def test_a_split_is_drawn_with_the_areas_before_and_after_on_every_page_of_it(client, people):
    unit = people.world["unit"]
    parts = [Unit(code=f"HIT-01-A-101{letter}", use="office", usable_area=area) for letter, area in
             (("A", Decimal("60.00")), ("B", Decimal("41.21")))]  # fmt: skip
    units.split(unit, parts, splits_on=world.DAY, by=people.manager, on=world.DAY)

    result = [client.get(reverse("unit-detail", args=[row.code])).content.decode() for row in (unit, *parts)]

    words = "Reconfigured on 2026-06-01: 101.21 m² before, 101.21 m² after, difference 0.00 m²."
    assert [words in page for page in result] == [True] * 3
    widths_drawn = [re.findall(r'class="isp-u s-common fg-(\d+)', page) for page in result]
    assert widths_drawn == [["200", "119", "81"]] * 3
    assert set(cells(client)) >= {"HIT-01-A-101A", "HIT-01-A-101B"}
    assert "HIT-01-A-101" not in cells(client)
    assert "HIT-01-A-101" in cells(client, as_of="2026-05-31")
