"""A drawing keeps whether its loose lines were closed, so that it is read the same way again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0008_inside_life"),
    ]

    operations = [
        migrations.AddField(
            model_name="drawing",
            name="joined",
            field=models.BooleanField(default=False, verbose_name="loose lines are closed"),
        ),
    ]
