"""From home, every page of the product can be reached by clicks, and no link is dead."""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import resolve

pytestmark = [pytest.mark.browser, pytest.mark.engine]
OF_EACH_KIND = 2
NO_PAGE = {
    "park-stack-file", "building-stack-file", "lease-export", "overview-file", "set-language", "set-text-size",
    "account_logout",
}  # fmt: skip
PUBLIC = {
    "home", "overview", "vacancy-report", "ecosystem-list", "ecosystem-detail", "park-list", "park-detail",
    "building-detail", "floor-detail", "unit-list", "unit-detail", "vacancy-list", "definitions", "help",
    "accessibility", "privacy", "account_login", "api-docs",
}  # fmt: skip
MANAGER = PUBLIC - {"account_login"} | {
    "building-new", "building-edit", "floor-new", "floor-edit", "unit-new", "change-list", "restatement-list",
    "mfa_index", "plan-new",
    "drawing-new",
    "plan-draw", "plan-scale", "plan-replace",
    "account_change_password", "unit-act hold", "unit-act offline", "unit-act split", "unit-act merge",
    "unit-act retire", "unit-act edit", "allocation-act correct", "request-list", "request-detail", "lease-list",
    "lease-detail", "company-list", "company-detail", "handover-detail", "fairness-list", "notice-list", "manage",
}  # fmt: skip
OFFICER = PUBLIC - {"account_login"} | {
    "park-new", "park-edit", "park-belonging", "change-list", "unit-act edit", "unit-act offline",
}  # fmt: skip


class Links(HTMLParser):
    """The addresses within the product to which the links of a page lead; no script adds any."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.startswith("/"):
            self.found.append(address)


def links_of(text):
    links = Links()
    links.feed(text)
    return links.found


def kind_of(path):
    """The name of the page behind an address; acts apart by their verb."""
    match = resolve(urlsplit(path).path)
    verb = match.kwargs.get("verb")
    return f"{match.url_name} {verb}" if verb else match.url_name


def walk(page, server, start):
    """{kind of page: addresses seen}, following two links of each kind from wherever they stand.

    With the cookies of the page, and without drawing: four times as fast.
    """
    seen, ahead = {}, deque([start])
    while ahead:
        path = urldefrag(ahead.popleft()).url
        kind = kind_of(path)
        known = seen.setdefault(kind, [])
        if kind in NO_PAGE or path in known or len(known) == OF_EACH_KIND:
            continue
        known.append(path)
        answer = page.request.get(server + path)
        assert answer.status == 200, path
        ahead.extend(link for link in links_of(answer.text()) if not re.search(r"format=|/static/|/picture/", link))
    return seen


def test_a_visitor_reaches_every_open_page(visit, server):
    assert set(walk(visit("/"), server, "/")) >= PUBLIC


@pytest.mark.parametrize(("name", "kinds"), [("manager", MANAGER), ("officer", OFFICER)])
def test_who_works_here_reaches_each_act(log_in, server, name, kinds):
    page = log_in(name)
    own = "/parks/HIT-01/A/4/"

    seen = walk(page, server, "/")
    for kind, paths in walk(page, server, own).items():
        seen.setdefault(kind, []).extend(paths)

    assert sorted(kinds - set(seen)) == []
