"""From visitor to the draft: the basket, the account, the company, and the units still in the request."""

import pytest
from django.urls import reverse

from spaces.access.disclosure import disclosed
from spaces.changes.versions import version_of
from spaces.models import Change, User
from tenants.actions import companies
from tenants.credit_codes import check_character
from tenants.models import Company, Member, SpaceRequest
from tests import make
from tests.frontend import desk, tenancy
from tests.frontend.tenancy import CODE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
FACTS = {"name": "北辰新材料", "uscc": CODE, "registers_by": "", "contact_name": "王", "contact_phone": "13800000000"}


def choose(client, unit, do="add", **more):
    return client.post(reverse("basket"), {"unit": unit.code, do: "1", "next": "/spaces/?use=office"} | more)


def test_the_basket_works_before_any_login_and_leads_back_to_the_unit(client, folk):
    answer = choose(client, folk.unit)

    assert (answer.status_code, answer["Location"]) == (303, "/spaces/?use=office#u-HIT-01-A-101")
    page = client.get("/spaces/").content.decode()
    assert "1 unit chosen (up to 5)" in page
    choose(client, folk.unit, do="remove")
    assert "chosen (up to 5)" not in client.get("/spaces/").content.decode()


def test_a_sixth_unit_is_refused_in_words(client, folk):
    floor = folk.unit.floor
    for number in range(6):
        choose(client, make.unit(floor=floor, code=f"HIT-01-A-2{number:02}"))

    page = client.get("/spaces/").content.decode()

    assert client.session["basket"] == [f"HIT-01-A-2{number:02}" for number in range(5)]
    assert "You have chosen 5 units; take one out first." in page


def test_a_unit_that_is_not_published_cannot_be_chosen(client, folk):
    hidden = make.unit(floor=folk.unit.floor, code="HIT-01-A-299", published=False)

    assert choose(client, hidden).status_code == 404


def test_the_way_back_stays_on_this_host(client, folk):
    answer = choose(client, folk.unit, next="https://elsewhere.example/")

    assert answer["Location"] == "/spaces/"


def test_sign_up_register_and_land_on_the_draft_with_the_units(client, folk):
    choose(client, folk.unit)

    to_sign_up = client.post(reverse("request-new"))
    assert to_sign_up["Location"].startswith("/accounts/signup/?next=/requests/new/")
    client.post(to_sign_up["Location"], {"name": "Li Xin", "email": "new@firm.test", "password1": make.PASSWORD})
    to_company = tenancy.type_code(client)
    assert to_company.templates[0].name == "frontend/company_new.html"
    way = to_company.context["next"]
    landed = client.post(reverse("my-company-new"), FACTS | {"next": way}, follow=True)

    wanted = SpaceRequest.objects.get(created_by__email="new@firm.test")
    assert landed.redirect_chain[-1][0] == reverse("request-edit", args=[wanted.number])
    assert [unit.code for unit in wanted.requested_units.all()] == [folk.unit.code]
    assert (wanted.company.name, wanted.company.uscc) == ("北辰新材料", CODE)
    assert (wanted.park, wanted.use) == (folk.park, "office")
    assert "basket" not in client.session
    assert Member.objects.get(user__email="new@firm.test").role == "owner"


def test_a_new_account_is_recorded_and_has_no_role(client, db):
    client.post(reverse("account_signup"), {"name": "Li Xin", "email": "New@Firm.test", "password1": make.PASSWORD})

    user = User.objects.get(email="new@firm.test")
    assert (user.name, user.is_staff, user.assignments.count()) == ("Li Xin", False, 0)
    assert Change.objects.filter(object_type="spaces.user", object_id=user.pk, verb="create").count() == 1


def test_sign_up_can_be_closed(client, db, settings):
    settings.SIGNUP_OPEN = False

    page = client.post(
        reverse("account_signup"), {"name": "Li Xin", "email": "new@firm.test", "password1": make.PASSWORD}
    )

    assert "No sign-up here yet" in page.content.decode()
    assert User.objects.count() == 0
    assert client.post(reverse("request-new"))["Location"].startswith("/accounts/login/?next=/requests/new/")


