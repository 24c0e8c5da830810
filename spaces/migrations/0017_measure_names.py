"""Published figures: measures are named for incubators and lettable area."""

from django.db import migrations

RENAMED = {
    "offered_area": "lettable_area",
    "new_offered_area": "new_lettable_area",
    "carriers": "incubators",
    "new_carriers": "new_incubators",
}
SQL = "UPDATE spaces_publishedfigure SET measure = %s WHERE measure = %s"
RENAME = [(SQL, [new, old]) for old, new in RENAMED.items()]
RESTORE = [(SQL, [old, new]) for old, new in RENAMED.items()]


class Migration(migrations.Migration):
    dependencies = [("spaces", "0016_unit_label")]

    operations = [
        migrations.RemoveConstraint("publishedfigure", "spaces_figure_measure_known"),
        migrations.RunSQL(RENAME, RESTORE),
    ]
