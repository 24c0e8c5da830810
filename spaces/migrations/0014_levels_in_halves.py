"""A level counts half storeys, so that a mezzanine has its place between two floors."""

from django.db import migrations

# In two steps: no row may meet another on its way, and no level of today is as high as 1,000.
DOUBLE = ["UPDATE spaces_floor SET level = level * 2 + 10000", "UPDATE spaces_floor SET level = level - 10000"]
HALVE = ["UPDATE spaces_floor SET level = level + 10000", "UPDATE spaces_floor SET level = (level - 10000) / 2"]


class Migration(migrations.Migration):
    dependencies = [("spaces", "0013_search_key")]

    operations = [
        migrations.RemoveConstraint("floor", "spaces_floor_level_range"),
        migrations.RunSQL(DOUBLE, HALVE),
    ]
