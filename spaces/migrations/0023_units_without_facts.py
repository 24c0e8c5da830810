"""The columns of a unit that its periods hold now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("spaces", "0022_unit_periods")]

    operations = [
        migrations.RemoveConstraint(
            model_name="unit",
            name="spaces_unit_use_known",
        ),
        migrations.RemoveConstraint(
            model_name="unit",
            name="spaces_unit_usable_within_gross",
        ),
        migrations.RemoveIndex(
            model_name="unit",
            name="spaces_unit_use_area",
        ),
        migrations.RemoveIndex(
            model_name="unit",
            name="spaces_unit_area",
        ),
        migrations.RemoveField(
            model_name="unit",
            name="area_on",
        ),
        migrations.RemoveField(
            model_name="unit",
            name="area_source",
        ),
        migrations.RemoveField(
            model_name="unit",
            name="area_standard",
        ),
        migrations.RemoveField(
            model_name="unit",
            name="gross_area",
        ),
        migrations.RemoveField(
            model_name="unit",
            name="usable_area",
        ),
        migrations.RemoveField(
            model_name="unit",
            name="use",
        ),
    ]
