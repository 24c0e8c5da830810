"""The permission table of the pages: every named address, by role and method. One without a row fails."""

import io
import re

import pytest
from django.urls import get_resolver, reverse
from python_calamine import CalamineWorkbook

from frontend.graphics import workbooks
from spaces.models import Allocation, Change, Floor
from spaces.states import Role
from tests import make
from tests.frontend import people as folk
from tests.frontend import test_rights_tenancy as tenancy
from tests.thorough import share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
WHO = ("visitor", "manager", "neighbour", "officer", "outsider", "official", "auditor", "admin", "stranger")
# manager: of the park; neighbour: of another park; officer, outsider: of this and of another ecosystem.
ALL = (200,) * 9
SIGNED_IN = (302, *(200,) * 8)
PARK_AND_OFFICER = (302, 200, 403, 200, 403, 403, 403, 403, 403)
OFFICER = (302, 403, 403, 200, 403, 403, 403, 403, 403)
MANAGER = (302, 200, 403, 403, 403, 403, 403, 403, 403)
ADMIN = (302, 403, 403, 403, 403, 403, 403, 200, 403)
# Who sits where is hidden from other parks: there it is 404. Officials and auditors see it and may not act.
INSIDE = (302, 200, 403, 200, 403, 200, 200, 403, 403)
OCCUPANCY = (302, 200, 404, 200, 404, 403, 403, 404, 404)
# A drawing on its way is no public thing: it exists only for those who may change its floor.
DRAWING = (302, 200, 404, 200, 404, 404, 404, 404, 404)
READ = {
    ("home",): ALL,
    ("search",): ALL,
    ("overview",): ALL,
    ("vacancy-report",): ALL,  # when leases end: tests/frontend/test_vacancy_in_time.py
    ("overview-file",): ALL,
    ("pipeline-list",): ALL,
    ("ecosystem-list",): ALL,
    ("ecosystem-detail", "hit"): ALL,
    ("park-list",): ALL,
    ("park-choices",): ALL,
    ("park-detail", "HIT-01"): ALL,
    ("building-detail", "HIT-01", "A"): ALL,
    ("floor-detail", "HIT-01", "A", 1): ALL,
    ("block-find", "HIT-01", "A"): INSIDE,
    ("park-stack-file", "HIT-01", "svg"): ALL,
    ("park-stack-file", "HIT-01", "xlsx"): ALL,
    ("building-stack-file", "HIT-01", "A", "svg"): ALL,
    ("building-stack-file", "HIT-01", "A", "xlsx"): ALL,
    ("unit-panel", "HIT-01-A-104"): ALL,
    ("unit-list",): ALL,
    ("unit-detail", "HIT-01-A-104"): ALL,
    ("vacancy-list",): ALL,
    ("definitions",): ALL,
    ("change-list",): SIGNED_IN,
    ("restatement-list",): (302, *(200,) * 6, 403, 403),
    ("notice-list",): SIGNED_IN,
    ("mail-list",): ADMIN,
    ("help",): ALL,
    ("help-role", "company"): ALL,
    ("accessibility",): ALL,
    ("privacy",): ALL,
    ("set-text-size",): (303,) * 9,
    ("security-txt",): (404,) * 9,
    ("demo-mail",): (404,) * 9,
    ("demo-mail-message", 1): (404,) * 9,
}
ACT = {
    ("ecosystem-new",): (302, *(403,) * 8),  # an officer of the whole province: tests/frontend/test_first_steps.py
    ("park-new", "hit"): OFFICER,
    ("park-edit", "HIT-01"): OFFICER,
    ("park-belonging", "HIT-01"): OFFICER,
    ("building-new", "HIT-01"): PARK_AND_OFFICER,
    ("building-edit", "HIT-01", "A"): PARK_AND_OFFICER,
    ("floor-new", "HIT-01", "A"): PARK_AND_OFFICER,
    ("floor-edit", "HIT-01", "A", 1): PARK_AND_OFFICER,
    ("unit-new", "HIT-01", "A", 1): PARK_AND_OFFICER,
    ("plan-new", "HIT-01", "A", 1): PARK_AND_OFFICER,
    ("drawing-new", "HIT-01", "A", 1): PARK_AND_OFFICER,
    ("unit-act", "HIT-01-A-101", "edit"): PARK_AND_OFFICER,
    ("unit-act", "HIT-01-A-101", "facts"): PARK_AND_OFFICER,
    ("unit-act", "HIT-01-A-101", "offline"): PARK_AND_OFFICER,
    ("unit-act", "HIT-01-A-101", "hold"): MANAGER,
    ("unit-act", "HIT-01-A-101", "split"): MANAGER,
    ("unit-act", "HIT-01-A-101", "merge"): MANAGER,
    ("unit-act", "HIT-01-A-101", "retire"): MANAGER,
    ("allocation-act", "sign"): OCCUPANCY,
    ("allocation-act", "move-in"): OCCUPANCY,
    ("allocation-act", "hand-back"): OCCUPANCY,
    ("allocation-act", "end"): OCCUPANCY,
    ("allocation-act", "correct"): OCCUPANCY,
}
# Steps of a drawing: tested below.
STEPS = {("drawing-detail",): DRAWING, ("drawing-choose",): DRAWING, ("drawing-take-over",): DRAWING}
# allauth's pages know no role. (visitor, signed in) for GET, then for an empty POST.
ACCOUNT = {
    ("account_login",): ((200, 302), (200, 302)),
    ("account_logout",): ((302, 200), (302, 302)),
    ("account_signup",): ((200, 302), (200, 302)),
    ("account_inactive",): ((200, 200), (405, 405)),
    ("account_email",): ((302, 302), (302, 405)),
    ("account_email_verification_sent",): ((302, 302), (302, 302)),
    ("account-welcome", "x"): ((422, 422), (422, 422)),
    ("profile",): ((302, 200), (302, 409)),
    ("profile-sessions-end",): ((302, 405), (302, 302)),
    ("profile-delete",): ((302, 302), (302, 302)),
    ("usersessions_list",): ((302, 302), (302, 405)),
    ("account_confirm_login_code",): ((302, 302), (302, 302)),
    ("account_change_password",): ((302, 200), (302, 200)),
    ("account_set_password",): ((302, 302), (302, 302)),
    ("account_reset_password",): ((200, 200), (200, 200)),
    ("account_reset_password_done",): ((200, 200), (405, 405)),
    ("account_reset_password_from_key", "1", "x-y"): ((200, 200), (200, 200)),
    ("account_reset_password_from_key_done",): ((200, 200), (405, 405)),
    ("account_reauthenticate",): ((302, 200), (302, 200)),
    ("mfa_authenticate",): ((302, 302), (302, 302)),
    ("mfa_reauthenticate",): ((302, 302), (302, 302)),
    ("mfa_index",): ((302, 200), (302, 405)),
    ("mfa_activate_totp",): ((302, 302), (302, 302)),
    ("mfa_deactivate_totp",): ((302, 404), (302, 404)),
    ("mfa_generate_recovery_codes",): ((302, 302), (302, 302)),
    ("mfa_view_recovery_codes",): ((302, 404), (302, 405)),
    ("mfa_download_recovery_codes",): ((302, 404), (302, 404)),
}
CONFLICT = 409
NEWEST = {"version": "9" * 9}  # an edit says which version it showed: this one has seen everything
# The language is tested below: its POST is for everyone. The feed opens by its secret address: test_feed.py.
# A message is tried again in test_mail.py.
OTHER = {"set-language", "calendar-feed", "mail-retry"}
# Who may what depends on the company: tests/frontend/test_company_*.py.
OF_COMPANIES = {
    "basket", "invitation-again", "invitation-end",
    "member-end", "member-join", "member-role", "my-company", "my-company-new", "my-desk",
    "my-members", "offer-answer", "offer-detail", "offer-visit", "request-check", "request-delete", "request-done",
    "request-edit", "request-new", "request-print", "request-step",
}  # fmt: skip
# The plan of a floor has rights of its own: tests/frontend/test_plans.py.
OF_PLANS = {
    "floor-adjacency", "plan-draw", "plan-picture", "plan-picture-small", "plan-publish", "plan-replace",
    "plan-scale",
}  # fmt: skip
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def people():
    return folk.gather()


