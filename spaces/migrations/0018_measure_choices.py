"""The measures known to the table. By itself: PostgreSQL alters no table whose rows were just written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0017_measure_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publishedfigure",
            name="measure",
            field=models.CharField(
                choices=[
                    ("lettable_area", "Lettable area"),
                    ("incubators", "Incubators"),
                    ("new_incubators", "Newly opened incubators"),
                    ("new_lettable_area", "Lettable area of newly opened incubators"),
                    ("planned_area", "Planned area"),
                    ("fitout_area", "Area being fitted out"),
                    ("ecosystems", "Ecosystems"),
                    ("other", "Other figure"),
                ],
                max_length=30,
                verbose_name="measure",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "measure__in",
                        [
                            "lettable_area",
                            "incubators",
                            "new_incubators",
                            "new_lettable_area",
                            "planned_area",
                            "fitout_area",
                            "ecosystems",
                            "other",
                        ],
                    ),
                    ("unit__in", ["m2", "count", "percent", "cny", "text"]),
                ),
                name="spaces_figure_measure_known",
                violation_error_message="This measure or unit is not known.",
            ),
        ),
    ]
