"""The column of levels knows half storeys. By itself: PostgreSQL alters no table whose rows were just written."""

from django.db import migrations, models
from django.db.models import Q

from spaces.models.level_field import LevelField


class Migration(migrations.Migration):
    dependencies = [("spaces", "0014_levels_in_halves")]

    operations = [
        migrations.AlterField("floor", "level", LevelField(verbose_name="level")),
        migrations.AddConstraint(
            "floor",
            models.CheckConstraint(
                condition=Q(level__range=(-20, 200)) & (Q(height_m=None) | Q(height_m__range=(0, 100))),
                name="spaces_floor_level_range",
                violation_error_message="A level runs from -20 to 200, a height from 0 to 100 m.",
            ),
        ),
    ]
