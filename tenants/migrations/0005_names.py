"""Columns named by the words that people use: requested units, the intent for a lease, the comment of a review."""

import spaces.models.fields
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

SAYS_WHY = "tenants_review_refusal_says_why"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_search_key")]

    operations = [
        migrations.RenameField("spacerequest", "wished", "requested_units"),
        migrations.RenameField("lease", "wish", "intent"),
        migrations.RenameField("lease", "wish_words", "intent_note"),
        migrations.RenameField("lease", "wish_at", "intent_at"),
        migrations.RemoveConstraint("review", SAYS_WHY),
        migrations.RenameField("review", "words", "comment"),
        migrations.RenameField("review", "asked", "form_steps"),
        migrations.AddConstraint(
            "review",
            models.CheckConstraint(
                condition=Q(decision="passed") | ~Q(comment=""),
                name=SAYS_WHY,
                violation_error_message="Say why, so that the company can act on it.",
            ),
        ),
        migrations.AlterField(
            model_name="lease",
            name="intent",
            field=models.CharField(
                blank=True,
                choices=[("renew", "Renew"), ("leave", "Leave")],
                max_length=10,
                verbose_name="what the company intends",
            ),
        ),
        migrations.AlterField(
            model_name="lease",
            name="intent_note",
            field=models.CharField(blank=True, max_length=500, verbose_name="note of the company"),
        ),
        migrations.AlterField(
            model_name="review",
            name="comment",
            field=models.CharField(blank=True, max_length=1000, verbose_name="comment"),
        ),
        migrations.AlterField(
            model_name="review",
            name="form_steps",
            field=models.JSONField(blank=True, default=list, verbose_name="form steps to change"),
        ),
        migrations.AlterField(
            model_name="spacerequest",
            name="area",
            field=spaces.models.fields.AreaField(blank=True, null=True, verbose_name="requested usable area (m²)"),
        ),
        migrations.AlterField(
            model_name="spacerequest",
            name="requested_units",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="spaces.unit", verbose_name="requested units"
            ),
        ),
        migrations.AlterConstraint(
            model_name="extension",
            name="tenants_extension_approved_by_another",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    ("created_by", None),
                    models.Q(("approved_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="tenants_extension_approved_by_another",
                violation_error_message="Nobody approves an extension that they asked for themselves.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="spacerequest",
            name="tenants_request_area_within",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("area_min", None), ("area", None), ("area_min__lte", models.F("area")), _connector="OR"),
                    models.Q(("area_max", None), ("area", None), ("area_max__gte", models.F("area")), _connector="OR"),
                ),
                name="tenants_request_area_within",
                violation_error_message="The requested area must lie between the smallest and the largest.",
            ),
        ),
    ]
