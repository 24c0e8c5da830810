"""What the record shows of an object is what the object shows: each column of each recorded model, to each person."""

import json
import re
from collections import Counter

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from spaces import changes
from spaces.access.disclosure import disclosed, newest, readable
from spaces.models import Adjacency, Allocation, Change, Ecosystem, Indicator, PublishedFigure, Unit
from spaces.models.changes import recorded_models
from tenants.actions import feeds, offers, requests
from tenants.models import Offer, OfferLine, SpaceRequest
from tests import make
from tests.frontend import desk
from tests.tenants import rights
from tests.tenants.test_api_canary import marked, values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
WHO = (
    "owner", "member", "rival", "manager", "neighbour", "officer", "foreign_officer", "official", "auditor", "admin",
)  # fmt: skip
NOTHING = {who: set() for who in WHO}
# Rows that no Change tells of: messages to one person, counters, tries, kept answers, and the record itself.
# Messages, counters, and a cache of sums that the allocations can rebuild.
NOT_RECORDED = {
    "spaces.change", "spaces.throttle", "tenants.notice", "tenants.serial", "tenants.answeredcall",
    "tenants.forecastrecord",
    "spaces.countedunit", "spaces.ledgerdelta", "spaces.daysum", "spaces.monthopening", "spaces.monthledger",
}  # fmt: skip
STAFF, READERS, COMPANY = {"manager", "officer"}, {"official", "auditor"}, {"owner", "member"}
EVERYONE = set(WHO)
# Who sees the object at all; the rest is seen by the two companies' park, its company, and those who read all.
SEEN = {
    **dict.fromkeys(
        ("spaces.ecosystem", "spaces.park", "spaces.building", "spaces.floor", "spaces.unit", "spaces.adjacency",
         "spaces.publishedfigure", "spaces.indicator", "tenants.templateitem"),
        EVERYONE,
    ),
    "spaces.allocation": STAFF | READERS,
    "spaces.floorplan": STAFF | READERS,  # not public
    "spaces.unitshape": STAFF | READERS,
    "spaces.drawing": STAFF,
    "spaces.assignment": {"auditor", "admin", "manager"},  # it is the manager's own
    "spaces.user": {"auditor", "admin", "owner"},  # it is the owner's own
    "spaces.mail": {"admin"},
    "tenants.calendarfeed": {"owner"},
    "tenants.invitation": COMPANY,
    "tenants.document": STAFF | COMPANY | {"official"},
}  # fmt: skip
OF_THE_TENANCY = STAFF | READERS | COMPANY
ONLY = {
    ("spaces.unit", "note"): STAFF | READERS,
    ("spaces.unit", "why"): STAFF | READERS,
    ("tenants.spacerequest", "internal_note"): STAFF | {"auditor"},
    ("tenants.offer", "override"): STAFF | READERS,
    ("tenants.offer", "overridden"): STAFF | READERS,
    ("tenants.offer", "why"): STAFF | READERS,
    ("spaces.floorplan", "picture"): set(), ("spaces.floorplan", "sha256"): set(),
    ("spaces.floorplan", "widths"): set(), ("spaces.drawing", "sha256"): set(), ("tenants.company", "name_key"): set(),
    ("tenants.document", "file"): set(), ("tenants.document", "sha256"): set(),
}  # fmt: skip
MARKED = re.compile(r"mark-([a-z.]+)-([a-z_]+)-(\w+)-end")


def columns(model):
    """What a record of the model holds, but for what lies there as a hash."""
    return set(changes.snapshot(model(pk=1))) - set(model.personal_fields)


@pytest.mark.parametrize("model", recorded_models(), ids=lambda model: model._meta.label_lower)
def test_every_column_of_a_recorded_model_says_who_reads_it(model):
    result = Counter(name for names in model.read_by.values() for name in names)
    hashed = set(model.personal_fields)

    assert set(result.values()) <= {1}
    assert set(result) | set(model.read_by_nobody) == columns(model) | (set(result) & hashed)
    assert set(result).isdisjoint(model.read_by_nobody)
    assert model.why_read_by in {"", *model.read_by}
    assert [rule for rule in model.read_by if not hasattr(model._default_manager.all(), rule)] == []


def test_every_model_of_ours_is_recorded_or_named_here():
    ours = {
        model._meta.label_lower for app in ("spaces", "tenants") for model in apps.get_app_config(app).get_models()
    }

    assert {model._meta.label_lower for model in recorded_models()} == ours - NOT_RECORDED


def test_a_write_of_a_model_that_says_nothing_is_refused_to_everyone(monkeypatch):
    """Deny by default: without `read_by` neither its rows are listed nor their contents told."""
    people = rights.world()
    change = changes.record(people.park, "look", by=people.manager)
    monkeypatch.delattr("spaces.models.Park.read_by")

    assert set(Change.objects.visible_to(people.auditor)) == set()
    assert [(row.seen, row.label, row.after) for row in disclosed([change], people.manager)] == [(False, "", None)]


