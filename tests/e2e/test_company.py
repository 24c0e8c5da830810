"""A company's first five minutes: from the home page to a sent request, and on with its timeline.

By role and accessible name only; with the mouse, with the keyboard alone, and without JavaScript; on a phone's width.
"""

import re
from itertools import count

import pytest
from django.utils import translation
from playwright.sync_api import expect

from spaces.states import ReviewStep, Use
from tenants.credit_codes import check_character, organisation_check
from tests.e2e.checks import problems
from tests.e2e.hands import Hands
from tests.thorough import crossing, two_at_once

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
UNIT = "HIT-01-A-401"
serial = count(1)


def credit_code(number):
    """A code that holds in all its parts, another one for each number."""
    for step in range(100):
        first8 = f"{number * 100 + step:08d}"
        if organisation_check(first8) != "X":
            first17 = f"91230109{first8}{organisation_check(first8)}"
            return first17 + check_character(first17)
    raise AssertionError("No code in a hundred.")


def field(page, label, role="textbox"):
    """By its label; the word "(optional)" may follow it."""
    return page.get_by_role(role, name=re.compile(f"^{re.escape(str(label))}( |$)"))


MODES = {
    "phone": {"width": 390, "has_touch": True},
    "desk": {"width": 1280},
    "keyboard": {"width": 390, "keyboard": True},
    "no script": {"width": 390, "java_script_enabled": False},
}


@pytest.mark.parametrize(("mode", "language"), two_at_once(crossing(MODES, ["zh-hans", "en"])))
def test_a_company_finds_space_asks_and_knows_what_comes_next(visit, server, language, mode):
    options = dict(MODES[mode])
    keyboard = options.pop("keyboard", False)
    scripted = options.get("java_script_enabled", True)
    number = next(serial)
    person = {"email": f"firm{number}@{language}-{mode.replace(' ', '-')}.test", "code": credit_code(1000 + number)}
    with translation.override(language):
        say = translation.gettext
        page = visit("/", language=language, **options)
        hands = Hands(page, keyboard=keyboard)
        finds_space(page, hands, say)
        to_registration(page, hands, say, person, f"北辰材料{language}{number}")
        draft = fills_in_space(page, hands, say)
        corrects_the_code(page, hands, say, person, scripted=scripted)
        clean(page, scripted=scripted)
        page.context.close()
        page = comes_back(visit, server, language, options, say, person, draft, keyboard=keyboard)
        sends(page, Hands(page, keyboard=keyboard), say, draft)
        clean(page, scripted=scripted)


