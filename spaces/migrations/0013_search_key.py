"""Parks, buildings and units are found by a key that is stored: folded once, when the row is written."""

from django.db import migrations

from spaces.models.fields import SearchKeyField

KEYS = {
    "park": {"codes": ("code",), "names": ("name", "name_en", "aliases")},
    "building": {"codes": ("code",), "names": ("name", "name_en", "phase")},
    "unit": {"codes": ("code",), "names": ()},
}


def fill(apps, schema_editor):
    for name, columns in KEYS.items():
        model = apps.get_model("spaces", name)
        rows = model.objects.using(schema_editor.connection.alias)
        for row in (found := list(rows.only("pk", *columns["codes"], *columns["names"]))):
            model._meta.get_field("search_key").pre_save(row, False)
        rows.bulk_update(found, ["search_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("spaces", "0012_user_muted")]

    operations = [
        *(migrations.AddField(name, "search_key", SearchKeyField(**columns)) for name, columns in KEYS.items()),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