def text_columns(model):
    personal = {*model.personal_fields, *model.unrecorded_fields}
    kinds = models.CharField | models.TextField | models.JSONField | models.FileField
    return [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices and field.attname not in personal
    ]


def gathered():
    """The people, and one row of each recorded model that is about company A or its park."""
    people = rights.world()
    known = values(people, marked(people))
    feeds.make(by=people.owner)
    make.figure(park=people.park)
    rows = {model: model._default_manager.order_by("pk").first() for model in recorded_models()}
    rows[SpaceRequest] = SpaceRequest.objects.get(number=known["number"]["request"][0])
    rows[Offer] = Offer.objects.order_by("pk").last()
    rows[apps.get_model("spaces.assignment")] = people.manager.assignments.get()
    rows[apps.get_model("spaces.user")] = people.owner
    rows[PublishedFigure] = PublishedFigure.objects.filter(park=people.park).last()
    one, two = sorted([people.rooms.r401, people.rooms.r405], key=lambda unit: unit.pk)
    rows[Adjacency] = Adjacency.objects.create(first=one, second=two, connected=True, source="person")
    rows[Ecosystem], rows[Unit] = people.world["hit"], people.rooms.r401
    month = {"month": desk.DAY, "key": "transfers", "value": 1}
    rows[Indicator] = Indicator.objects.create(ecosystem=people.world["hit"], **month)
    rows[Allocation] = Allocation.objects.get(unit=people.rooms.r401)
    plan = apps.get_model("spaces.floorplan").objects.get()
    rows[apps.get_model("spaces.unitshape")] = apps.get_model("spaces.unitshape").objects.create(
        plan=plan, unit=people.rooms.r401, points=[[0, 0], [1, 0], [1, 1]]
    )
    rows[apps.get_model("tenants.templateitem")] = apps.get_model("tenants.templateitem").objects.create(
        park=people.park, kind="move_in", place=1, name="x", owner="park"
    )
    return people, rows


def planted(rows, by, key):
    """A change of each row, with a mark of its own in each column that holds words, and in its reason."""
    for model, row in rows.items():
        copy = model._default_manager.get(pk=row.pk)
        label = model._meta.label_lower
        for name in text_columns(model):
            setattr(copy, name, f"mark-{label}-{name}-{key}-end")
        changes.record(copy, "look", by=by, why=f"mark-{label}-why-{key}-end")


def marks_in(text):
    return set(MARKED.findall(text))


def read_everywhere(client, people):
    """Every mark in the log page, the log of the API with all its pages, and the tables of the pages of details."""
    result = set()
    for page in range(1, 4):
        result |= marks_in(client.get(reverse("change-list"), {"page": page}).content.decode())
    following = "/api/v1/changes/?page_size=200&as_of=2099-01-01"
    while following:
        body = client.get(following).json()
        result |= marks_in(json.dumps(body))
        following = body["next"]
    for path in ("/manage/", f"/units/{people.rooms.r401.code}/"):
        result |= marks_in(client.get(path).content.decode())
    return result


def expected(who, rows):
    """(model, column, by whom) of every mark that a person may read, by the tables above."""
    wanted = set()
    for model, row in rows.items():
        label = model._meta.label_lower
        here = row.whereabouts()[0] is not None
        for by in ("manager", "owner"):
            listed = who in READERS or by == who or (here and who in STAFF)
            for name in (*text_columns(model), "why"):
                seen = who in SEEN.get(label, OF_THE_TENANCY)
                may = who in ONLY.get((label, name), EVERYONE) or (name == "why" and by == who)
                if listed and seen and may:
                    wanted.add((label, name, by))
    return wanted


def test_each_person_reads_of_the_record_what_he_reads_of_the_object():
    people, rows = gathered()
    planted(rows, people.manager, "manager")
    planted(rows, people.owner, "owner")

    result = {}
    for who in WHO:
        client = Client()
        client.force_login(getattr(people, who))
        result[who] = read_everywhere(client, people)

    assert {who: result[who] - expected(who, rows) for who in WHO} == NOTHING
    # The page leaves out numbers and bookkeeping; the API tells every column.
    assert {who: expected(who, rows) - result[who] for who in WHO} == NOTHING


NAME, CONTACT, PHONE, MAIL = "Zhonghua Kingfisher", "Heron Ardea", "13947114711", "kingfisher4711@example.test"


@pytest.fixture
def acted():
    """A tenancy that the owner of a company asked for, answered and moved into; he has a name and a contact."""
    people = rights.world()
    people.owner.name = NAME
    people.owner.save()
    lease = desk.moved_in(people)
    SpaceRequest.objects.update(contact_name=CONTACT, contact_phone=PHONE, contact_email=MAIL, people=89)
    handover = lease.handovers.get()
    number = SpaceRequest.objects.get().number
    people.paths = [
        f"/requests/{number}/", f"/requests/{number}/print/", f"/handovers/{handover.number}/",
        f"/handovers/{handover.number}/sheet/", "/changes/", f"/units/{people.rooms.r401.code}/",
        f"/api/v1/requests/{number}/", "/api/v1/changes/?as_of=2099-01-01&page_size=200",
    ]  # fmt: skip
    people.print = f"/requests/{number}/print/"
    return people


