"""Before the database refuses allocations outside the life of their unit, there must be none.

A hold that has lapsed gives back its days, as the next writer on its unit would have done, with its Change row. What
else lies outside is for a person to mend: it is listed, and nothing is changed.
"""

from django.core.management.base import CommandError
from django.db import migrations
from django.db.models import F, Q
from django.utils import timezone


def outside_life(allocations):
    unit, building = F("unit__closes_on"), F("unit__floor__building__closed_on")
    not_ready = Q(unit__floor__building__ready_on=None) | Q(unit__floor__building__ready_on__gt=F("moved_in_on"))
    return allocations.filter(
        Q(starts_on__lt=F("unit__opens_on"))
        | Q(unit__closes_on__isnull=False) & (Q(ends_on=None) | Q(ends_on__gt=unit))
        | Q(unit__floor__building__closed_on__isnull=False) & (Q(ends_on=None) | Q(ends_on__gt=building))
        | Q(moved_in_on__isnull=False) & not_ready
    ).order_by("unit__code", "starts_on")


def snapshot(row):
    told = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()}


def give_back(row, changes):
    """A lapsed hold ends on the day on which it lapsed; one that never counted goes."""
    before, stays = snapshot(row), row.held_until > row.starts_on
    change = {"object_type": "spaces.allocation", "object_id": row.pk, "unit": row.unit_id, "verb": "lapse"}
    label = f"{row.unit.code} {row.starts_on} – {row.held_until if stays else row.ends_on}"
    if stays:
        row.ends_on = row.held_until
        row.save()
    else:
        row.delete()
    park = row.unit.floor.building.park_id
    after = snapshot(row) if stays else None
    changes.create(at=timezone.now(), park=park, label=label, before=before, after=after, why="", **change)


HEAD = (
    "%(count)s allocations lie outside the life of their unit or building. Nothing was changed. Start the version you "
    "had before, mend these on their units' pages (end or correct them, or change the days of the unit or building), "
    "and migrate again.\n"
    "有 %(count)s 条占用记录超出其单元或楼栋的存续期,数据未作改动。请启动原版本,在单元页面更正后再迁移。"
)


def end_lapsed_and_report(apps, schema_editor):
    allocations = apps.get_model("spaces", "Allocation").objects.using(schema_editor.connection.alias)
    changes = apps.get_model("spaces", "Change").objects.using(schema_editor.connection.alias)
    lapsed = {"purpose": "tenancy", "signed_on": None, "held_until__lte": timezone.localdate()}
    for row in (
        outside_life(allocations).filter(ends_on__gt=F("held_until"), **lapsed).select_related("unit__floor__building")
    ):
        give_back(row, changes)
    left = list(outside_life(allocations).select_related("unit__floor__building"))
    if left:
        raise CommandError("\n".join([HEAD % {"count": len(left)}, *map(told, left)]))


def told(row):
    unit, building = row.unit, row.unit.floor.building
    return (
        f"- {unit.code}: allocation {row.pk} from {row.starts_on} until {row.ends_on or 'further notice'}"
        f"{f', moved in on {row.moved_in_on}' if row.moved_in_on else ''}; the unit exists from {unit.opens_on} until "
        f"{unit.closes_on or 'further notice'}, its building is ready on {building.ready_on or 'no day yet'} and "
        f"closes on {building.closed_on or 'no day yet'}"
    )


class Migration(migrations.Migration):
    dependencies = [("spaces", "0006_throttle")]
    operations = [migrations.RunPython(end_lapsed_and_report, migrations.RunPython.noop)]
