"""Nothing put into an address or a form makes a page fail, and nothing that was let in makes a later page fail."""

import ast
import inspect
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django import forms
from django.conf import settings as product
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse

from frontend import urls
from frontend.forms.fields import AreaFormField, LastDayFormField
from frontend.forms.vacancies import WindowForm
from frontend.site import context, middleware
from spaces import ledger
from spaces.filters import ScopeFilter, UnitFilter, VacancyFilter
from spaces.models import Allocation, Change, Unit
from spaces.states import Role
from tests import make
from tests.conftest import person
from tests.frontend import people as folk
from tests.frontend import world
from tests.frontend.hostile import NAMES, RAW, VALUES, WORST, query
from tests.frontend.test_rights import ACCOUNT, ACT, ADMIN, READ, address
from tests.spaces.test_api_rights import STATUS
from tests.spaces.test_api_rights import address as api_address
from tests.thorough import mine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today"), pytest.mark.engine]
FORM = "application/x-www-form-urlencoded"
ROUTES = {pattern.name: pattern for pattern in urls.urlpatterns}
# What comes as far as a form: half a character is read as U+FFFD, and the rest of POISON no page sees.
CLEAN = [value for value in VALUES if not middleware.POISON.search(QueryDict(query(why=value))["why"])]
RAW_WORST = ["%FF", "&&==&"]
# Days at the edges of what is taken, where a page that counts back or ahead could fall off the calendar.
EDGES = ["2000-01-01", "2000-01-02", "2001-12-31", "2098-01-01", "2099-12-30", "2099-12-31"]


@pytest.fixture(autouse=True)
def contact(settings):
    settings.SECURITY_CONTACT = ["mailto:security@example.test"]


@pytest.fixture
def people(monkeypatch):
    """The mail of the demo is open to them, as in the demo."""
    monkeypatch.setattr("frontend.views.site.demo_mail.settings", SimpleNamespace(DEBUG=True))
    make.mail(pk=1)
    return folk.gather()


