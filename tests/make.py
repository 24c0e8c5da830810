"""Builders: the smallest valid row, every argument a column, no random value. They skip the actions on purpose."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone

from spaces import changes
from spaces.models import (
    Allocation,
    Assignment,
    Building,
    Drawing,
    Ecosystem,
    Floor,
    Mail,
    Park,
    PublishedFigure,
    Unit,
    User,
)
from tenants.credit_codes import name_key
from tenants.models import Company, Invitation, Lease, Member, SpaceRequest

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


def drawing(**fields):
    """Of one room, 401, in metres; its layer is not chosen yet."""
    if "created_by" not in fields:
        fields["created_by"] = user()
    corners = [[0, 0, 0], [4, 0, 0], [4, 6, 0], [0, 6, 0]]
    content = {
        "units": 6,
        "layers": [{"name": "ROOMS", "closed": 1, "open": 0, "texts": 1, "blocks": 0}],
        "outlines": [{"layer": "ROOMS", "handle": "2F", "closed": True, "points": corners}],
        "texts": [{"layer": "ROOMS", "lines": ["401"], "at": [2, 3], "middle": [2, 3]}],
    }
    result = {"name": "a.dxf", "unit": "m", "content": content, "created_at": datetime(2026, 6, 1, tzinfo=UTC)}
    return Drawing.objects.create(**result | fields)


def mail(**fields):
    """A message that waits."""
    now = timezone.now()
    return Mail.objects.create(
        **{"kind": "notice", "to": "x@example.test", "created_at": now, "next_try_at": now} | fields
    )


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


def overstayed_and_vacant(floor, many, *, by):
    """`many` units whose tenant overstays and as many vacant ones, each with its Change; few statements."""
    units = [
        Unit(code=f"U-{number}", floor=floor, use="office", usable_area=Decimal(100), opens_on=date(2020, 1, 1))
        for number in range(2 * many)
    ]
    Unit.objects.bulk_create(units)
    late = {"starts_on": date(2024, 1, 1), "signed_on": date(2024, 1, 1), "ends_on": date(2026, 1, 1)}
    Allocation.objects.bulk_create(
        [Allocation(unit=unit, purpose="tenancy", moved_in_on=date(2024, 1, 1), **late) for unit in units[:many]]
    )
    changes.record_many(units, "create", by=by)


def figure(**fields):
    number = PublishedFigure.objects.count() + 1
    return PublishedFigure.objects.create(
        **{
            "code": f"F{number}",
            "measure": "lettable_area",
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


def company(**fields):
    number = Company.objects.count() + 1
    name = fields.get("name", f"示例企业{number}")
    return Company.objects.create(
        **{
            "number": f"QY-2026-{number:04d}",
            "name": name,
            "name_key": name_key(name),
            "registers_by": date(2027, 1, 1),
            "contact_name": f"联系人{number}",
            "contact_phone": f"1380000{number:04d}",
        }
        | fields
    )


def member(**fields):
    return Member.objects.create(**{"role": "owner"} | fields)


def invitation(**fields):
    return Invitation.objects.create(**{"email": "invited@example.test", "role": "member"} | fields)


def wanted(**fields):
    """A request, a draft unless a state is given."""
    number = SpaceRequest.objects.count() + 1
    now = datetime(2026, 5, 1, 9, tzinfo=UTC)
    if "company" not in fields:
        fields["company"] = company()
    if fields.get("state", "draft") != "draft":
        sent_by = fields.get("submitted_by") or user()
        fields = {"submitted_at": now, "submitted_by": sent_by, "received_at": now} | fields
    return SpaceRequest.objects.create(
        **{
            "number": f"XQ-2026-{number:04d}",
            "use": "office",
            "area_min": Decimal(80),
            "area_max": Decimal(160),
            "needed_by": date(2026, 9, 1),
            "months": 24,
            "contact_name": "联系人",
            "contact_phone": "13800000000",
            "created_at": now,
            "saved_at": now,
        }
        | fields
    )


def lease(**fields):
    """A signed lease without a line, for two years."""
    number = Lease.objects.count() + 1
    return Lease.objects.create(
        **{
            "number": f"ZL-2026-{number:04d}",
            "state": "signed",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2028, 1, 1),
            "signed_on": date(2026, 1, 1),
        }
        | fields
    )