def read_as(people, who, path):
    client = Client()
    client.force_login(getattr(people, who))
    return client.get(path).content.decode()


@pytest.mark.parametrize("who", ["official", "auditor"])
def test_whom_a_reader_need_not_reach_is_masked_on_every_page_and_paper(acted, who):
    result = {path: read_as(acted, who, path) for path in acted.paths}

    assert [(path, word) for path in result for word in (NAME, CONTACT, PHONE, MAIL) if word in result[path]] == []
    assert "139****4711" in result[acted.print]
    assert "H***" in result[acted.print]
    assert ("<dd>89</dd>" in result[acted.print]) == (who == "official")  # the number of people


def test_the_park_and_the_company_itself_read_it_in_full(acted):
    for who in ("manager", "officer", "owner", "member"):
        paper = read_as(acted, who, acted.print)
        assert [word for word in (CONTACT, PHONE, MAIL) if word not in paper] == [], who
    assert NAME in read_as(acted, "manager", acted.paths[0])


def test_a_draft_is_in_nobody_elses_log(acted):
    """404 for everyone but its company, so no row of it either; its own people read their acts on it."""
    draft = requests.begin(acted.tenant_company, by=acted.owner, park=acted.park, special="words of a draft")

    result = {who: marks_of(acted, who, draft.number) for who in WHO}

    assert result == {who: who == "owner" for who in WHO}
    assert set(Change.objects.visible_to(acted.owner).filter(object_id=draft.pk, object_type=LABEL)) != set()


LABEL = SpaceRequest._meta.label_lower


def marks_of(people, who, word):
    return any(word in read_as(people, who, path) for path in ("/changes/", people.paths[-1]))


def test_of_his_own_act_a_person_reads_no_more_than_of_the_object(acted):
    """A manager who left still reads that he did something, and nothing of what."""
    mine = Change.objects.filter(by=acted.manager, object_type="spaces.allocation").latest("pk")
    acted.manager.assignments.update(ends_on=desk.DAY)

    (result,) = disclosed(Change.objects.visible_to(acted.manager).filter(pk=mine.pk), acted.manager)

    assert (result.by, result.verb, result.at) == ("manager", mine.verb, mine.at)
    assert (result.seen, result.object_id, result.label, result.before, result.after, result.why) == (
        False,
        None,
        "",
        None,
        None,
        "",
    )
    assert mine.label not in read_as(acted, "manager", "/changes/")


def test_who_is_of_the_company_and_of_an_office_reads_nothing_of_the_inside(acted):
    """A park manager, official or auditor who is in the company, too: I16 goes before the office."""
    SpaceRequest.objects.update(internal_note="inside words")
    Offer.objects.update(override="inside words")
    for who in ("manager", "auditor", "official"):
        make.member(user=getattr(acted, who), company=acted.tenant_company, role="member")

        assert "internal_note" not in readable(SpaceRequest.objects.get(), getattr(acted, who))
        assert "override" not in readable(Offer.objects.get(), getattr(acted, who))
        assert "inside words" not in "".join(read_as(acted, who, path) for path in acted.paths)


def test_what_was_removed_stays_with_the_people_of_its_place(acted):
    hold = desk.offered(acted, "r405", by="rival")
    row = OfferLine.objects.get(offer=hold).allocation
    offers.withdraw(hold, by=acted.manager, why="another plan", on=desk.DAY)
    assert not Allocation.objects.filter(pk=row.pk).exists()

    about = {"object_type": "spaces.allocation", "object_id": row.pk}
    found = {who: Change.objects.visible_to(getattr(acted, who)).filter(**about) for who in WHO}

    seen = {who for who, rows in found.items() if any(each.before for each in disclosed(rows, getattr(acted, who)))}
    assert seen == STAFF | READERS


@pytest.mark.parametrize("tried", [1, 5, 100])
def test_the_newest_are_the_first_of_all_that_are_visible_however_many_are_tried(acted, monkeypatch, tried):
    monkeypatch.setattr("spaces.access.disclosure.TRIED", tried)
    requests.begin(acted.tenant_company, by=acted.owner, park=acted.park, special="a draft, seen by its company alone")
    result, wanted = {}, {}

    for who in WHO:
        user = getattr(acted, who)
        result[who] = [change.pk for change in newest(user, 3, ~models.Q(by=acted.rival.pk))]
        visible = Change.objects.visible_to(user).exclude(by=acted.rival.pk).order_by("-pk")
        wanted[who] = list(visible.values_list("pk", flat=True)[:3])

    assert result == wanted
    assert {len(rows) for who, rows in result.items() if who in STAFF | READERS} == {3}
