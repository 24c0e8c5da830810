"""A level counts half storeys, so that a mezzanine has its place between two floors."""

from django.db import migrations, models
from django.db.models import Q

from spaces.level_fields import LevelField

RANGE = "spaces_floor_level_range"
# In two steps: no row may meet another on its way, and no level of today is as high as 1,000.
DOUBLE = ["UPDATE spaces_floor SET level = level * 2 + 10000", "UPDATE spaces_floor SET level = level - 10000"]
HALVE = ["UPDATE spaces_floor SET level = level + 10000", "UPDATE spaces_floor SET level = (level - 10000) / 2"]


class Migration(migrations.Migration):
    dependencies = [("spaces", "0013_search_key")]

    operations = [
        migrations.RemoveConstraint("floor", RANGE),
        migrations.RunSQL(DOUBLE, HALVE),
        migrations.AlterField("floor", "level", LevelField(verbose_name="level")),
        migrations.AddConstraint(
            "floor",
            models.CheckConstraint(
                condition=Q(level__range=(-20, 200)) & (Q(height_m=None) | Q(height_m__range=(0, 100))),
                name=RANGE,
                violation_error_message="A level runs from -20 to 200, a height from 0 to 100 m.",
            ),
        ),
    ]
