"""Neighbours become adjacency, in the record of changes too, and holds are extended. Its guard is back after 0020."""

from django.db import migrations, models

CONSTRAINTS = [
    models.UniqueConstraint(
        fields=("first", "second"),
        name="spaces_adjacency_pair_once",
        violation_error_message="These two units are recorded as adjacent already.",
    ),
    models.CheckConstraint(
        condition=models.Q(("first__lt", models.F("second"))),
        name="spaces_adjacency_lower_first",
        violation_error_message="A unit is not adjacent to itself; the lower id comes first.",
    ),
    models.CheckConstraint(
        condition=models.Q(("source__in", ["found", "person"])),
        name="spaces_adjacency_source_known",
        violation_error_message="This source is not known.",
    ),
]
SQL = "UPDATE spaces_change SET object_type = %s WHERE object_type = %s"
VERB = "UPDATE spaces_change SET verb = %s WHERE verb = %s"
OLD, NEW = "spaces.neighbours", "spaces.adjacency"


class Migration(migrations.Migration):
    dependencies = [("spaces", "0018_measure_choices")]

    operations = [
        *(
            migrations.RemoveConstraint("neighbours", f"spaces_neighbours_{name}")
            for name in ("pair_once", "lower_first", "source_known")
        ),
        migrations.RenameModel("Neighbours", "Adjacency"),
        migrations.AlterModelOptions(
            "adjacency", options={"verbose_name": "adjacency", "verbose_name_plural": "adjacency"}
        ),
        *(migrations.AddConstraint("adjacency", constraint) for constraint in CONSTRAINTS),
        migrations.RemoveConstraint("change", "spaces_change_append_only"),
        migrations.RunSQL([(SQL, [NEW, OLD])], [(SQL, [OLD, NEW])]),
        migrations.RunSQL([(VERB, ["extend", "prolong"])], [(VERB, ["prolong", "extend"])]),  # of a hold
    ]
