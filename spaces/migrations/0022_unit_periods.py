"""Use and areas of a unit hold from a day on: a table of periods, with one for each recorded unit."""

import datetime

import django.db.models.deletion
from django.db import migrations, models

import spaces.models.constraints
import spaces.models.fields

COPY = """
INSERT INTO spaces_unitperiod
    (unit_id, starts_on, ends_on, use, usable_area, gross_area, area_source, area_standard, area_on)
SELECT id, '0001-01-01', NULL, use, usable_area, gross_area, area_source, area_standard, area_on
FROM spaces_unit ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("spaces", "0021_hand_back_message")]

    operations = [
        migrations.CreateModel(
            name="UnitPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="spaces.unit",
                        verbose_name="unit",
                    ),
                ),
                ("starts_on", spaces.models.fields.DayField(earliest=datetime.date(1, 1, 1), verbose_name="from")),
                (
                    "ends_on",
                    spaces.models.fields.DayField(
                        blank=True, earliest=datetime.date(1, 1, 1), null=True, verbose_name="until (exclusive)"
                    ),
                ),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("office", "Office, R&D"),
                            ("lab", "Laboratory"),
                            ("pilot", "Pilot-plant bay"),
                            ("factory", "Standard factory bay"),
                            ("desk", "Desk"),
                            ("public_service", "Public service area"),
                            ("own_office", "Operator's own office"),
                            ("ancillary", "Ancillary rooms"),
                        ],
                        max_length=20,
                        verbose_name="use",
                    ),
                ),
                (
                    "usable_area",
                    spaces.models.fields.AreaField(blank=True, null=True, verbose_name="usable area (m²)"),
                ),
                ("gross_area", spaces.models.fields.AreaField(blank=True, null=True, verbose_name="gross area (m²)")),
                (
                    "area_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("surveyed", "Surveyed"),
                            ("predicted", "Predicted"),
                            ("estimated", "Estimated"),
                            ("declared", "Declared"),
                        ],
                        max_length=20,
                        verbose_name="area source",
                    ),
                ),
                ("area_standard", models.CharField(blank=True, max_length=50, verbose_name="area standard")),
                (
                    "area_on",
                    spaces.models.fields.DayField(
                        blank=True, earliest=datetime.date(1900, 1, 1), null=True, verbose_name="measured on"
                    ),
                ),
            ],
            options={
                "verbose_name": "use and area of a unit",
                "verbose_name_plural": "uses and areas of units",
            },
        ),
        migrations.AddIndex(
            model_name="unitperiod",
            index=models.Index(fields=["use", "usable_area", "unit"], name="spaces_unitperiod_use_area"),
        ),
        migrations.AddIndex(
            model_name="unitperiod",
            index=models.Index(fields=["usable_area", "unit"], name="spaces_unitperiod_area"),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=models.UniqueConstraint(fields=("unit", "starts_on"), name="spaces_unitperiod_once"),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=spaces.models.constraints.NoOverlapConstraint(
                end="ends_on",
                key="unit",
                name="spaces_unitperiod_no_overlap",
                start="starts_on",
                violation_error_code="facts_overlap",
                violation_error_message="Another use or area is recorded for these days already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                name="spaces_unitperiod_ends_after_start",
                violation_error_message="The last day must not be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "use__in",
                        ["office", "lab", "pilot", "factory", "desk", "public_service", "own_office", "ancillary"],
                    )
                ),
                name="spaces_unitperiod_use_known",
                violation_error_message="This use is not known.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usable_area", None),
                    ("gross_area", None),
                    ("usable_area__lte", models.F("gross_area")),
                    _connector="OR",
                ),
                name="spaces_unitperiod_usable_within_gross",
                violation_error_message="The usable area can't be larger than the gross area.",
            ),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