def address(key):
    name, *args = key
    if name == "allocation-act":
        args = [Allocation.objects.get(unit__code="HIT-01-A-104").pk, *args]
    return reverse(name, args=args)


def test_every_page_stands_in_the_table():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and not name.startswith("api-")}

    tables = (READ, ACT, STEPS, ACCOUNT, tenancy.READ, tenancy.ACT, tenancy.SENT)
    # "nowhere" is a 404 for everyone, and stands only where the addresses were read with DEBUG on.
    assert {key[0] for table in tables for key in table} | OTHER | OF_COMPANIES | OF_PLANS == names - {"nowhere"}


def expected(who, table):
    return {key: row[WHO.index(who)] for key, row in table.items()}


def result(table, ask):
    return {key: ask(address(key)).status_code for key in table}


@pytest.fixture(params=WHO)
def who(request, client, people):
    if request.param != "visitor":
        client.force_login(getattr(people, request.param))
    return request.param


def test_who_may_read(client, who):
    assert result(READ, client.get) == expected(who, READ)


def test_a_page_to_read_takes_nothing_else(client, who):
    """405; who may not open the page at all is sent to the login as ever. Other methods: tests/test_project.py."""
    mine = share(READ, WHO.index(who), 3)
    refused = {key: 302 if code == 302 else 405 for key, code in expected(who, READ).items() if key in mine}

    assert result(mine, client.post) == refused