def finds_space(page, hands, say):
    """Steps 1 to 4: a headline, a search, reasons in words, one unit in the basket."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"\d"))
    expect(page.get_by_role("link", name=say("Find space")).first).to_be_attached()
    hands.fill(page.get_by_role("textbox", name=say("Area from (m²)")), "100")
    hands.fill(page.get_by_role("textbox", name=say("Area to (m²)")), "200")
    hands.choose(page.get_by_role("combobox", name=say("Use")), str(Use.OFFICE.label))
    search = page.get_by_role("main").get_by_role("search")
    hands.press(search.get_by_role("button", name=say("Search")))
    expect(page).to_have_url(re.compile(r"area_min=100&area__lte=200&use=office"))
    card = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=UNIT, exact=True)).first
    expect(card).to_contain_text("120.00")
    expect(card).to_contain_text(say("free now"))
    reasons = page.get_by_role("group").filter(has_text=say("see why"))
    hands.press(reasons.get_by_text(say("see why")) if not hands.keyboard else summary(page, say))
    expect(page.get_by_role("table").first).to_be_visible()
    hands.press(card.get_by_role("button", name=f"{say('Add to request')} {UNIT}"))
    expect(page.get_by_role("button", name=f"{say('Remove')} {UNIT}").first).to_be_visible()
    expect(page.get_by_role("status").last).to_contain_text("1")


def summary(page, say):
    """What opens the reasons: a summary has no role of its own everywhere, its text is its name."""
    return page.get_by_text(re.compile(f"{re.escape(say('Not available'))} \\d+ \\("))


def to_registration(page, hands, say, person, name):
    """Step 5: sign up with a pasted password, type the code that the demo shows, register the company."""
    hands.press(page.get_by_role("button", name=say("Submit a space request")))
    hands.fill(field(page, say("Your name")), "王")
    hands.fill(page.get_by_role("textbox", name=re.compile("mail|邮")), person["email"])
    hands.fill(page.get_by_label(re.compile("Password|密码")).first, PASSWORD)
    hands.press(page.get_by_role("main").get_by_role("button", name=say("Sign up")))
    expect(page.get_by_role("heading", name=say("Type the code from the mail"))).to_be_visible()
    code = code_in_mail(page, hands, say, person["email"])
    hands.fill(page.get_by_role("textbox").last, code)
    hands.press(page.get_by_role("main").get_by_role("button", name=say("Confirm")))
    hands.fill(field(page, say("Company name")), name)
    hands.fill(field(page, say("Unified social credit code")), person["code"])
    hands.fill(field(page, say("Contact person")), "王")
    hands.fill(field(page, say("Contact phone")), "13800000000")
    hands.press(page.get_by_role("main").get_by_role("button", name=say("Register"), exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"XQ-\d{4}-\d{4}"))


def code_in_mail(page, hands, say, email):
    """By the page of mail that the demo has, and back again."""
    hands.press(page.get_by_role("main").get_by_role("link", name=say("Mail of the demo")))
    hands.press(page.get_by_role("row").filter(has_text=email).first.get_by_role("link"))
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page.get_by_role("main").inner_text())[0]
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name=say("Type the code from the mail"))).to_be_visible()
    return code


def fills_in_space(page, hands, say):
    """Step 6: full-width digits; the list says that the step is done, and the unit is still there."""
    draft = re.search(r"XQ-\d{4}-\d{4}", page.get_by_role("heading", level=1).inner_text())[0]
    hands.press(page.get_by_role("link", name=say("Units in mind")))
    expect(page.get_by_role("checkbox", name=re.compile(UNIT))).to_be_checked()
    hands.press(page.get_by_role("button", name=say("Save and return to list")))
    hands.press(page.get_by_role("link", name=say("How much space")))
    hands.fill(field(page, say("Preferred usable area (m²)")), "１２０")
    hands.fill(field(page, say("At least (m²)")), "100")
    hands.fill(field(page, say("At most (m²)")), "160")
    hands.press(page.get_by_role("button", name=say("Save and return to list")))
    done = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=say("How much space")))
    expect(done).to_contain_text(translation.pgettext("step", "Done"))
    hands.press(page.get_by_role("link", name=say("How much space")))
    expect(field(page, say("Preferred usable area (m²)"))).to_have_value("120.00")
    return draft


def corrects_the_code(page, hands, say, person, *, scripted):
    """Step 7: one wrong digit; the summary has the focus and leads to the field, which says the same."""
    hands.press(page.get_by_role("link", name=re.compile(r"XQ-\d{4}-\d{4}")).first)
    hands.press(page.get_by_role("link", name=say("Company"), exact=True))
    wrong = ("1" if person["code"][8] != "1" else "2").join((person["code"][:8], person["code"][9:]))
    code = field(page, say("Unified social credit code"))
    hands.fill(code, wrong)
    hands.press(page.get_by_role("button", name=say("Save and continue")))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(wrong)
    words = alert.get_by_role("link").inner_text().partition(translation.gettext(": "))[2]
    expect(page.get_by_text(words)).to_have_count(2)
    if scripted:
        expect(alert).to_be_focused()
    hands.press(alert.get_by_role("link"))
    expect(page).to_have_url(re.compile("#id_uscc$"))
    expect(code).to_have_value(wrong)


def comes_back(visit, server, language, options, say, person, draft, *, keyboard):
    """Step 8: another day, another browser; the desk says where to go on."""
    page = visit("/accounts/login/", language=language, **options)
    hands = Hands(page, keyboard=keyboard)
    hands.fill(page.get_by_role("textbox", name=re.compile("mail|邮")), person["email"])
    hands.fill(page.get_by_label(re.compile("Password|密码")).first, PASSWORD)
    hands.press(page.get_by_role("main").get_by_role("button", name=say("Log in")))
    expect(page).to_have_url(f"{server}/my/")
    hands.press(page.get_by_role("link", name=re.compile(re.escape(say("Go on with %(number)s") % {"number": draft}))))
    return page


def sends(page, hands, say, draft):
    """Steps 9 and 10: the rest, the check page with all of it, a number with the next step and its days."""
    hands.press(page.get_by_role("link", name=say("When and how long")))
    hands.set_day(field(page, say("Needed by"), role="textbox").or_(page.get_by_label(say("Needed by"))), "2027-03-01")
    hands.fill(field(page, say("For how many months")), "24")
    hands.press(page.get_by_role("button", name=say("Save and return to list")))
    hands.press(page.get_by_role("link", name=say("Check and submit")))
    main = page.get_by_role("main")
    for result in ("120.00", "100.00", "160.00", "2027-03-01", "24", UNIT, "13800000000"):
        expect(main).to_contain_text(result)
    hands.tick(page.get_by_role("checkbox"))
    hands.press(page.get_by_role("button", name=say("Submit"), exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text(draft)
    expect(main).to_contain_text(re.compile("3 (working days|个工作日)"))
    hands.press(page.get_by_role("link", name=say("See how it goes")))
    expect(page).to_have_url(re.compile(f"/requests/{draft}/$"))
    expect(main).to_contain_text(say("Submitted"))
    expect(main).to_contain_text(str(ReviewStep.FIRST.label))


def clean(page, *, scripted):
    """No fault in the console but the refusal that was asked for, axe clean; nothing wider than the page."""
    assert [fault for fault in page.faults if "status of 422" not in fault] == []
    if scripted:
        assert problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