def test_who_has_an_account_comes_to_his_draft_by_the_login(client, folk):
    choose(client, folk.unit)
    to_sign_up = client.post(reverse("request-new"))
    page = client.get(to_sign_up["Location"])
    assert page.context["login_url"].startswith("/accounts/login/?next=%2Frequests%2Fnew%2F%3Fkept%3D")

    login = {"login": folk.owner.email, "password": make.PASSWORD}
    landed = client.post(page.context["login_url"], login, follow=True)

    wanted = SpaceRequest.objects.get()
    assert landed.redirect_chain[-1][0] == reverse("request-edit", args=[wanted.number])
    assert wanted.requested_units.get() == folk.unit


def test_looking_at_the_page_begins_no_draft(client, folk):
    client.force_login(folk.owner)

    assert client.get(reverse("request-new")).status_code == 200
    assert SpaceRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("９１２３０１０９ｍａ７ｐ２ｑｘ６３ｆ", CODE),
        (" 9123 0109 MA7P 2QX6 3F ", CODE),
    ],
)
def test_a_code_is_understood_as_people_paste_it(client, folk, typed, kept):
    client.force_login(folk.newcomer)

    client.post(reverse("my-company-new"), FACTS | {"uscc": typed})

    assert Company.objects.get(name="北辰新材料").uscc == kept


def test_a_wrong_code_is_refused_at_the_field_and_nothing_typed_is_lost(client, folk):
    client.force_login(folk.newcomer)

    answer = client.post(reverse("my-company-new"), FACTS | {"uscc": CODE[:-1] + "0"})

    page = answer.content.decode()
    words = f"“{CODE[:-1]}0” fails its check: one character is wrong or two are swapped. Compare it with the licence."
    assert answer.status_code == 422
    assert page.count(words) == 2
    assert f'<a href="#id_uscc">Unified social credit code: {words}</a>' in page
    assert 'value="北辰新材料"' in page
    assert f'value="{CODE[:-1]}0"' in page
    assert "<title>Error: Register a company" in page.replace("\n", "")


def test_a_team_without_a_code_says_by_when_it_has_one(client, folk):
    client.force_login(folk.newcomer)

    refused = client.post(reverse("my-company-new"), FACTS | {"uscc": ""})
    answer = client.post(reverse("my-company-new"), FACTS | {"uscc": "", "registers_by": "2026-09-01"})

    assert refused.status_code == 422
    assert answer["Location"] == "/my/"
    company = Company.objects.get(name="北辰新材料")
    assert (company.uscc, company.registers_by.isoformat()) == (None, "2026-09-01")


def test_a_known_company_is_not_registered_twice(client, folk):
    client.force_login(folk.newcomer)

    answer = client.post(reverse("my-company-new"), FACTS | {"name": "云雀 智能装备"})

    assert answer.status_code == 409
    assert answer.context["form"].errors["name"] == [
        "This company is registered already. Ask its owner to invite you, or the park to help."
    ]


@pytest.mark.parametrize(("who", "lands"), [("owner", "/my/"), ("newcomer", "/my/"), ("official", "/overview/")])
def test_the_first_page_after_the_login(client, folk, who, lands):
    login = {"login": getattr(folk, who).email, "password": make.PASSWORD}

    assert client.post(reverse("account_login"), login)["Location"] == lands


def test_the_menu_of_a_company_has_its_own_pages(client, folk):
    client.force_login(folk.member)

    menu = [item["url"] for item in client.get(reverse("my-desk")).context["menu"]]

    assert menu == ["/my/", "/spaces/", "/my/company/", "/my/members/", "/parks/", "/definitions/"]


