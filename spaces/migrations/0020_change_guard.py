"""Changes can't be altered again. By itself: PostgreSQL alters no table whose rows were just written."""

from django.db import migrations

from spaces.models.constraints import AppendOnlyConstraint


class Migration(migrations.Migration):
    dependencies = [("spaces", "0019_adjacency")]

    operations = [
        migrations.AddConstraint(
            "change",
            AppendOnlyConstraint(
                name="spaces_change_append_only",
                violation_error_code="append_only",
                violation_error_message="The change log can't be altered.",
            ),
        ),
    ]
