"""The columns of a park that its periods hold now. What they move between groups they mark from now on: copying them
moved nothing, so no unit is to be counted again."""

from django.db import migrations

from spaces.models.counted_constraint import CountedConstraint


class Migration(migrations.Migration):
    dependencies = [("spaces", "0026_park_periods")]

    operations = [
        migrations.AddConstraint(
            model_name="parkperiod",
            constraint=CountedConstraint(
                name="spaces_parkperiod_counted",
                seen_from="ParkPeriod",
                watches=("park_id", "starts_on", "ends_on", "ecosystem_id", "kind"),
            ),
        ),
        migrations.RemoveConstraint(model_name="park", name="spaces_park_kind_known"),
        migrations.RemoveConstraint(model_name="park", name="spaces_park_counted"),
        migrations.RemoveField(model_name="park", name="controllable_area"),
        migrations.RemoveField(model_name="park", name="ecosystem"),
        migrations.RemoveField(model_name="park", name="kind"),
        migrations.RemoveField(model_name="park", name="operator"),
        migrations.AddConstraint(
            model_name="park",
            constraint=CountedConstraint(name="spaces_park_counted", seen_from="Park", watches=("opened_on",)),
        ),
    ]
