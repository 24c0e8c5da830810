"""Stored notices follow the names in the code: the fact `message`, and the event `lease_intent` with its `intent`."""

from django.db import migrations, models
from django.db.models import Q


def renamed(text, intent, *, old_text, old_intent):
    def rename(apps, schema_editor):
        notices = apps.get_model("tenants", "Notice").objects.using(schema_editor.connection.alias)
        old_event, event = f"lease_{old_intent}", f"lease_{intent}"
        found = list(notices.filter(Q(facts__has_key=old_text) | Q(event=old_event)).only("event", "key", "facts"))
        for row in found:
            if old_text in row.facts:
                row.facts[text] = row.facts.pop(old_text)
            if row.event == old_event:
                row.event, row.key = event, row.key.replace(old_event, event, 1)
                row.facts[intent] = row.facts.pop(old_intent)
        notices.bulk_update(found, ["event", "key", "facts"], batch_size=500)

    return rename


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_names")]

    operations = [
        migrations.RunPython(
            renamed("message", "intent", old_text="words", old_intent="wish"),
            renamed("words", "wish", old_text="message", old_intent="intent"),
        ),
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
