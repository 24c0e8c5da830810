"""Builders: the smallest valid row, every argument a column, no random value. They skip the actions on purpose."""

from datetime import date
from decimal import Decimal

from spaces.models import Allocation, Assignment, Building, Ecosystem, Floor, Park, PublishedFigure, Unit, User

PASSWORD = "correct horse battery"


def user(**fields):
    number = User.objects.count() + 1
    fields = {"email": f"user{number}@example.test", "name": f"User {number}"} | fields
    return User.objects.create_user(**{"password": PASSWORD} | fields)


def assignment(**fields):
    return Assignment.objects.create(**{"starts_on": date(2020, 1, 1)} | fields)


def ecosystem(**fields):
    number = Ecosystem.objects.count() + 1
    return Ecosystem.objects.create(
        **{
            "code": f"eco{number}",
            "name": f"生态圈{number}",
            "name_en": f"Ecosystem {number}",
            "anchor": "大学",
            "anchor_en": "University",
            "city": "哈尔滨",
            "source_note": "test",
        }
        | fields
    )


def park(**fields):
    number = Park.objects.count() + 1
    if "ecosystem" not in fields:
        fields["ecosystem"] = ecosystem()
    return Park.objects.create(
        **{"code": f"P{number}", "name": f"园区{number}", "kind": "incubator", "city": "哈尔滨"} | fields
    )


def building(**fields):
    if "park" not in fields:
        fields["park"] = park()
    number = fields["park"].buildings.count() + 1
    return Building.objects.create(
        **{"code": f"B{number}", "name": f"{number}号楼", "ready_on": date(2020, 1, 1)} | fields
    )


def floor(**fields):
    if "building" not in fields:
        fields["building"] = building()
    number = fields["building"].floors.count() + 1
    return Floor.objects.create(**{"level": number, "label": f"{number}层"} | fields)


def unit(**fields):
    if "floor" not in fields:
        fields["floor"] = floor()
    number = Unit.objects.count() + 1
    return Unit.objects.create(
        **{"code": f"U-{number}", "use": "office", "usable_area": Decimal("100.00"), "opens_on": date(2020, 1, 1)}
        | fields
    )


def allocation(**fields):
    if "unit" not in fields:
        fields["unit"] = unit()
    if fields.get("purpose", "tenancy") == "tenancy" and "held_until" not in fields:
        fields.setdefault("signed_on", date(2026, 1, 1))
    return Allocation.objects.create(**{"purpose": "tenancy", "starts_on": date(2026, 1, 1)} | fields)


def figure(**fields):
    number = PublishedFigure.objects.count() + 1
    return PublishedFigure.objects.create(
        **{
            "code": f"F{number}",
            "measure": "offered_area",
            "title": "可用面积",
            "text": "48.71万平方米",
            "number": Decimal(487100),
            "unit": "m2",
            "as_of": date(2024, 10, 31),
            "as_of_text": "2024-10",
            "source_title": "test",
        }
        | fields
    )