def by_hand(module):
    """The names that a module takes out of a query or a form without a form class."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=owner, attr="get" | "getlist"), args=[ast.Constant(value=name), *_]
            ):
                if ast.unparse(owner) in {"request.GET", "request.POST"}:
                    found.add(name)
    return found


EVERYWHERE = by_hand(middleware) | by_hand(context)
# What each page reads besides: through a class, or by hand in its module.
CLASSES = {
    "unit-list": {*UnitFilter.base_filters},
    "vacancy-report": {*ScopeFilter.base_filters},
    "vacancy-list": {*VacancyFilter.base_filters, *WindowForm.base_fields},
}
OWN = {
    name: CLASSES.get(name, set()) | by_hand(inspect.getmodule(inspect.unwrap(pattern.callback))) - EVERYWHERE
    for name, pattern in ROUTES.items()
    if (name,) in READ
}


def bearable(answer, *what):
    assert answer.status_code < 500, (what, answer.status_code)
    return answer


def sound(client, user, keys, apis=()):
    """The poison check: whatever was let in, these pages and addresses still answer."""
    client.force_login(user)
    for key in keys:
        assert client.get(address(key)).status_code in {200, 303}, key
    for name in apis:
        answer = client.get(api_address(name))
        b"".join(answer.streaming_content if answer.streaming else [answer.content])
        assert answer.status_code == ODD.get(name, 200), name


def test_the_walks_find_what_pages_read():
    assert {"as_of", "lang"} == EVERYWHERE
    assert OWN["park-list"] >= {"q", "kind"}
    assert OWN["overview"] == {"by"}
    assert OWN["set-text-size"] >= {"next", "size"}
    assert len(OWN["unit-list"] | OWN["vacancy-list"]) > 20


# Addresses


@pytest.mark.parametrize("key", READ, ids=lambda key: key[0])
def test_every_page_bears_the_edges_of_time_and_names_that_it_does_not_know(client, people, key):
    client.force_login(people.admin if READ[key] == ADMIN else people.manager)
    url = address(key)

    for day in EDGES:
        assert client.get(f"{url}?as_of={day}").status_code in {200, 303}, day
    bearable(client.get(f"{url}?{query(**dict.fromkeys(NAMES, '1'))}"), key, "unknown names")
    bearable(client.get(f"{url}?" + "&".join(["as_of=1&lang=x"] * 1500)), key, "many")


PARAMETERS = {page: names for page, names in OWN.items() if names} | {"ecosystem-list": EVERYWHERE}


@pytest.mark.parametrize("name_of_page", PARAMETERS)
def test_no_parameter_breaks_a_page(client, people, name_of_page):
    """All at once with a value; one at a time with the worst, as a refused one hides its neighbours."""
    client.force_login(people.manager)
    url, names = reverse(name_of_page), sorted(PARAMETERS[name_of_page])

    for value in mine(VALUES, name_of_page, PARAMETERS):
        bearable(client.get(f"{url}?{query(**dict.fromkeys(names, value))}"), url, "all", value[:50])
    for value in RAW:
        bearable(client.get(f"{url}?" + "&".join(f"{name}={value}" for name in names)), url, "all", value)
    for name in names:
        for value in mine(WORST, name, names):
            bearable(client.get(f"{url}?{query(**{name: value})}"), url, name, value[:50])
        bearable(client.get(f"{url}?{query(**{name: ['1', 'x', '1', '']})}"), url, name, "repeated")


@pytest.mark.parametrize("kind", [UnitFilter, VacancyFilter])
def test_what_a_filter_takes_the_database_takes(rf, people, kind):
    request = rf.get("/")
    request.user = people.manager
    dated = ledger.with_state(Unit.objects.all(), on=world.DAY, today=world.DAY).order_by("pk")
    units = ledger.with_vacant_since(dated, on=world.DAY, today=world.DAY)
    taken = 0

    for name, value in [(name, value) for name in kind.base_filters for value in VALUES]:
        if value in CLEAN:
            found = kind(QueryDict(query(**{name: value})), units, request=request)
            taken += found.is_valid() and len(found.qs[:2]) >= 0

    assert taken > len(VALUES)


WITH_CODES = {key[0]: key for key in (*READ, *ACT) if ROUTES[key[0]].pattern.converters}


@pytest.mark.parametrize("key", WITH_CODES.values(), ids=WITH_CODES)
def test_no_code_in_an_address_breaks_a_page(client, people, key):
    """A value in all codes of the address, the worst in each of its words alone."""
    client.force_login(people.manager)
    parts = address(key).strip("/").split("/")
    codes = {str(part) for part in key[1:]} | {part for part in parts if part.isdecimal()}

    for value in mine([*quoted(VALUES), *RAW], key, WITH_CODES.values()):
        bearable(client.get(f"/{'/'.join(value if part in codes else part for part in parts)}/"), key, value)
    for number in range(len(parts)):
        for value in mine(quoted(WORST), number, range(len(parts))):
            bearable(client.get(f"/{'/'.join([*parts[:number], value, *parts[number + 1 :]])}/"), key, value)


def plus(value):
    """As a form sends it."""
    return quote(value, errors="surrogatepass")


def quoted(values):
    return [quote(value, safe="", errors="surrogatepass") for value in values if len(value) < 2000]


# Forms


FAIR = [
    (LastDayFormField, "2027-05-31"),
    (forms.DateField, "2026-06-01"),
    (AreaFormField, "50.00"),
    (forms.BooleanField, "on"),
    (forms.DecimalField | forms.IntegerField, "3"),
    (forms.CharField | forms.FileField, "X1"),
]


def fair(name, field):
    """A value that the field takes."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [row.code for row in field.queryset[:1]]
    if isinstance(field, forms.ChoiceField):
        return next(str(value) for value, _word in field.choices if value)
    return "A1 50.00\nA2 51.21" if name == "parts" else next(value for kind, value in FAIR if isinstance(field, kind))


def form_of(client, key):
    form = client.get(address(key)).context["form"]
    shown = {"version": form.version} if hasattr(form, "version") else {}
    return form, shown | {name: fair(name, field) for name, field in form.fields.items() if field.required}


def takes(form, body):
    """Would this form pass this body on to its action?"""
    form.data, form.is_bound, form._errors = QueryDict(body), True, None
    return form.is_valid()


def at_once(names, value):
    """The body in which every field holds this value, which is quoted already."""
    return "&".join(f"{name}={value}" for name in names)


def takers(form, value):
    """The fields that take this value: a form reads each of them, whatever the others hold."""
    takes(form, at_once(form.fields, value))
    return [name for name in form.fields if name not in form.errors]


