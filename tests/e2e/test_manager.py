"""The park manager's first five minutes, by role and accessible name only.

With the mouse, on a phone's width, and with the keyboard alone.
"""

import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.checks import wrongs
from tests.e2e.conftest import ROOT
from tests.e2e.hands import Hands
from tests.thorough import crossing, two_at_once

pytestmark = pytest.mark.browser
WORDS = {
    "zh-hans": {
        "waits": "待受理",
        "late": "租约逾期",
        "receive": "受理",
        "first": "初审",
        "review": "审核: 初审",
        "passed": "通过",
        "decide": "审核",
        "match": "配房",
        "larger": "大 80 ㎡",
        "offer": "预留并推荐",
        "until": "预留并等待答复至（含当日）",
        "vacant": "空置",
        "held": "预留",
        "done": "已预留并推荐",
        "reasons": "逐个单元的原因",
        "score": re.compile(r"\d+分"),
        "held_by": "王工",
        "now": "当前",
        "why": "为什么突破？",
    },
    "en": {
        "waits": "Requests to be received",
        "late": "Leases overdue",
        "receive": "Accept for review",
        "first": "First review",
        "review": "Review: First review",
        "passed": "Passed",
        "decide": "Review",
        "match": "Match",
        "larger": "80 m² larger",
        "offer": "Hold and offer",
        "until": "Held, and to be answered, up to and including",
        "vacant": "Vacant",
        "held": "Held",
        "done": "held and offered",
        "reasons": "Each unit with its reason",
        "score": re.compile(r"\d+ points"),
        "held_by": "HIT-01-A-401 was held by 王工",
        "now": "now",
        "why": "Why is this passed over?",
    },
}


MODES = {"desk": 1280, "phone": 390, "keyboard": 1280}


@pytest.fixture
def numbers(demo, server, language, mode):
    """(the request that waits, the one that is admitted)."""
    env, _result = demo
    code = f"from tests.e2e.seed import manager_script; manager_script('{language}-{mode}')"
    run = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    result = subprocess.run(run, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout  # noqa: S603
    return result.split()


@pytest.mark.parametrize(("language", "mode"), two_at_once(crossing(["zh-hans", "en"], MODES)))
def test_the_first_five_minutes_of_a_park_manager(log_in, server, numbers, language, mode):
    words, (waits, admitted) = WORDS[language], numbers
    looks = {"language": language, "width": MODES[mode]}
    page = log_in(f"{language}-{mode}-wang", **looks)
    hands = Hands(page, keyboard=mode == "keyboard")

    sees_the_desk(hands, server, words)
    assert wrongs(page, language) == []
    receives(hands, words, waits)
    assert wrongs(page, language) == []
    company = log_in(f"{language}-{mode}-jia", **looks)
    company.goto(f"{server}/requests/{waits}/")
    expect(company.get_by_role("listitem").filter(has_text=words["now"])).to_contain_text(words["first"])
    passes_and_matches(hands, words)
    assert wrongs(page, language) == []

    other = Hands(log_in(f"{language}-{mode}-li", **looks), keyboard=hands.keyboard)
    other.page.goto(f"{server}/manage/requests/{admitted}/match/")
    other.press(other.page.get_by_role("link", name=f"{words['offer']} HIT-01-A-401"))
    opens_the_check_page(hands, words)
    assert wrongs(page, language) == []
    hands.press(page.get_by_role("button", name=words["offer"]))
    expect(page.get_by_text(words["done"])).to_be_visible()
    page.goto(f"{server}/units/HIT-01-A-401/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["held"])

    is_told_who_was_faster(other, words, waits)


def sees_the_desk(hands, server, words):
    """Step 1. The number of requests that wait is that of the list behind it."""
    page = hands.page
    expect(page).to_have_url(f"{server}/manage/")
    number = int(page.get_by_role("link", name=words["waits"]).inner_text().split()[0])
    hands.press(page.get_by_role("link", name=words["waits"]))
    expect(page.get_by_role("link", name=re.compile("^XQ-"))).to_have_count(number)
    page.go_back()
    expect(page.get_by_role("link", name=words["late"])).to_be_visible()
    expect(page.get_by_role("heading", level=3)).to_have_count(1)


def receives(hands, words, number):
    """Step 5."""
    page = hands.page
    hands.press(page.get_by_role("link", name=words["waits"]))
    hands.press(page.get_by_role("link", name=number, exact=True))
    hands.press(page.get_by_role("link", name=words["receive"], exact=True))
    hands.press(page.get_by_role("button", name=words["receive"], exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["first"])


def passes_and_matches(hands, words):
    """Step 6."""
    page = hands.page
    hands.press(page.get_by_role("link", name=words["review"]))
    hands.pick(page.get_by_role("radio", name=words["passed"], exact=True))
    hands.press(page.get_by_role("button", name=words["decide"], exact=True))
    hands.press(page.get_by_role("link", name=words["match"], exact=True))
    best = page.get_by_role("article").first
    expect(best).to_contain_text("HIT-01-A-401")
    expect(best).to_contain_text(words["score"])
    expect(page.get_by_role("article").filter(has_text="HIT-01-A-602").first).to_contain_text(words["larger"])
    hands.press(page.get_by_text(words["reasons"]))
    expect(page.get_by_role("listitem").filter(has_text="HIT-01-A-402")).to_be_visible()


def opens_the_check_page(hands, words):
    """Step 7, before the button."""
    page = hands.page
    hands.press(page.get_by_role("link", name=f"{words['offer']} HIT-01-A-401"))
    shift = page.get_by_role("status").filter(has_text="120.00")
    expect(shift).to_contain_text(words["vacant"])
    expect(shift).to_contain_text("−120.00")
    expect(shift).to_contain_text(words["held"])
    expect(shift).to_contain_text("+120.00")
    until = timezone.localdate() + timedelta(days=14)
    hands.set_day(page.get_by_label(words["until"]), until.isoformat())
    says_why(hands, words)


def says_why(hands, words):
    """The demo has earlier requests that the unit fits, too: passing over them needs a reason."""
    hands.fill(hands.page.get_by_label(words["why"]), "先到者已另有安排")


def is_told_who_was_faster(hands, words, number):
    """Step 8: the list below is as of now."""
    page = hands.page
    says_why(hands, words)
    hands.press(page.get_by_role("button", name=words["offer"]))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(words["held_by"])
    expect(alert).to_contain_text(number)
    expect(page.get_by_role("link", name=f"{words['offer']} HIT-01-A-401", exact=True)).to_have_count(0)
