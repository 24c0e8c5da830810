"""Nothing is lost between two tabs, nothing made twice, no day absurd: tried on every form that the pages show."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.http import HttpResponseRedirect
from django.test import Client
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from frontend.site.middleware import RedirectMiddleware
from frontend.urls import urlpatterns
from spaces.models import Change
from tests.frontend import all_forms, confirming, desk, sheets

pytestmark = pytest.mark.django_db
HIDDEN = {"csrfmiddlewaretoken", "once", "version"}
# Forms that change no row a page shows and make nothing that a second press would double, each with the reason.
EXCUSED = {
    ("account_logout", ""): "ends the session",
    ("account_change_password", ""): "asks for the old one",
    ("account_reset_password", ""): "mails a link; limited by address",
    ("account-welcome", ""): "its link is good for once",
    ("set-language", ""): "a setting of the browser",
    ("set-text-size", ""): "a setting of the browser",
    ("notice-read-all", ""): "a second press finds nothing unread",
    ("notice-open", ""): "a second press opens the same page",
    ("basket", ""): "puts one unit in or out, as its button says",
    ("lease-feed", ""): "makes the address anew, and the one before ends with it",
    ("lease-feed-end", ""): "a second press finds nothing to end",
    ("lease-remind", ""): "each lease is told once a day",
    ("plan-publish", ""): "says shown or hidden outright",
    ("floor-adjacency", ""): "says one pair outright; the form shows no earlier value",
    ("document-remove", ""): "a second press finds it removed",
    ("drawing-new", ""): "replaces the drawing sent before",
    ("request-check", ""): "a request that was sent leads to its page",
    ("request-delete", ""): "a draft that is gone leads to the desk",
    ("invitation-again", ""): "a second press finds it replaced by the first",
    ("invitation-end", ""): "a second press finds it taken back",
    ("member-end", ""): "nobody leaves twice",
    ("member-join", ""): "an invitation is good for once",
    ("plan-replace", ""): "takes a file, which no page shows; refused after any change",
    ("profile-sessions-end", ""): "a second press finds no other session",
    ("profile-delete", ""): "an account that is gone is signed out",
    ("mail-retry", ""): "sends one message once more, as asked",
}
# Of these nothing is edited: what the first one made is the reason why the second is refused, or is gone.
MAKES = {("incubation-new", ""), ("drawing-take-over", ""), ("unit-act", "hold"), ("unit-act", "offline")}
# These add a row of their own beside what the other tab added.
BESIDE = {("handover-act", "add"), ("incubation-act", "ask")}
# Who asks for what stands already gets it, and the papers type nothing: there is nothing to lose.
ONE_OF_TWO = {("member-role", ""), ("request-step", "files")}
# How a field is filled where its kind does not tell.
TYPED = {
    "parts": "401A 60.00\n401B 60.00", "x1": "10", "y1": "10", "x2": "60", "y2": "10", "metres": ("11", "12", "13"),
    "points": ("10 10\n50 10\n50 50", "10 10\n55 10\n55 55", "10 10\n60 10\n60 60"), "uscc": "",
    "email": "a@example.cn",
    "moved_in_on": ("2026-05-03", "2026-05-04", "2026-05-05"),
    "height_m": ("4.10", "4.20", "4.30"), "area_max": "400.00", "area_min": "100.00", "area": "150.00", "level": "9",
    "rent_free_months": "0", "code": "N9", "gross_area": "", "planned_area": "", "controllable_area": "",
    "registers_by": "2026-09-01",
}  # fmt: skip
PLAIN = {
    "text": "words",
    "textarea": "a reason",
    "decimal": "100.00",
    "numeric": "12",
    "tel": "0451-86281",
    "number": "3",
}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """(people, forms by route, routes opened): followed once for all tests here, each of which is undone."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
        translation.override("en"),
    ):
        patch.setattr("django.utils.timezone.localdate", lambda *_args: desk.DAY)
        people = all_forms.world()
        yield people, *all_forms.find(people)
        transaction.set_rollback(True)


@pytest.fixture
def people(site, db):
    return site[0]


@pytest.fixture
def forms(site, db):
    """The forms in the order of their addresses."""
    return [found for _route, found in sorted(site[1].items(), key=lambda each: str(each[0]))]


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def entered(people, found):
    client = Client()
    client.force_login(getattr(people, found.who))
    return client


def fair(form):
    """The form as someone would send it: what it shows, and something in what is empty."""
    sent = dict(form.data)
    for name, kind in form.kinds.items():
        plain = name.rpartition("-")[2]
        if plain in TYPED and (not sent.get(name) or isinstance(TYPED[plain], tuple)):
            sent[name] = TYPED[plain][0] if isinstance(TYPED[plain], tuple) else TYPED[plain]
        elif kind in PLAIN and not sent.get(name):
            sent[name] = PLAIN[kind]
        elif kind in {"select", "radio"} and not sent.get(name):
            sent[name] = next((each for each in form.options[name] if each), "")
        elif kind == "date" and name in form.required and not sent.get(name):
            sent[name] = (desk.DAY + timedelta(days=90)).isoformat()
    return sent


