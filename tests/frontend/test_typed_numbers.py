"""Every number that somebody types goes through one parser: on a page, in a filter, in the body or query of a call."""

import unicodedata
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules, walk_packages

import django_filters as df
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override
from rest_framework import serializers
from rest_framework.views import APIView

import frontend.forms
import spaces.api
import tenants.api
from frontend.forms.fields import AreaFormField
from frontend.forms.floorplans import CornersField
from frontend.forms.requests import ConditionsForm, SpaceForm, TimeForm
from spaces.api import parameters
from spaces.models import fields
from tenants.api.writes import Body

NOT_TYPED = {"version", "row_version"}  # the form carries it from the page to the action
ASKED = {"12,5": "12.5", "42,50": "42.50", "1,30": "1.30", "１２，５": "12.5"}
REFUSED = ["1 2 3", "1e2", "1E2", "1_000", "1,23,456", "12..5", "½", "NaN", "Infinity", "0x10", "١٢", "x"]


def below(kind):
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def modules(package):
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        import_module(found.name)


def form_fields():
    for _finder, name, _ispkg in iter_modules(frontend.forms.__path__):
        import_module(f"frontend.forms.{name}")
    for form in below(forms.BaseForm):
        if form.__module__.startswith(("frontend.", "spaces.")):
            yield from (
                (f"{form.__qualname__}.{name}", each) for name, each in getattr(form, "base_fields", {}).items()
            )


def filter_fields():
    import_module("tenants.filters")
    for filters in below(df.FilterSet):
        numbers = {name: each for name, each in filters.base_filters.items() if isinstance(each, df.NumberFilter)}
        yield from ((f"{filters.__qualname__}.{name}", each.field) for name, each in numbers.items())


def api_fields():
    modules(spaces.api)
    modules(tenants.api)
    asked = [view.query for view in below(APIView) if isinstance(getattr(view, "query", None), type)]
    for body in {*below(Body), *asked}:
        yield from ((f"{body.__qualname__}.{name}", each) for name, each in body().fields.items())


def typed(found, kinds):
    return {
        name: each
        for name, each in found
        if isinstance(each, kinds) and name.rpartition(".")[2] not in NOT_TYPED and not each.__dict__.get("read_only")
    }


IN_FORMS = typed([*form_fields(), *filter_fields()], (forms.IntegerField, forms.FloatField))
IN_API = typed(api_fields(), (serializers.DecimalField, serializers.IntegerField, serializers.FloatField))


def test_the_walk_finds_the_numbers():
    assert {"SpaceForm.area_min", "UnitForm.height_m", "UnitForm.power_kw", "OfferForm.rent_rate", "ScaleForm.x1",
            "ExtensionForm.months", "UnitFilter.area__gte", "LeaseFilter.within", "WindowForm.area_min",
            "NewFloorForm.level"} <= IN_FORMS.keys()  # fmt: skip
    assert {"RequestFacts.area_max", "OfferBody.rent_rate", "ItemBody.reading", "TrendQuery.months"} <= IN_API.keys()


@pytest.mark.parametrize("name", sorted(IN_FORMS))
def test_a_field_of_a_form_asks_and_refuses_and_never_guesses(name):
    refuses(IN_FORMS[name].clean, ValidationError)


@pytest.mark.parametrize("name", sorted(IN_API))
def test_a_number_of_a_call_is_asked_about_and_refused_likewise(name):
    refuses(IN_API[name].run_validation, serializers.ValidationError)


def refuses(clean, refusal):
    for result, meant in ASKED.items():
        with pytest.raises(refusal) as error:
            clean(result)
        assert meant in str(error.value), result
    for result in REFUSED:
        with pytest.raises(refusal) as error:
            clean(result)
        assert unicodedata.normalize("NFKC", result) in str(error.value), result


@pytest.mark.parametrize(
    ("result", "meant"),
    [
        ("1,486.50 ㎡", "1486.50"), ("１２０", "120"), ("120平方米", "120"), ("１，２００．５", "1200.5"),
        (" 12.5 ", "12.5"), ("12,500", "12500"), ("1 200.50", "1200.50"), ("120 sqm", "120"),
    ],
)  # fmt: skip
def test_an_area_is_taken_as_people_write_it(result, meant):
    assert AreaFormField().clean(result) == Decimal(meant)


def test_an_area_in_square_feet_is_not_taken_for_square_metres():
    with pytest.raises(ValidationError, match="square feet"):
        AreaFormField().clean("120 sq ft")


@pytest.mark.parametrize(
    ("form", "name", "result", "meant"),
    [
        (SpaceForm, "people", "１２人", 12),
        (SpaceForm, "people", "1,200", 1200),
        (ConditionsForm, "height_m", "4.5米", Decimal("4.5")),
        (ConditionsForm, "load_kg_m2", "500kg/m²", 500),
        (ConditionsForm, "power_kw", "30 kW", 30),
        (TimeForm, "months", "24个月", 24),
    ],
)
def test_the_unit_of_a_field_may_stand_behind_its_number(form, name, result, meant):
    assert form.base_fields[name].clean(result) == meant


@pytest.mark.parametrize("result", ["12.5 40", "12.5; 40", "12.5, 40", "１２.５　４０"])
def test_a_corner_is_two_numbers(result):
    assert CornersField().clean(result) == [[0.125, 0.4]]


@pytest.mark.parametrize("result", ["12,5", "12,5 40", "12.5", "1e1 40", "12.5 40 3"])
def test_a_corner_with_a_lone_comma_is_asked_about(result):
    with pytest.raises(ValidationError, match="Line 1"):
        CornersField().clean(result)


def test_a_json_number_needs_no_parsing():
    area = parameters.Number(max_digits=12, decimal_places=2)

    assert [area.run_validation(result) for result in (12, 12.5, "12.50")] == [12, Decimal("12.5"), Decimal("12.50")]
    assert parameters.Whole().run_validation(12) == 12


def test_the_refusal_is_said_in_chinese_too():
    with override("zh-hans"), pytest.raises(ValidationError) as error:
        fields.IntegerFormField().clean("12.5")

    assert error.value.messages == ["“12.5”不是整数。请填写整数，例如 12。"]