def test_who_may_act(client, who):
    """An empty form is refused as a form, 422, once the person may act at all. An edit must state its version."""
    before, codes = Change.objects.count(), expected(who, ACT)

    def send(url):
        answer = client.post(url)
        return client.post(url, NEWEST) if answer.status_code == CONFLICT else answer

    assert result(ACT, client.get) == codes
    assert result(ACT, send) == {key: 422 if code == 200 else code for key, code in codes.items()}
    assert Change.objects.count() == before


def test_a_drawing_exists_only_for_those_who_may_change_its_floor(client, who):
    """An empty form is refused as one, 422; without a layer there is nothing to take over yet, so it leads back."""
    drawing = make.drawing(floor=Floor.objects.get(building__park__code="HIT-01", building__code="A"))
    url = {name: reverse(name, args=[drawing.pk]) for (name,) in STEPS}
    before, code = Change.objects.count(), DRAWING[WHO.index(who)]

    read = [client.get(url["drawing-detail"]).status_code, client.post(url["drawing-detail"]).status_code]
    sent = [client.post(url[name], NEWEST).status_code for name in ("drawing-choose", "drawing-take-over")]
    got = [client.get(url[name]).status_code for name in ("drawing-choose", "drawing-take-over")]

    assert read == [code, 302 if who == "visitor" else 405]
    assert sent == ([422, 302] if code == 200 else [code, code])
    assert got == [302 if who == "visitor" else 405] * 2
    assert Change.objects.count() == before


def test_a_fragment_has_the_rights_of_its_page(client, who):
    """HX-Request is a hint for drawing, never for rights. Who must log in first is led there with the whole window."""
    table = dict(share((READ | ACT).items(), WHO.index(who), 4))
    answers = {key: client.get(address(key), headers=HTMX) for key in table}

    codes = expected(who, table)
    assert {key: answer.status_code for key, answer in answers.items()} == {
        key: 200 if code == 302 else code for key, code in codes.items()
    }
    led = {key for key, answer in answers.items() if answer.get("HX-Redirect", "").startswith("/accounts/login/")}
    assert led == {key for key, code in codes.items() if code == 302}
    assert [key for key in led if answers[key].content] == []