def post(client, form, page, data):
    return pressed(client, form, page, data)[1]


def pressed(client, form, page, data):
    """(what was sent, the answer); where a form asks to confirm the figures that it moves, those of the second."""
    answer = client.post(form.action or page, data)
    if restated := confirming.asked(answer):
        data = data | {"confirmed": restated.digest, "restated_why": "late papers"}
        answer = client.post(form.action or page, data)
    return data, answer


def changed(form, sent, number):
    """(field, what was sent with another value in it): one that the page shows; None where the form shows none."""
    names = sorted(form.kinds, key=lambda name: not isinstance(TYPED.get(name.rpartition("-")[2]), tuple))
    for name in names:
        result = _other(form, sent, name, number)
        if result is not None:
            return name, sent | {name: result}
    return None


def _other(form, sent, name, number):
    """Another value for a field, told apart by its number; None for what is hidden or only says why."""
    plain, kind = name.rpartition("-")[2], form.kinds[name]
    if plain in HIDDEN | {"why", "code", "uscc", "added_why", "step", "parts", "email"}:
        return None
    if isinstance(TYPED.get(plain), tuple):
        return TYPED[plain][number]
    if kind in {"text", "textarea"}:
        return f"words {number}"
    if kind in {"decimal", "numeric"}:
        return f"{110 + number}"
    if kind in {"select", "checkbox"}:
        others = [each for each in form.options[name] if each and each != sent.get(name)]
        return others[number - 1] if len(others) > 1 else None
    return None


@pytest.mark.engine
def shows(response, text):
    return text in response.content.decode()


def test_every_form_carries_a_version_or_a_token_or_says_why_not(site, forms):
    bare = {each.route: each.page for each in forms if not {"version", "once"} & each.form.data.keys()}
    assert {route: page for route, page in bare.items() if route not in EXCUSED} == {}
    met = {name for name, _verb in [*site[1], *site[2]]}
    posted = {pattern.name for pattern in urlpatterns if takes_post(pattern)}
    missed = sorted(posted - met - {name for name, _verb in EXCUSED})
    assert not missed, ", ".join(missed)


# Forms that the browser sends itself: the answer is always another page.
LEAVES = {
    ("account_logout", ""): "ends the session",
    ("basket", ""): "without htmx it leads back to the list",
}


def test_no_answer_to_a_form_enters_the_history(forms):
    """Back after a refusal would ask the browser for the answer to a POST, which is not kept: ERR_CACHE_MISS."""
    bare = sorted(str(each) for each in forms if not each.form.in_place and each.route not in LEAVES)

    assert bare == []


