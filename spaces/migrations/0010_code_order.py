"""Codes have an order of their own: 405-2 stands before 405-10, on both databases and without sorting in Python."""

from django.db import migrations

from spaces.models.fields import CodeOrderField, code_order

MODELS = ("park", "building", "unit")


def fill(apps, schema_editor):
    for name in MODELS:
        rows = apps.get_model("spaces", name).objects.using(schema_editor.connection.alias)
        for row in (found := list(rows.only("pk", "code"))):
            row.code_order = code_order(row.code)
        rows.bulk_update(found, ["code_order"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("spaces", "0009_drawing_joined")]

    operations = [
        *(migrations.AddField(name, "code_order", CodeOrderField()) for name in MODELS),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
