"""Lists of units by place come park after park: the database reads an index and stops early."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0027_parks_without_facts")]

    operations = [
        migrations.AddIndex("park", models.Index(fields=["code_order"], name="spaces_park_code_order")),
    ]
