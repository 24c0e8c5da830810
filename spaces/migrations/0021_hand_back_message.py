"""The message of a constraint; the database is not changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0020_change_guard"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="allocation",
            name="spaces_allocation_handed_back_after_end",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handed_back_on", None),
                    models.Q(
                        ("ends_on__isnull", False),
                        ("handed_back_on__gte", models.F("ends_on")),
                        ("moved_in_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="spaces_allocation_handed_back_after_end",
                violation_error_message="Only a tenant who has moved in hands back, and the period ends by that day.",
            ),
        ),
    ]