def test_the_profile_is_changed_by_its_owner_until_it_is_verified(client, folk):
    client.force_login(folk.owner)
    facts = {
        "name": "云雀智能",
        "uscc": CODE,
        "contact_name": "李",
        "contact_phone": "13900000000",
        "industry": "机器人",
    }

    client.post(reverse("my-company"), facts | {"version": version_of(folk.company)})

    folk.company.refresh_from_db()
    assert (folk.company.name, folk.company.uscc, folk.company.industry) == ("云雀智能", CODE, "机器人")
    companies.verify(folk.company, by=folk.manager)
    facts |= {"name": "别的", "contact_name": "赵", "version": version_of(folk.company)}
    page = client.post(reverse("my-company"), facts)
    folk.company.refresh_from_db()
    assert (page.status_code, folk.company.name, folk.company.contact_name) == (302, "云雀智能", "赵")


@pytest.mark.parametrize("industry", ["软件", ""])
def test_who_changed_it_meanwhile_is_told_as_the_log_tells_it(client, folk, industry):
    """A colleague's name is masked (spaces.access.disclosure), in a conflict or where the page left it alone."""
    colleague = make.user(email="colleague@company.test", name="欧阳雨晴")
    make.member(user=colleague, company=folk.company)
    facts = {"name": folk.company.name, "contact_name": "李", "contact_phone": "13900000000", "uscc": CODE}
    facts |= {"registers_by": "2027-01-01", "industry": industry, "version": version_of(folk.company)}
    companies.update(folk.company, by=colleague, industry="机器人")
    (result,) = disclosed([Change.objects.get(pk=version_of(folk.company))], folk.owner)
    client.force_login(folk.owner)

    page = client.post(reverse("my-company"), facts, follow=True).content.decode()

    assert result.by not in {None, colleague.name}
    assert (result.by in page, "机器人" in page, colleague.name in page) == (True, True, False)


def test_a_member_reads_the_profile_and_may_not_change_it(client, folk):
    client.force_login(folk.member)

    assert "Only the owner of the company changes these." in client.get(reverse("my-company")).content.decode()
    assert client.post(reverse("my-company"), {"name": "别的"}).status_code == 403
    assert client.get(reverse("my-company"), {"company": folk.other.number}).status_code == 404


ODD = CODE[:16] + ("1" if CODE[16] != "1" else "2")
ODD += check_character(ODD)  # right but for the check within the organisation code
WARNING = f"Characters 9 to 17 of “{ODD}” do not fit together."


def test_a_code_with_an_odd_organisation_code_is_taken_with_a_warning(client, folk):
    newcomer = make.user(email="new@example.test", name="new")
    client.force_login(newcomer)

    page = client.post(reverse("my-company-new"), FACTS | {"uscc": ODD}, follow=True).content.decode()

    company = Company.objects.get(name="北辰新材料")
    assert (company.uscc, WARNING in page) == (ODD, True)
    sent = FACTS | {"uscc": ODD, "industry": "机器人", "version": version_of(company)}
    again = client.post(reverse("my-company"), sent, follow=True)
    assert WARNING in again.content.decode()
    right = client.post(reverse("my-company"), FACTS | {"version": version_of(company)}, follow=True)
    assert "do not fit together" not in right.content.decode()


def test_the_step_of_the_request_warns_of_an_odd_code_too(client, folk):
    newcomer = make.user(email="new@example.test", name="new")
    client.force_login(newcomer)
    client.post(reverse("my-company-new"), FACTS)
    client.post(reverse("request-new"))
    wanted = SpaceRequest.objects.get(created_by=newcomer)
    sent = FACTS | {"uscc": ODD, "version": version_of(wanted.company)}

    page = client.post(reverse("request-step", args=[wanted.number, "company"]), sent, follow=True)

    assert WARNING in page.content.decode()


@pytest.mark.parametrize(("who", "result"), [("manager", True), ("official", True), ("tenant", False)])
def test_the_company_page_tells_those_who_verify_it(client, db, who, result):
    people = desk.build()
    desk.submitted(people)
    companies.update(people.tenant_company, by=people.tenant, uscc=ODD)
    client.force_login(getattr(people, who))

    page = client.get(reverse("company-detail", args=[ODD])).content.decode()

    assert (WARNING in page) == result
