"""Companies are found by a key that is stored: folded once, when the row is written."""

from django.db import migrations

from spaces.models.fields import SearchKeyField

COLUMNS = {"codes": ("number", "uscc"), "names": ("name", "name_en")}


def fill(apps, schema_editor):
    model = apps.get_model("tenants", "Company")
    rows = model.objects.using(schema_editor.connection.alias)
    for row in (found := list(rows.only("pk", *COLUMNS["codes"], *COLUMNS["names"]))):
        model._meta.get_field("search_key").pre_save(row, False)
    rows.bulk_update(found, ["search_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_invitation")]

    operations = [
        migrations.AddField("company", "search_key", SearchKeyField(**COLUMNS)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
