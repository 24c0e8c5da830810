"""The units there are wait to be counted; until then figures are read from the allocations. By itself: PostgreSQL
alters no table whose rows were just written."""

from datetime import date

from django.db import migrations


def begin(apps, schema_editor):
    apps.get_model("spaces", "MonthLedger").objects.create(pk=1, opened_until=date(2000, 1, 1))
    schema_editor.execute(
        "INSERT INTO spaces_countedunit (unit, stale, runs) SELECT id, TRUE, '[]' FROM spaces_unit WHERE TRUE "
        "ON CONFLICT (unit) DO NOTHING"
    )


class Migration(migrations.Migration):
    dependencies = [("spaces", "0024_month_ledger")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
