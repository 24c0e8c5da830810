"""A search looks into the keys of all units: the database reads them in an index, many to the page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0028_park_code_order_index")]

    operations = [
        migrations.AddIndex("unit", models.Index(fields=["search_key"], name="spaces_unit_search_key")),
    ]
