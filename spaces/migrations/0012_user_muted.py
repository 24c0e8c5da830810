"""Each person says which notices are mailed; by default all are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0011_code_order_index")]

    operations = [
        migrations.AddField(
            "user",
            "muted",
            models.JSONField(blank=True, default=list, verbose_name="not mailed"),
        ),
    ]