def test_the_pages_of_the_account_know_two_kinds_of_people(client, who):
    kind = 0 if who == "visitor" else 1
    read, posted = ({key: codes[at][kind] for key, codes in ACCOUNT.items()} for at in (0, 1))

    assert result(ACCOUNT, client.get) == read
    # Logging out is last: it ends the login of all that follows.
    assert result(sorted(ACCOUNT, key=("account_logout",).__eq__), client.post) == posted


def test_the_language_may_be_chosen_by_anyone(client, who):
    url = reverse("set-language")

    assert client.post(url, {"lang": "en"}).status_code == 303
    assert client.get(url).status_code == 303
    assert client.put(url).status_code == 405


@pytest.mark.parametrize("who", ["neighbour", "outsider", "admin", "stranger"])
def test_what_may_not_be_seen_looks_like_what_does_not_exist(client, people, who):
    client.force_login(getattr(people, who))
    foreign = Allocation.objects.get(unit__code="HIT-01-A-104").pk

    for verb in ("sign", "correct"):
        there = client.get(reverse("allocation-act", args=[foreign, verb]))
        nowhere = client.get(reverse("allocation-act", args=[999_999, verb]))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert scrubbed(there) == scrubbed(nowhere)


def scrubbed(answer):
    return re.sub(r"csrf[^>]*>|allocations(/|%2F)\d+", "", answer.content.decode())


@pytest.mark.parametrize(
    ("key", "roles"),
    [
        (("park-edit", "HIT-01"), (Role.ECOSYSTEM_OFFICER,)),
        (("park-new", "hit"), (Role.ECOSYSTEM_OFFICER,)),
        (("unit-act", "HIT-01-A-101", "split"), (Role.PARK_MANAGER,)),
        (("unit-act", "HIT-01-A-101", "edit"), (Role.PARK_MANAGER, Role.ECOSYSTEM_OFFICER)),
        (("allocation-act", "sign"), (Role.PARK_MANAGER, Role.ECOSYSTEM_OFFICER)),
    ],
)
def test_a_refusal_names_the_roles_that_may_and_who_grants_them(client, people, key, roles):
    client.force_login(people.official)

    page = client.get(address(key)).content.decode()

    words = re.search(r'<p class="isp-lead">([^<]*)</p>', page)[1]
    assert [role for role in Role if str(role.label) in words] == list(roles)
    assert "A system admin grants roles." in words


def test_the_page_of_a_unit_offers_what_its_addresses_allow(client, who):
    """Each act offered opens, and each act that opens is offered."""
    code = "HIT-01-A-101"
    page = client.get(reverse("unit-detail", args=[code])).content.decode()

    offered = set(re.findall(rf'href="/units/{code}/([a-z-]+)/', page))

    verbs = [key[2] for key in ACT if key[0] == "unit-act"]
    assert offered == {verb for verb in verbs if client.get(reverse("unit-act", args=[code, verb])).status_code == 200}


def text_of(answer):
    """What a person reads in a page or in a workbook."""
    if answer["Content-Type"] != workbooks.TYPE:
        return answer.content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def test_who_has_a_unit_and_why_is_told_to_its_people_and_those_who_check_only(client, who):
    row = Allocation.objects.get(unit__code="HIT-01-A-104")
    row.reason, row.unit.note = "reason-4711", "note-4711"
    row.save()
    row.unit.save()

    pages = {key: text_of(client.get(address(key))) for key in READ}

    concerned = who in {"manager", "officer", "official", "auditor"}
    assert [key[0] for key, page in pages.items() if "4711" in page] == ["unit-panel", "unit-detail"] * concerned
    assert ("reason-4711" in pages["unit-detail", "HIT-01-A-104"]) == concerned
