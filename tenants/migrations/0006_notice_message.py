"""The text that a person gave with an event has the key `message` in the facts of a notice."""

from django.db import migrations, models
from django.db.models import Q


def renamed(old, new):
    def rename(apps, schema_editor):
        notices = apps.get_model("tenants", "Notice").objects.using(schema_editor.connection.alias)
        for row in (found := list(notices.filter(facts__has_key=old).only("facts"))):
            row.facts[new] = row.facts.pop(old)
        notices.bulk_update(found, ["facts"], batch_size=500)

    return rename


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_names")]

    operations = [
        migrations.RunPython(renamed("words", "message"), renamed("message", "words")),
        migrations.AlterField(
            "offer", "terms", models.TextField(blank=True, max_length=2000, verbose_name="note to the company")
        ),
        migrations.AlterConstraint(
            model_name="company",
            name="tenants_company_code_or_promise",
            constraint=models.CheckConstraint(
                condition=Q(uscc__isnull=False) | Q(registers_by__isnull=False),
                name="tenants_company_code_or_promise",
                violation_error_message="A team without a credit code must state by when it will be registered.",
            ),
        ),
    ]
