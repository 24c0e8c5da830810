"""The list of units comes in the order of their codes: the database reads an index and stops early."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0010_code_order")]

    operations = [
        migrations.AddIndex("unit", models.Index(fields=["code_order"], name="spaces_unit_code_order")),
    ]
