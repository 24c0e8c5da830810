"""On a Chinese page every word is Chinese, but for names, codes and what has no other name."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from frontend.views.units.unit_verbs import ALLOCATION_ACTS, UNIT_ACTS
from spaces.models import Allocation
from tests.frontend import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
WORD = re.compile(r"[A-Za-z]{2,}")
SPOKEN = {"alt", "title", "placeholder", "label", "aria-label", "data-label", "value"}
# Codes and names of the small world, proper names, units, standards, keys, the link to the other language, and what
# the Chinese of django-allauth leaves as it is.
NAMES = {
    *("HIT", "HEU", "STP", "example", "test", "manager", "auditor", "officer", "admin"),
    *("English", "JavaScript", "Cookie", "WCAG", "AA", "GB", "Ctrl", "Esc", "CSV", "DXF", "kW", "kg", "Email", "TOTP"),
    *("SVG", "XLSX", "PNG", "JPEG", "WebP", "MB", "DWG", "UNITS"),
}
PLACES = [
    ("home", []),
    ("overview", []),
    ("ecosystem-list", []),
    ("ecosystem-detail", ["hit"]),
    ("park-list", []),
    ("park-detail", ["HIT-01"]),
    ("park-detail", ["STP"]),
    ("building-detail", ["HIT-01", "A"]),
    ("building-detail", ["STP", "X1"]),
    ("floor-detail", ["HIT-01", "A", 1]),
    ("unit-list", []),
    ("vacancy-list", []),
    ("change-list", []),
    ("definitions", []),
    ("help", []),
    ("accessibility", []),
    ("privacy", []),
    *[("unit-detail", [f"HIT-01-A-10{number}"]) for number in (1, 2, 3, 4, 5, 6, 8, 9)],
]
FORMS = [
    ("park-new", ["hit"]),
    ("park-edit", ["HIT-01"]),
    ("park-belonging", ["HIT-01"]),
    ("building-new", ["HIT-01"]),
    ("building-edit", ["HIT-01", "A"]),
    ("floor-new", ["HIT-01", "A"]),
    ("floor-edit", ["HIT-01", "A", 1]),
    ("unit-new", ["HIT-01", "A", 1]),
    ("plan-new", ["HIT-01", "A", 1]),
    ("drawing-new", ["HIT-01", "A", 1]),
    *[("unit-act", ["HIT-01-A-101", verb]) for verb in UNIT_ACTS],
]


class Spoken(HTMLParser):
    """What a page says: its text, and the attributes that are read out."""

    def __init__(self, page):
        super().__init__()
        self.result, self.element = [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.element = tag
        typed = tag in {"input", "option"} and dict(attrs).get("type") not in {"submit", "button"}
        self.result += [value or "" for name, value in attrs if name in SPOKEN and not (name == "value" and typed)]

    def handle_data(self, data):
        if self.element not in {"script", "style"}:
            self.result.append(data)


def foreign(answer):
    words = {word for text in Spoken(answer.content.decode()).result for word in WORD.findall(text)}
    return words - NAMES


@pytest.fixture
def gathered():
    return people.gather()


@pytest.fixture
def chinese(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    return client


@pytest.mark.parametrize(("who", "day"), [("", "2027-02-01"), ("manager", "2026-06-01"), ("auditor", "2026-02-01")])
def test_pages_speak_chinese(chinese, gathered, who, day):
    if who:
        chinese.force_login(getattr(gathered, who))
    result = {}
    for name, args in PLACES:
        answer = chinese.get(reverse(name, args=args), {"as_of": day})
        assert answer.status_code == 200 or (answer.status_code, name, who) == (302, "change-list", "")
        result[name, *args] = foreign(answer)
    assert {page: words for page, words in result.items() if words} == {}


NEWEST = {"version": "9" * 9}  # an edit that says that it has seen everything


def test_forms_and_their_refusals_speak_chinese(chinese, gathered):
    result = {}
    for who in (gathered.officer, gathered.manager):
        chinese.force_login(who)
        for name, args in FORMS:
            url = reverse(name, args=args)
            for answer in (chinese.get(url), chinese.post(url, {}), chinese.post(url, NEWEST)):
                assert answer.status_code in {200, 302, 403, 409, 422}
                result[who.name, name, *args, answer.status_code] = foreign(answer)
    assert {page: words for page, words in result.items() if words} == {}


def test_acts_on_an_allocation_and_what_they_record_speak_chinese(chinese, gathered):
    chinese.force_login(gathered.manager)
    result = {}
    for row in Allocation.objects.filter(unit__floor__building__park__code="HIT-01"):
        for verb in ALLOCATION_ACTS:
            address = reverse("allocation-act", args=[row.pk, verb])
            for answer in (chinese.get(address), chinese.post(address, NEWEST | {"why": "登记有误"}, follow=True)):
                result[row.unit.code, verb, answer.status_code] = foreign(answer)
    result["log"] = foreign(chinese.get(reverse("change-list")))
    assert {page: words for page, words in result.items() if words} == {}


def test_accounts_speak_chinese(chinese, gathered):
    result = {name: foreign(chinese.get(reverse(name))) for name in ("account_login", "account_reset_password")}
    chinese.force_login(gathered.manager)
    for name in ("account_change_password", "mfa_index", "account_logout", "account_email"):
        result[name] = foreign(chinese.get(reverse(name), follow=True))
    assert {page: words for page, words in result.items() if words} == {}


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/api/v1/nowhere/", 404, "未找到"),
        ("/api/v1/units/?as_off=1", 400, "请求无效"),
        ("/api/v1/changes/", 401, "需要登录"),
        ("/api/v1/units/?q=%00", 400, "请求无效"),
    ],
)
def test_problems_of_the_api_speak_chinese(chinese, address, status, title):
    answer = chinese.get(address)
    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert re.search(r"[\u4e00-\u9fff]", answer.json()["detail"])
