"""The two steps that every action ends in: check the whole row, then write it together with its Change row."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from spaces import changes
from spaces.models import User

# Codes of refusals by what someone else did first, or by what a row has become: what was sent was good (409).
CONFLICTS = {"unit_overlap", "taken", "lapsed", "stale", "move", "state", "closed", "append_only", "running", "signed"}


def create(row: models.Model, verb: str, *, by: User | None, why: str = "") -> None:
    row.full_clean()
    row.save(force_insert=True)
    changes.record(row, verb, by=by, why=why)


def change(row: models.Model, verb: str, *, by: User | None, why: str = "", **facts: Any) -> None:
    """Write `facts` on a row that the caller has just locked or read. Nothing is written if nothing differs."""
    before = changes.snapshot(row)
    for name, value in facts.items():
        setattr(row, name, value)
    row.full_clean()
    if changes.snapshot(row) == before:
        return
    row.save()
    changes.record(row, verb, by=by, why=why, before=before)


def remove(row: models.Model, verb: str, *, by: User | None, why: str) -> None:
    changes.record_removal(row, verb, by=by, why=why)
    row.delete()


def refuse(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code)})