def test_a_form_that_htmx_sent_is_answered_with_a_page_or_with_where_to_go(people, forms):
    """Each form with what it shows, and with nothing in it: the whole page to take `main` from, or an address."""
    wrong = []
    for each in forms:
        client, form = entered(people, each), each.form
        whole = {"HX-Request": "true", "HX-Request-Type": "full"}
        for sent in (fair(form), {name: form.data[name] for name in HIDDEN & form.data.keys()}):
            with undone():
                answer = client.post(form.action or each.page, sent, headers=whole)
            if answer.has_header("HX-Redirect"):
                fits = answer.status_code == 200 and not answer.has_header("Location")
            else:
                fits = answer.status_code in {200, 403, 404, 409, 422} and shows(answer, 'id="main"')
            if not fits:
                wrong.append((str(each), answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def takes_post(pattern):
    """Whether a page of ours takes a form, by the decorator of its view."""
    view, methods = pattern.callback, set()
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            if isinstance(cell.cell_contents, list | tuple) and "POST" in cell.cell_contents:
                methods.add("POST")
        view = getattr(view, "__wrapped__", None)
    return bool(methods)


def test_a_save_on_an_older_version_is_told_and_loses_nothing(people, forms):
    """Two tabs of every form with a version: the second save is a 409 that holds what was typed and both values."""
    wrong, edits = [], []
    for each in forms:
        client, form = entered(people, each), each.form
        if "version" not in form.data or each.route in BESIDE:
            continue
        sent = fair(form)
        mine, theirs = changed(form, sent, 1), changed(form, sent, 2)
        with undone():
            first = post(client, form, each.page, (theirs[1] if theirs else sent) | {"once": "theirs"})
            if first.status_code not in {200, 302, 303}:
                wrong.append((str(each), "first", first.status_code, errors(first)))
                continue
            written = Change.objects.count()
            second = post(client, form, each.page, mine[1] if mine else sent)
            refused = second.status_code in ({409} if mine and each.route not in MAKES else {404, 409, 422})
            if each.route not in ONE_OF_TWO and (not refused or Change.objects.count() != written):
                wrong.append((str(each), "second", second.status_code, errors(second)))
            elif mine and "conflict" in second.content.decode():
                edits.append(each.route)
                wrong += list(unversioned(client, form, each, mine))
                wrong += list(decided(client, form, each, second, mine, theirs))
    assert not wrong, "\n".join(map(str, wrong))
    assert len(edits) > 15


def errors(response):
    form = response.context and response.context.get("form")
    return form.errors.as_json()[:300] if form is not None else ""


def unversioned(client, form, each, mine):
    """Faults of the answer to the same form without its version: refused in words, open again on what stands."""
    name, sent = mine
    for typed in (sent, sent | dict.fromkeys(form.required & sent.keys() - HIDDEN - {name}, "")):
        written = Change.objects.count()
        refused = post(client, form, each.page, {key: value for key, value in typed.items() if key != "version"})
        if refused.status_code != 409 or Change.objects.count() != written:
            yield str(each), "taken without a version", refused.status_code, errors(refused)
            continue
        again = next(held for held in sheets.read(refused)[0] if held.route(form.action or each.page) == each.route)
        if not shows(refused, "This page was opened in an older form"):
            yield str(each), "no words for the missing version"
        if again.data.get(name) != sent[name] or not again.data["version"]:
            yield str(each), "not open again", again.data.get(name), again.data.get("version")


def decided(client, form, each, refused, mine, theirs):
    """Faults of the page of a conflict: what it shows, and both ways on."""
    name, sent = mine
    sent_to = form.action or each.page
    again = next(held for held in sheets.read(refused)[0] if held.route(sent_to) == each.route)
    if again.data.get(name) != sent[name]:
        yield str(each), "typed words are lost", again.data.get(name)
    if again.data["version"] == form.data["version"]:
        yield str(each), "the version is still the old one"
    for value in (sent[name], theirs[1][name]):
        if not shows(refused, value.splitlines()[0]):
            yield str(each), "a value is not shown", value
    with undone():
        kept = post(client, again, sent_to, again.data | {"take_theirs": "1"})
        if kept.status_code not in {200, 302, 303}:
            yield str(each), "theirs", kept.status_code
    saved = post(client, again, sent_to, again.data | {"save_mine": "1"})
    if saved.status_code not in {200, 302, 303}:
        yield str(each), "mine", saved.status_code, errors(saved)


def test_a_form_sent_twice_is_done_once(people, forms):
    """Every form with a token: the second press is answered as the first, and writes nothing."""
    wrong, tried = [], 0
    for each in forms:
        client, form = entered(people, each), each.form
        if "once" not in form.data:
            continue
        with undone():
            sent, first = pressed(client, form, each.page, fair(form))
            if first.status_code not in {302, 303}:
                continue
            written = Change.objects.count()
            second = post(client, form, each.page, sent)
            tried += 1
            if second.status_code not in {302, 303} or second["Location"] != first["Location"]:
                wrong.append((str(each), second.status_code, errors(second)))
            elif Change.objects.count() != written:
                wrong.append((str(each), "written twice"))
    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 25


# Days at both ends of what a field takes that are fair, each with the reason.
OLD = "what it tells of may be older than its record"
FAIR_DAYS = {
    ("park-new", "opened_on", 2000): OLD, ("park-edit", "opened_on", 2000): OLD,
    ("park-belonging", "from_day", 2000): OLD,
    ("building-new", "*", 2000): OLD, ("building-edit", "*", 2000): OLD,
    ("unit-new", "opens_on", 2000): OLD, ("unit-new", "area_on", 2000): OLD, ("unit-act", "area_on", 2000): OLD,
    ("plan-new", "valid_from", 2000): OLD, ("drawing-take-over", "*", 2000): OLD,
    ("drawing-take-over", "valid_from", 2099): "not looked at where the rooms are drawn over a plan that is there",
    ("my-company", "established_on", 2000): OLD, ("incubation-new", "entered_on", 2000): OLD,
}  # fmt: skip


def test_no_form_takes_an_absurd_day(people, forms):
    taken, tried = [], 0
    for each in forms:
        client, form = entered(people, each), each.form
        for name in [name for name, kind in form.kinds.items() if kind == "date"]:
            for day in (date(2000, 1, 1), date(2099, 12, 31)):
                if {(each.route[0], name, day.year), (each.route[0], "*", day.year)} & FAIR_DAYS.keys():
                    continue
                with undone():
                    answer = post(client, form, each.page, fair(form) | {name: day.isoformat()})
                tried += 1
                if answer.status_code not in {409, 422}:
                    taken.append((str(each), name, day.year, answer.status_code))
    assert not taken, "\n".join(map(str, taken))
    assert tried > 30


@pytest.mark.parametrize("place", ["", "#rooms"])
def test_an_answer_that_leads_to_the_page_on_screen_loads_it(rf, place):
    """A browser that is led to a place on the page that it shows scrolls there, and shows the old page."""
    shown = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/drawings/1/{place}"}
    request = rf.post("/drawings/1/choose/", headers=shown)
    request.htmx = HtmxDetails(request)

    answer = RedirectMiddleware(lambda _request: HttpResponseRedirect("/drawings/1/#rooms", status=303))(request)
    other = RedirectMiddleware(lambda _request: HttpResponseRedirect("/drawings/2/#rooms", status=303))(request)

    assert answer["HX-Redirect"] == "/drawings/1/"
    assert other["HX-Redirect"] == "/drawings/2/#rooms"
