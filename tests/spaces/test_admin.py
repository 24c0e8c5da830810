"""The repair desk: off by default; what it saves has a reason and stands in the record; it deletes nothing."""

import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.apps import apps
from django.conf import settings as product
from django.urls import NoReverseMatch, reverse

from spaces.actions import units
from spaces.models import (
    Allocation,
    Assignment,
    Building,
    Change,
    CountedUnit,
    DaySum,
    LedgerDelta,
    Mail,
    MonthLedger,
    MonthOpening,
    Throttle,
    Unit,
    User,
)
from spaces.models.fields import DecimalFormField, IntegerFormField
from spaces.states import Role
from spaces.values import clock
from spaces.values.days import month_ends
from tenants.admin import desk
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def enabled(settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin.apps.SimpleAdminConfig"]
    settings.ROOT_URLCONF = "tests.spaces.desk_urls"


@pytest.fixture
def mender(client, enabled):
    user = User.objects.create_superuser("mender@example.test", make.PASSWORD, name="mender")
    client.force_login(user)
    return user


@pytest.fixture
def unit(db):
    return make.unit(code="U-1", note="before")


def address(row, kind="change"):
    args = [] if kind in {"add", "changelist"} else [row.pk]
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{kind}", args=args)


def send(client, row, kind="change", /, **typed):
    """The form as it is shown, with what is typed over it, sent."""
    form = client.get(address(row, kind)).context["adminform"].form
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    result = {name: value for name, value in (shown | typed).items() if value is not None and value is not False}
    return client.post(address(row, kind), result)


def test_it_is_off_unless_asked_for(client):
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
    assert client.get("/dj-admin/").status_code == 404


def test_the_setting_switches_it_on_with_nothing_to_complain_of():
    result = os.environ | {"ADMIN_ENABLED": "1", "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    ask = "import django; django.setup(); from django.urls import reverse; print(reverse('admin:index'))"

    for command in (["manage.py", "check", "--fail-level", "WARNING"], ["-c", ask]):
        done = subprocess.run(  # noqa: S603 our own code
            [sys.executable, *command], cwd=product.BASE_DIR, env=result, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert done.stdout == "/dj-admin/\n"


def test_who_is_no_staff_gets_no_further_than_the_login_of_the_product(client, enabled, manager):
    first = client.get("/dj-admin/", follow=True)
    client.force_login(manager)
    second = client.get("/dj-admin/", follow=True)

    assert (first.status_code, first.redirect_chain[-1][0]) == (200, "/accounts/login/?next=/dj-admin/")
    assert (second.status_code, second.redirect_chain[0][0]) == (403, "/dj-admin/login/?next=/dj-admin/")


def test_a_repair_leaves_a_change_row_with_before_and_after(client, mender, unit):
    answer = send(client, unit, note="after", height_m="3.50", why="measured again")

    unit.refresh_from_db()
    change = Change.objects.get()
    assert (answer.status_code, unit.note, unit.height_m) == (302, "after", Decimal("3.50"))
    assert (change.verb, change.by, change.why, change.unit) == ("change", mender, "measured again", unit.pk)
    assert (change.before["note"], change.after["note"]) == ("before", "after")
    assert (change.before["height_m"], change.after["height_m"]) == (None, "3.50")


def test_a_repair_needs_a_reason(client, mender, unit):
    answer = send(client, unit, note="after")

    assert answer.context["adminform"].form.errors == {"why": ["This field is required."]}
    assert (Unit.objects.get().note, Change.objects.count()) == ("before", 0)


def test_the_rule_of_an_action_holds_here_too_and_is_said(client, mender, unit):
    late = {"signed_on": date(2026, 1, 1), "moved_in_on": date(2026, 1, 1), "ends_on": date(2026, 2, 1)}
    make.allocation(unit=unit, starts_on=date(2026, 1, 1), **late)
    building = unit.floor.building

    answer = send(client, building, closed_on="2026-03-01", why="x")

    assert (answer.status_code, Building.objects.get().closed_on, Change.objects.count()) == (200, None, 0)
    form = answer.context["adminform"].form
    assert form.non_field_errors() == ["U-1 is taken from 2026-01-01; end or move that first."]
    assert (form["closed_on"].value(), form["why"].value()) == ("2026-03-01", "x")


def test_the_life_of_a_unit_is_said_at_the_form(client, mender, unit):
    make.allocation(unit=unit, starts_on=date(2026, 1, 1))

    answer = send(client, unit, closes_on="2026-06-01", why="x")

    assert (answer.status_code, Unit.objects.get().closes_on, Change.objects.count()) == (200, None, 0)
    result = answer.context["adminform"].form.non_field_errors()
    assert result == ["U-1 is taken from 2026-01-01; end or move that first."]


def test_a_constraint_is_said_at_the_form(client, mender, unit):
    row = make.allocation(unit=unit, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1))
    make.allocation(unit=unit, starts_on=date(2026, 7, 1), ends_on=date(2026, 8, 1))

    answer = send(client, row, ends_on="2026-07-15", why="x")

    assert (answer.status_code, Change.objects.count()) == (200, 0)
    assert Allocation.objects.get(pk=row.pk).ends_on == date(2026, 6, 1)


def test_what_is_no_day_is_said_at_its_field(client, mender, unit):
    answer = send(client, unit, opens_on="31.02.2026x", why="x")

    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (200, ["opens_on"])


def test_a_repair_that_moves_reported_figures_lists_them_and_is_saved_when_confirmed(client, mender, unit):
    first = month_ends(clock.today(), 3)[0].replace(day=1)

    asked = send(client, unit, opens_on=str(first), why="opened later")

    form = asked.context["adminform"].form
    told = form.non_field_errors()
    assert (asked.status_code, Change.objects.count()) == (200, 0)
    assert told[0] == "This moves figures that were reported. Look at them and confirm."
    park = unit.floor.building.park.code
    assert any(line.endswith(f"{unit.usable_area} → 0.00 (-{unit.usable_area})") and park in line for line in told)
    assert told[-1] == "Save again to confirm."

    typed = {"opens_on": str(first), "why": "opened later", "confirmed": form["confirmed"].value()}
    done = send(client, unit, **typed)

    assert (done.status_code, Unit.objects.get().opens_on) == (302, first)
    assert Change.objects.get().why == "opened later"


def test_a_new_place_is_recorded(client, mender, unit):
    park = unit.floor.building.park
    answer = send(client, Building(), "add", park=park.pk, code="NEW", name="东", why="forgotten")

    building, change = Building.objects.get(code="NEW"), Change.objects.get()
    assert answer.status_code == 302
    assert (change.verb, change.object_id, change.before, change.after["name"]) == ("create", building.pk, None, "东")


def test_a_role_is_given_and_ended_through_the_actions(client, mender, park):
    someone = make.user(email="someone@example.test")
    send(
        client,
        Assignment(),
        "add",
        user=someone.pk,
        role=Role.PARK_MANAGER,
        park=park.pk,
        starts_on="2026-01-01",
        why="new",
    )
    row = Assignment.objects.get(user=someone)
    send(client, row, ends_on="2026-06-01", why="left")
    send(client, Assignment(), "add", user=mender.pk, role=Role.AUDITOR, starts_on="2026-01-01", why="myself")

    row.refresh_from_db()
    assert row.ends_on == date(2026, 6, 1)
    assert list(Change.objects.order_by("pk").values_list("verb", "why")) == [("assign", "new"), ("end", "left")]


def test_an_account_is_mended_and_its_record_holds_no_name(client, mender):
    someone = make.user(email="someone@example.test", name="王小明", language="zh-hans")

    send(client, someone, name="王大明", why="misspelt")

    someone.refresh_from_db()
    change = Change.objects.get()
    assert (someone.name, change.verb, change.why) == ("王大明", "change", "misspelt")
    assert "王" not in str([change.before, change.after, change.label])


@pytest.mark.parametrize("model", desk._registry, ids=lambda model: model.__name__)
def test_nothing_is_deleted_and_what_is_listed_can_be_searched(client, mender, unit, model):
    row = model._default_manager.first() or model(pk=1)

    words = {"q": "x"} if desk._registry[model].search_fields else {}

    assert client.post(address(row, "delete"), {"post": "yes"}).status_code in {302, 403}
    page = client.get(address(row, "changelist"), words)
    assert page.status_code == 200
    assert desk._registry[model].get_actions(page.wsgi_request) == {}


def test_every_model_of_places_and_people_is_on_the_desk():
    # Mail has a page of its own, which shows nobody's words: links that set a password stand in them. The counters of
    # tries hold hashes, and fade by themselves. The month ledger is a cache.
    cache = {CountedUnit, DaySum, LedgerDelta, MonthLedger, MonthOpening}
    assert set(desk._registry) == set(apps.get_app_config("spaces").get_models()) - {Mail, Throttle} - cache


def test_the_record_is_read_only(client, mender, unit):
    send(client, unit, note="after", why="x")
    change = Change.objects.get()

    page = client.get(address(change))

    assert (page.status_code, page.context["has_change_permission"]) == (200, False)
    assert client.post(address(change), {"why": "y"}).status_code == 403
    assert client.get(address(change, "add")).status_code == 403


def test_the_history_of_a_row_is_the_record(client, mender, unit):
    send(client, unit, note="after", why="x")

    page = client.get(address(unit, "history"), follow=True)

    assert [row.why for row in page.context["cl"].result_list] == ["x"]


def test_the_desk_bears_our_content_policy(client, mender, unit):
    page = client.get(address(unit))

    assert "script-src 'self'; style-src 'self';" in page["Content-Security-Policy"]
    assert [word for word in (" onclick=", " style=", "<style", "<script>") if word in page.content.decode()] == []


def test_a_repair_on_an_older_version_is_told_and_loses_nothing(client, mender, unit):
    """What only someone else changed stays; what both changed is asked for; sent again it is saved over theirs."""
    colleague = make.user(email="colleague@example.test", name="colleague")
    make.assignment(user=colleague, role=Role.ECOSYSTEM_OFFICER)
    url = f"/dj-admin/spaces/unit/{unit.pk}/change/"
    shown = client.get(url).context["adminform"].form
    sent = {name: "" if value is None else value for name, value in shown.initial.items() if name in shown.fields}
    units.update(unit, by=colleague, on=date(2026, 6, 1), note="theirs", area_standard="GB/T 17986")

    refused = client.post(url, sent | {"note": "mine", "why": "x"})
    again = refused.context["adminform"].form

    assert (refused.status_code, Unit.objects.get().note) == (409, "theirs")
    assert again["note"].value() == "mine"
    assert "colleague" in refused.content.decode()
    without = client.post(url, {name: value for name, value in sent.items() if name != "version"} | {"why": "x"})
    assert (without.status_code, Unit.objects.get().note) == (409, "theirs")
    saved = client.post(url, sent | {"note": "mine", "why": "x", "version": again["version"].value()})
    row = Unit.objects.get()
    assert (saved.status_code, row.note) == (302, "mine")


def test_a_number_is_typed_at_the_desk_as_on_a_page(mender, rf):
    request = rf.get("/")
    request.user = mender
    found = {
        f"{column.model.__name__}.{column.name}": table.formfield_for_dbfield(column, request)
        for model, table in desk._registry.items()
        if table.adds or table.changes
        for column in model._meta.concrete_fields
        if column.editable and not column.is_relation
    }
    numbers = {
        name: field for name, field in found.items() if isinstance(field, forms.IntegerField | forms.FloatField)
    }

    assert {"Floor.usable_area", "Unit.height_m", "Unit.power_kw", "Floor.level"} <= numbers.keys()
    assert {
        name: field for name, field in numbers.items() if not isinstance(field, DecimalFormField | IntegerFormField)
    } == {}