def told_apart(form, taken):
    """Of the values that a field reads as the same, one: the action sees what was read. Texts come back as typed."""
    answers = {}
    for name, value in taken:
        field, posted = form.fields[name], QueryDict(query(**{name: value}))
        read = field.clean(field.widget.value_from_datadict(posted, {}, name))
        answers.setdefault((name, value if isinstance(read, str) else repr(read)), (name, value))
    return answers.values()


@contextmanager
def undone():
    """A savepoint that is rolled back in the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ready(people, key):
    """The person for a form, and the rows as its act needs them."""
    if key[0] == "allocation-act":
        facts = {
            "sign": {"signed_on": None, "held_until": "2026-07-01", "moved_in_on": None},
            "move-in": {"moved_in_on": None},
            "end": {"moved_in_on": None},
        }.get(key[1], {})
        Allocation.objects.filter(unit__code="HIT-01-A-104").update(**facts)
    if key[-1] == "merge":
        make.unit(floor=people.world["unit"].floor, code="HIT-01-A-120")
    if key[0] == "ecosystem-new":
        return person("province", Role.ECOSYSTEM_OFFICER)
    return people.officer if key[0].startswith("park-") else people.manager


@pytest.mark.parametrize("key", ACT, ids=lambda key: "-".join(str(part) for part in key))
def test_no_field_breaks_a_form(client, people, key):
    """A value in all fields of the form. What a field takes is sent with the others fair, so that action and
    database see it too; of what it refuses the page itself is asked with the worst."""
    client.force_login(ready(people, key))
    form, base = form_of(client, key)
    text = {name for name, field in form.fields.items() if type(field) is forms.CharField or name == "why"}

    taken = [
        (name, value)
        for value in mine(CLEAN, key, ACT)
        for name in takers(form, plus(value))
        if name not in text or value in WORST
    ]
    for value in mine(RAW, key, ACT):
        takers(form, value)

    for name, value in told_apart(form, taken):
        result = query(**base | {name: value})
        if takes(form, result):
            with undone():
                bearable(client.post(address(key), result, content_type=FORM), key, name, value[:50])
    for value in mine([*map(plus, WORST), *RAW_WORST], key, ACT):
        bearable(client.post(address(key), at_once(form.fields, value), content_type=FORM), key, value[:50])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_no_text_holds_stands_before_every_page_and_form(rf, method):
    """The middleware refuses it whatever the address: so no form is asked."""
    gate = middleware.HygieneMiddleware(lambda _request: HttpResponse())
    poison = [value for value in VALUES if value not in CLEAN]

    for value in poison:
        result = query(why=value)
        request = rf.get(f"/?{result}") if method == "GET" else rf.post("/", result, content_type=FORM)
        assert gate(request).status_code == 400, ascii(value)

    assert poison == ["\x00", "a\x00b"]


@pytest.mark.parametrize("path", ["/", "/api/v1/parks/", "/accounts/login/"])
def test_no_cookie_brings_what_no_database_takes(client, path):
    """An octal escape in a cookie becomes the character that it names."""
    for name in (product.SESSION_COOKIE_NAME, "django_language", "x"):
        answer = client.get(path, headers={"Cookie": f'{name}="aaaaaaaaaa\\000bb"'})
        assert answer.status_code == 400, name


def test_nothing_that_a_form_takes_poisons_a_page(client, people):
    """Each value in all texts of a form at once. What is let in stays, and in the end every page is opened."""
    keys = [key for key in ACT if key[0].endswith("-new") or key[-1] == "edit"]
    for key in keys:
        client.force_login(ready(people, key))
        form, base = form_of(client, key)
        texts = [name for name, field in form.fields.items() if type(field) is forms.CharField or name == "why"]
        for number, value in mine(enumerate(VALUES), key, keys):
            result = {name: value[: form.fields[name].max_length or 500] for name in texts}
            own = {"code": f"N{number}", "level": str(number + 20), "label": f"{number} {value[:10]}"}
            result |= {name: own[name] for name in own if name in form.fields}
            bearable(client.post(address(key), query(**base | result), content_type=FORM), key, value[:50])

    assert Change.objects.count() > len(mine(VALUES, keys[0], keys)) / 3 * len(keys)
    sound(client, people.official, [key for key in READ if READ[key] != ADMIN], STATUS)


def bears(field, name, body):
    """A field reads a body, or refuses it."""
    try:
        field.clean(field.widget.value_from_datadict(QueryDict(body), {}, name))
    except forms.ValidationError as refusal:
        return bool(refusal.messages)
    return True


@pytest.mark.parametrize("key", ACCOUNT, ids=lambda key: key[0])
def test_no_field_breaks_a_page_of_the_account(client, people, key):
    """Every value in each field; the worst through the page, alone and in all fields at once."""
    url = address(key)
    for user in (None, people.manager):
        if user:
            client.force_login(user)
        page = client.get(url)
        fields = page.context["form"].fields if page.context and "form" in page.context else {}
        for name, field in fields.items():
            assert all(bears(field, name, f"{name}={value}") for value in (*map(plus, VALUES), *RAW))
        rest = dict.fromkeys(fields, "someone@example.test")
        alone = [rest | {name: value, "next": value} for name in fields for value in mine(WORST, name, fields)]
        together = [dict.fromkeys([*fields, "next"], value) for value in mine(WORST, key, ACCOUNT) if fields]
        for result in alone + together:
            cache.clear()  # no rate limit stands before the field
            with undone():
                bearable(client.post(url, query(**result), content_type=FORM), key, result["next"][:50])
        for value in mine(WORST, key, ACCOUNT):
            bearable(client.get(f"{url}?{query(next=value, page=value)}"), key, value[:50])


# Bodies, headers, cookies


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"\xff\xfe=\x00&%"),
        (FORM, b"&".join(b"a%d=1" % number for number in range(1100))),
        (FORM, b"why=" + b"a" * 1_100_000),
        (FORM, b"why=1&" * 3000),
        (f"{FORM}; charset=utf-16", b"\xff\xfea\x00=\x001\x00"),
        (f"{FORM}; charset=nonsense", b"a=1"),
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a\0"\r\n\r\n1\r\n--x--'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; filename=""\r\n\r\n1\r\n--x--'),
        ("multipart/form-data; boundary=\xe9", b"--x--"),
        ("application/json", b'{"starts_on": [[[[[]]]]]}'),
        ("application/json", b"[" * 100_000),
        ("text/plain", b"\0"),
        ("", b"x"),
    ],
)
def test_no_body_breaks_a_form(client, people, content_type, body):
    client.force_login(people.manager)

    for key in (("unit-act", "HIT-01-A-101", "hold"), ("unit-new", "HIT-01", "A", 1), ("set-language",)):
        bearable(client.generic("POST", address(key), body, content_type), key, content_type)
    bearable(client.generic("POST", reverse("account_login"), body, content_type), content_type)


ODD = {"api-nowhere": 404, "api-restatement-list": 400}  # the latter must say when
COOKIES = ["sessionid", "csrftoken", "django_language", "fs", "messages"]


@pytest.mark.parametrize("names", [*([name] for name in COOKIES), COOKIES], ids="-".join)
def test_no_cookie_breaks_a_page(client, people, names):
    for value in VALUES if len(names) > 1 else mine(WORST, names[0], COOKIES):
        if value.isprintable() and value.isascii():
            client.cookies.load(dict.fromkeys(names, value))
            bearable(client.get(reverse("home")), names, value[:50])
            if value in WORST:
                bearable(client.post(reverse("account_login"), {"login": "a", "password": "b"}), names, value[:50])


HEADERS = ["Accept-Language", "HX-Request-Type", "HX-Current-URL", "Referer", "Host", "Origin", "Accept"]


LINES = ["http://[", "//x", "http://testserver/\\@x", "en;q=x", "*" * 500]


@pytest.mark.parametrize(
    "names", [*([name] for name in HEADERS), [name for name in HEADERS if name != "Host"]], ids="-".join
)
def test_no_header_breaks_a_page(client, people, names):
    """All at once with every value, but for Host, which would hide the others."""
    alone = len(names) == 1 and names != ["Host"]
    for value in (*(mine(WORST, names[0], HEADERS) if alone else VALUES), *LINES):
        result = {"HX-Request": "true"} | dict.fromkeys(
            names, value.encode("utf-8", "surrogatepass").decode("latin-1")
        )
        bearable(client.get(reverse("unit-list"), headers=result), names, value[:50])
        bearable(client.get(reverse("change-list"), headers=result), names, value[:50])
