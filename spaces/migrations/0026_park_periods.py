"""Where a park belongs and what it is hold from a day on: a table of periods, with one for each recorded park."""

import datetime

import django.db.models.deletion
from django.db import migrations, models

import spaces.models.constraints
import spaces.models.fields

COPY = """
INSERT INTO spaces_parkperiod (park_id, starts_on, ends_on, ecosystem_id, kind, controllable_area, operator)
SELECT id, '0001-01-01', NULL, ecosystem_id, kind, controllable_area, operator FROM spaces_park ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("spaces", "0025_month_ledger_begins")]

    operations = [
        migrations.CreateModel(
            name="ParkPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", spaces.models.fields.DayField(earliest=datetime.date(1, 1, 1), verbose_name="from")),
                (
                    "ends_on",
                    spaces.models.fields.DayField(
                        blank=True, earliest=datetime.date(1, 1, 1), null=True, verbose_name="until (exclusive)"
                    ),
                ),
                (
                    "park",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="spaces.park",
                        verbose_name="park",
                    ),
                ),
                (
                    "ecosystem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="spaces.ecosystem",
                        verbose_name="ecosystem",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incubator", "Incubator"),
                            ("maker_space", "Maker space"),
                            ("accelerator", "Accelerator"),
                            ("science_park", "Science park"),
                            ("industrial_park", "Industrial park"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "controllable_area",
                    spaces.models.fields.AreaField(blank=True, null=True, verbose_name="controllable area (m²)"),
                ),
                ("operator", models.CharField(blank=True, max_length=100, verbose_name="operator")),
            ],
            options={
                "verbose_name": "ecosystem and kind of a park",
                "verbose_name_plural": "ecosystems and kinds of parks",
            },
        ),
        migrations.AddConstraint(
            model_name="parkperiod",
            constraint=models.UniqueConstraint(fields=("park", "starts_on"), name="spaces_parkperiod_once"),
        ),
        migrations.AddConstraint(
            model_name="parkperiod",
            constraint=spaces.models.constraints.NoOverlapConstraint(
                end="ends_on",
                key="park",
                name="spaces_parkperiod_no_overlap",
                start="starts_on",
                violation_error_code="facts_overlap",
                violation_error_message="Another ecosystem or kind is recorded for these days already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="parkperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                name="spaces_parkperiod_ends_after_start",
                violation_error_message="The last day must not be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="parkperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["incubator", "maker_space", "accelerator", "science_park", "industrial_park"])
                ),
                name="spaces_parkperiod_kind_known",
                violation_error_message="This kind of park is not known.",
            ),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
