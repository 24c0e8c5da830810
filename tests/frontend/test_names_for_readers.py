"""English pages say the English name where there is one: in filters, forms, chips, hidden words and notices."""

import re
from datetime import date
from html.parser import HTMLParser

import django_filters as df
import pytest
from django import forms
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from frontend.templatetags.records import differences
from spaces.filters import PlaceChoice, PlaceFilter
from spaces.models import Change
from tenants.actions import reminders
from tenants.models import Notice
from tenants.notices import notice_texts
from tests.frontend import desk, people

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CODES_ALONE = {"Unit"}  # units are chosen by their code


def below(kind):
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def named_in_english(queryset):
    return queryset is not None and hasattr(queryset.model, "name_en")


def test_every_filter_of_places_shows_the_readers_name(rf, visitor, db):
    asked = rf.get("/")
    asked.user = visitor
    result = {
        (kind.__name__, name): isinstance(each, PlaceFilter)
        for kind in below(df.FilterSet)
        for name, each in kind.base_filters.items()
        if isinstance(each, df.ModelChoiceFilter) and named_in_english(each.extra["queryset"](asked))
    }
    assert {where for where, ours in result.items() if not ours} == set()
    assert len(result) > 5


def test_every_choice_of_places_in_a_form_does():
    result = {
        (kind.__name__, name): isinstance(field, PlaceChoice)
        for kind in below(forms.BaseForm)
        if kind.__module__.startswith("frontend.")
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field, forms.ModelChoiceField) and named_in_english(field.queryset)
    }
    assert {where for where, ours in result.items() if not ours} == set()
    assert result


class Options(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.result, self.inside = [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 the parser's call
        self.inside = tag in {"option", "button"} or (self.inside and tag == "span")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in {"option", "button"}

    def handle_data(self, data):
        if self.inside:
            self.result.append(data)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["vacancy-list", "unit-list", "change-list"])
def test_a_page_of_filters_is_english(client, name):
    gathered = people.gather()
    park = gathered.world["one"]
    park.name_en = "Park one"
    park.save()
    client.force_login(gathered.auditor)

    page = client.get(reverse(name), {"ecosystem": park.ecosystem.code}, headers={"accept-language": "en"})

    body = page.content.decode()
    assert [word for word in Options(body).result if park.name in word or park.ecosystem.name in word] == []
    if name == "unit-list":
        assert [chip["value"] for chip in page.context["chips"]] == [park.ecosystem.name_en]


@pytest.mark.django_db
def test_the_buttons_of_a_checklist_name_the_item_as_its_heading_does(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: desk.DAY)
    gathered = desk.build()
    checklist = desk.signed(gathered).handovers.get()
    client.force_login(gathered.manager)

    body = client.get(reverse("handover-detail", args=[checklist.number]), headers={"accept-language": "en"})

    result = [word for word in Options(body.content.decode()).result if word.strip()]
    assert any("Done" in word for word in result)
    assert [word for word in result if CHINESE.search(word) and word != "中文"] == []


@pytest.mark.django_db
def test_the_notice_of_an_overdue_item_names_it_in_the_readers_language(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: desk.DAY)
    checklist = desk.signed(desk.build()).handovers.get()
    checklist.items.update(due_on=date(2026, 5, 1), name="缴纳押金", name_en="Deposit paid")

    reminders.send(on=desk.DAY)

    notice = Notice.objects.filter(event="item_overdue").first()
    with translation.override("en"):
        assert notice_texts.subject(notice) == f"Overdue in {checklist.number}: Deposit paid"
        assert "Deposit paid" in notice_texts.mail_subject(notice)
        assert "缴纳押金" not in notice_texts.text(notice)
    with translation.override("zh-hans"):
        assert "缴纳押金" in notice_texts.subject(notice)


def test_every_time_of_the_change_log_is_local_and_short():
    at = "2026-11-30T00:20:43.739261+00:00"
    result = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.get_internal_type() == "DateTimeField" and not field.is_relation:
                for before, after in ((None, at), (at, None)):
                    rows = [{field.name: value} for value in (before, after)]
                    change = Change(object_type=model._meta.label_lower, before=rows[0], after=rows[1])
                    result[model, field.name, before] = [row[1:] for row in differences(change)]
    shown = {("–", "2026-11-30 08:20"), ("2026-11-30 08:20", "–")}
    assert {row for rows in result.values() for row in rows} == shown
    assert len(result) > 20
