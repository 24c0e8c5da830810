"""A room keeps what is written on its door where that is no code: 3#-101, 103(东)."""

from django.db import migrations, models

from spaces.models.fields import SearchKeyField


class Migration(migrations.Migration):
    dependencies = [("spaces", "0015_level_field")]

    operations = [
        migrations.AddField(
            "unit",
            "label",
            models.CharField(
                blank=True,
                default="",
                help_text="What is written on the door where it differs from the code, such as 103(东).",
                max_length=40,
                verbose_name="on the door",
            ),
            preserve_default=False,
        ),
        migrations.AlterField("unit", "search_key", SearchKeyField(codes=("code",), names=("label",))),
    ]
