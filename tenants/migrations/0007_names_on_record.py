"""The change log follows the renamed columns and measures, so that rows as they were then can still be read.

The guard of the log is off for these statements, and back before the migration is committed.
"""

from django.db import migrations

from spaces.models.constraints import AppendOnlyConstraint

KEYS = {
    "tenants.spacerequest": {"wished": "requested_units"},
    "tenants.lease": {"wish": "intent", "wish_words": "intent_note", "wish_at": "intent_at"},
    "tenants.review": {"words": "comment", "asked": "form_steps"},
}
MEASURES = {
    "offered_area": "lettable_area",
    "new_offered_area": "new_lettable_area",
    "carriers": "incubators",
    "new_carriers": "new_incubators",
}
FIGURE = "spaces.publishedfigure"
GUARD = AppendOnlyConstraint(name="spaces_change_append_only")


def renamed(row, keys, measures):
    """The recorded row under its new names; None for a side of a change that has no row."""
    if row is None:
        return None
    row = {keys.get(name, name): value for name, value in row.items()}
    return row | {"measure": measures.get(row["measure"], row["measure"])} if "measure" in row else row


def rename(keys_of, measures):
    def run(apps, schema_editor):
        change = apps.get_model("spaces", "Change")
        rows = change.objects.using(schema_editor.connection.alias)
        GUARD.remove_sql(change, schema_editor)
        found = []
        for row in rows.filter(object_type__in=[*keys_of, FIGURE]).only("object_type", "before", "after").iterator():
            keys = keys_of.get(row.object_type, {})
            row.before, row.after = (renamed(side, keys, measures) for side in (row.before, row.after))
            found.append(row)
        rows.bulk_update(found, ["before", "after"], batch_size=500)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table with pending checks can be altered
        GUARD.create_sql(change, schema_editor)

    return run


def inverted(names):
    return {new: old for old, new in names.items()}


class Migration(migrations.Migration):
    dependencies = [("tenants", "0006_notice_message"), ("spaces", "0021_hand_back_message")]

    operations = [
        migrations.RunPython(
            rename(KEYS, MEASURES),
            rename({model: inverted(keys) for model, keys in KEYS.items()}, inverted(MEASURES)),
        ),
    ]
