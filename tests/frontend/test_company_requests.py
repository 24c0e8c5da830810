"""A request written step by step, checked, sent by the owner, and mended when it comes back."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from spaces.changes.versions import version_of
from tenants.actions import requests
from tenants.models import SpaceRequest
from tests import make
from tests.frontend.tenancy import CODE
from tests.frontend.world import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
SPACE = {"place": "park:HIT-01", "use": "office", "area": "120", "area_min": "100", "area_max": "160"}
TIME = {"needed_by": "2026-09-01", "months": "24"}
CONTACT = {"contact_name": "王", "contact_phone": "13800000000"}
STEPS = ("company", "space", "conditions", "time", "units", "files", "contact")


@pytest.fixture
def draft(folk):
    return requests.begin(folk.company, by=folk.owner)


def fill(client, wanted, step, **typed):
    version = version_of(wanted.company if step == "company" else wanted)
    return client.post(reverse("request-step", args=[wanted.number, step]), {"version": version} | typed)


def states(client, wanted):
    page = client.get(reverse("request-edit", args=[wanted.number]))
    return {row.step.value: row.progress.value for row in page.context["rows"]}


def test_each_step_says_how_far_it_has_come(client, folk, draft):
    client.force_login(folk.owner)
    begun = states(client, draft)

    fill(client, draft, "space", to_list="1", area="１２０", use="office")
    half = states(client, draft)
    fill(client, draft, "space", **SPACE)
    fill(client, draft, "time", **TIME)
    fill(client, draft, "units")

    nothing = dict.fromkeys(STEPS, "not_started")
    assert begun == nothing | {"company": "done", "contact": "done"}
    assert half["space"] == "in_progress"
    done = {"space": "done", "time": "done", "units": "done"}
    assert states(client, draft) == begun | done


def test_full_width_digits_and_units_are_understood(client, folk, draft):
    client.force_login(folk.member)

    answer = fill(client, draft, "space", **SPACE | {"area": "１２０", "area_min": "100㎡", "area_max": "160 平方米"})
    fill(client, draft, "time", **TIME | {"months": "２４个月"})

    draft.refresh_from_db()
    assert answer["Location"] == reverse("request-step", args=[draft.number, "conditions"])
    assert (draft.area, draft.area_min, draft.area_max) == (Decimal(120), Decimal(100), Decimal(160))
    assert (draft.park, draft.months, draft.needed_by) == (folk.park, 24, date(2026, 9, 1))


OLDER = {  # step: what the newer tab saved, what the older one sends, which of it is not right
    "company": (
        {"name": "新名", "uscc": CODE} | CONTACT,
        {"name": "旧名", "uscc": CODE} | CONTACT,
        {"contact_name": ""},
    ),
    "space": (SPACE | {"area": "130"}, SPACE | {"area": "140"}, {"area_min": ""}),
    "conditions": ({"height_m": "4", "special": "新"}, {"height_m": "5", "special": "旧"}, {"power_kw": "x"}),
    "time": (TIME | {"months": "36"}, TIME | {"months": "48"}, {"needed_by": ""}),
    "units": ({"units": "HIT-01-A-101"}, {"units": []}, {}),
    "contact": (CONTACT | {"contact_name": "新"}, CONTACT | {"contact_name": "旧"}, {"contact_phone": ""}),
}


@pytest.mark.parametrize("wholly_right", [True, False])
@pytest.mark.parametrize("step", OLDER)
def test_an_older_tab_of_a_draft_is_told_whatever_button_it_presses(client, folk, draft, step, wholly_right):
    """409 with both values; the draft is as the newer tab left it, and the form as it was typed."""
    requests.request_units(draft, [make.unit(floor=folk.unit.floor, code="HIT-01-A-301")], by=folk.owner)
    client.force_login(folk.owner)
    newer, older, wrong = OLDER[step]
    row = folk.company if step == "company" else draft
    sent = older | {"version": version_of(row)} | ({} if wholly_right else wrong | {"to_list": "1"})
    fill(client, draft, step, **newer)
    stood = version_of(row)

    answer = client.post(reverse("request-step", args=[draft.number, step]), sent)

    form = answer.context["form"]
    assert (answer.status_code, version_of(row)) == (409, stood)
    assert form.conflict[0].mine != form.conflict[0].theirs
    assert {name: form[name].value() for name in older} == {name: sent[name] for name in older}


def test_to_go_on_a_step_must_be_right_and_nothing_typed_is_lost(client, folk, draft):
    client.force_login(folk.owner)

    answer = fill(client, draft, "space", **SPACE | {"area_min": "200", "area": "abc"})

    page = answer.content.decode()
    draft.refresh_from_db()
    assert answer.status_code == 422
    assert 'value="abc"' in page
    assert 'value="200"' in page
    assert page.count("The largest area must not be below the smallest.") == 2
    assert '<a href="#id_area_max">' in page
    assert "<title>Error: How much space" in page
    assert draft.area_max is None


def test_back_to_the_list_keeps_what_is_right_and_says_what_is_missing(client, folk, draft):
    client.force_login(folk.owner)

    answer = fill(client, draft, "space", to_list="1", **SPACE | {"area_max": ""})

    page = client.get(answer["Location"]).content.decode()
    draft.refresh_from_db()
    assert answer["Location"] == reverse("request-edit", args=[draft.number])
    assert "Saved what is right. Still to do in “How much space”: At most (m²)." in page
    assert (draft.area_min, draft.area_max, draft.use) == (Decimal(100), None, "office")


def test_a_needed_field_that_is_emptied_is_empty(client, folk, draft):
    client.force_login(folk.owner)
    fill(client, draft, "space", **SPACE)

    fill(client, draft, "space", to_list="1", **SPACE | {"area_max": "", "use": ""})

    draft.refresh_from_db()
    assert (draft.area_max, draft.use, draft.area_min) == (None, "", Decimal(100))


def test_conditions_are_kept(client, folk, draft):
    client.force_login(folk.owner)

    fill(client, draft, "conditions", height_m="4.5", load_kg_m2="８００", power_kw="80kW", gas="on", special="恒温")

    draft.refresh_from_db()
    assert (draft.height_m, draft.load_kg_m2, draft.power_kw) == (Decimal("4.50"), 800, 80)
    assert (draft.gas, draft.water, draft.special) == (True, False, "恒温")


def test_any_park_of_an_ecosystem_may_be_asked(client, folk, draft):
    client.force_login(folk.owner)

    fill(client, draft, "space", **SPACE | {"place": "ecosystem:hit"})

    draft.refresh_from_db()
    assert (draft.park, draft.ecosystem) == (None, folk.world["hit"])


def test_the_kind_is_asked_of_companies_that_rent_already(client, folk, draft):
    client.force_login(folk.owner)
    url = reverse("request-step", args=[draft.number, "space"])
    before = "kind" in client.get(url).context["form"].fields
    make.lease(company=folk.company, park=folk.park)

    fill(client, draft, "space", **SPACE | {"kind": "expansion"})

    draft.refresh_from_db()
    assert (before, draft.kind) == (False, "expansion")


def test_units_come_from_the_basket_and_go_again(client, folk, draft):
    client.force_login(folk.owner)
    client.post(reverse("basket"), {"unit": folk.unit.code, "add": "1"})
    page = client.get(reverse("request-step", args=[draft.number, "units"]))

    fill(client, draft, "units", units=[folk.unit.code])
    chosen = list(draft.requested_units.all())
    fill(client, draft, "units")

    assert [code for code, _words in page.context["form"].fields["units"].choices] == [folk.unit.code]
    assert chosen == [folk.unit]
    assert draft.requested_units.count() == 0


def test_a_wrong_credit_code_has_the_same_words_in_the_summary_and_at_the_field(client, folk, draft):
    client.force_login(folk.owner)
    facts = {"name": folk.company.name, "uscc": CODE[:-1] + "1", **CONTACT}

    answer = fill(client, draft, "company", **facts)

    page = answer.content.decode()
    words = f"“{CODE[:-1]}1” fails its check: one character is wrong or two are swapped. Compare it with the licence."
    assert answer.status_code == 422
    assert page.count(words) == 2
    assert f'<a href="#id_uscc">Unified social credit code: {words}</a>' in page
    assert 'role="alert" tabindex="-1" data-focus' in page


def test_a_member_reads_the_company_and_fills_the_rest(client, folk, draft):
    client.force_login(folk.member)

    page = client.get(reverse("request-step", args=[draft.number, "company"])).content.decode()

    assert "Only the owner of the company changes these." in page
    assert "<textarea" not in page
    assert fill(client, draft, "company", name="别的").status_code == 200
    folk.company.refresh_from_db()
    assert folk.company.name == "云雀智能装备"


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_page(client, folk, draft, step):
    client.force_login(folk.owner)

    assert client.get(reverse("request-step", args=[draft.number, step])).status_code == 200


def complete(client, draft):
    for step, typed in (("space", SPACE), ("time", TIME), ("contact", CONTACT)):
        fill(client, draft, step, **typed)


def check(client, wanted, **typed):
    return client.post(reverse("request-check", args=[wanted.number]), typed)


def test_the_owner_checks_declares_and_sends(client, folk, draft):
    client.force_login(folk.owner)
    complete(client, draft)
    page = client.get(reverse("request-check", args=[draft.number])).content.decode()

    answer = check(client, draft, declared="on")

    done = client.get(answer["Location"]).content.decode()
    draft.refresh_from_db()
    for words in ("示例创新园", "120.00", "2026-09-01", "13800000000"):
        assert words in page
    for step in STEPS:
        assert reverse("request-step", args=[draft.number, step]) in page
    assert (draft.state, draft.submitted_by) == ("submitted", folk.owner)
    assert f"Request {draft.number} was submitted" in done
    assert "The park accepts it for review within 3 working days." in done
    assert "At the latest on 4 Jun 2026." in done


def test_without_the_declaration_nothing_is_sent(client, folk, draft):
    client.force_login(folk.owner)
    complete(client, draft)

    answer = check(client, draft)

    draft.refresh_from_db()
    assert (answer.status_code, draft.state) == (422, "draft")
    assert answer.content.decode().count("Tick the declaration: only a true request can be sent.") == 2


def test_what_is_missing_is_named_with_its_step(client, folk, draft):
    client.force_login(folk.owner)

    answer = check(client, draft, declared="on")

    assert answer.status_code == 422
    missing = {step.value: [str(word) for word in words] for step, words in answer.context["missing"]}
    assert missing == {
        "space": ["Where", "use", "smallest (m²)", "largest (m²)"],
        "time": ["needed by", "months"],
    }


def test_a_member_sees_who_sends_it_and_cannot(client, folk, draft):
    client.force_login(folk.member)
    complete(client, draft)

    page = client.get(reverse("request-check", args=[draft.number])).content.decode()

    assert "The owner of the company sends it: owner." in page
    assert "Submit</button>" not in page
    assert check(client, draft, declared="on").status_code == 403


def test_a_sent_request_is_no_longer_written_on(client, folk, draft):
    client.force_login(folk.owner)
    complete(client, draft)
    check(client, draft, declared="on")

    for name, args in (("request-edit", []), ("request-step", ["space"])):
        assert client.get(reverse(name, args=[draft.number, *args]))["Location"] == f"/requests/{draft.number}/"


def test_a_returned_request_leads_to_the_steps_that_were_asked_for(client, folk, draft):
    client.force_login(folk.owner)
    complete(client, draft)
    check(client, draft, declared="on")
    sent = SpaceRequest.objects.get(pk=draft.pk)
    words = "请补充承重要求"
    requests.review(
        sent,
        step="first",
        decision="returned",
        comment=words,
        form_steps=["conditions"],
        by=folk.manager,
        on=DAY,
    )

    page = client.get(reverse("request-edit", args=[draft.number]))
    fill(client, draft, "conditions", load_kg_m2="500")
    answer = check(client, draft, declared="on")

    assert [step.value for step in page.context["returned"].steps] == ["conditions"]
    assert words in page.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.load_kg_m2) == ("submitted", 500)
    assert answer["Location"] == reverse("request-done", args=[draft.number])


def test_the_application_form_is_printed_by_both_sides_and_by_no_other_company(client, folk, draft):
    client.force_login(folk.owner)
    complete(client, draft)
    check(client, draft, declared="on")
    url = reverse("request-print", args=[draft.number])

    result = {}
    for who in ("owner", "member", "manager", "official", "neighbour"):
        client.force_login(getattr(folk, who))
        result[who] = client.get(url).status_code

    assert result == {"owner": 200, "member": 200, "manager": 200, "official": 200, "neighbour": 404}


def test_the_owner_deletes_a_draft(client, folk, draft):
    client.force_login(folk.member)
    refused = client.post(reverse("request-delete", args=[draft.number])).status_code
    client.force_login(folk.owner)

    client.post(reverse("request-delete", args=[draft.number]))

    draft.refresh_from_db()
    assert (refused, draft.state) == (403, "withdrawn")


PAGES = ["request-edit", "request-check", "request-done", "request-print", "request-delete"]


@pytest.mark.parametrize("who", ["neighbour", "newcomer", "manager", "official"])
def test_a_draft_is_nobody_elses_business(client, folk, draft, who):
    client.force_login(getattr(folk, who))

    result = {client.get(reverse(name, args=[draft.number])).status_code for name in PAGES}
    result |= {client.get(reverse("request-step", args=[draft.number, step])).status_code for step in STEPS}
    result |= {fill(client, draft, "space", **SPACE).status_code, check(client, draft, declared="on").status_code}

    assert result == {404}


@pytest.mark.parametrize("many", [0, 4])
def test_the_list_of_steps_costs_the_same_for_any_number_of_units(
    client, folk, draft, many, django_assert_num_queries
):
    units = [make.unit(floor=folk.unit.floor, code=f"HIT-01-A-3{number:02}") for number in range(many)]
    requests.request_units(draft, units, by=folk.owner)
    client.force_login(folk.owner)

    with django_assert_num_queries(5):
        client.get(reverse("request-edit", args=[draft.number]))


@pytest.mark.parametrize("step", STEPS)
def test_each_step_leads_on_with_the_fields_that_its_page_has(client, folk, draft, step):
    """Nothing is sent but what the page shows and hides: no version that only a test knows."""
    client.force_login(folk.owner)
    address = reverse("request-step", args=[draft.number, step])
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page[page.index("<main") :]))
    company = {"name": folk.company.name, "registers_by": "2026-12-31"} | CONTACT
    typed = {"company": company, "space": SPACE, "time": TIME, "contact": CONTACT}.get(step, {})

    answer = client.post(address, hidden | typed | {"to_list": "1"})

    assert answer.status_code == 302, answer.context["form"].errors
