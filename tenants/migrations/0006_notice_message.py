"""The text that a person gave with an event has the key `message` in the facts of a notice."""

from django.db import migrations


def renamed(old, new):
    def rename(apps, schema_editor):
        notices = apps.get_model("tenants", "Notice").objects.using(schema_editor.connection.alias)
        for row in (found := list(notices.filter(facts__has_key=old).only("facts"))):
            row.facts[new] = row.facts.pop(old)
        notices.bulk_update(found, ["facts"], batch_size=500)

    return rename


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_names")]

    operations = [migrations.RunPython(renamed("words", "message"), renamed("message", "words"))]
