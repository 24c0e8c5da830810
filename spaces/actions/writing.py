"""The two last steps of every action: check the row, then write it with its Change row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from spaces import changes
from spaces.models import User
from spaces.models.constraints import NoOverlapConstraint
from spaces.models.recorded import Recorded
from spaces.month_ledger.writes import counted_together


def create(
    row: Recorded, verb: str, *, by: User | None, why: str = "", beside: Sequence[models.Model] | None = None
) -> None:
    """Check a new row and write it. `beside`: the rows under the lock that it may overlap; without, one query."""
    check(row)
    _check_overlap(row, beside)
    with written(row):
        row.save(force_insert=True)
    changes.record(row, verb, by=by, why=why)


def change(row: Recorded, verb: str, *, by: User | None, why: str = "", **facts: Any) -> None:
    """Write `facts` on a row that the caller has locked or read. Writes nothing if nothing differs."""
    before = changes.snapshot(row)
    for name, value in facts.items():
        setattr(row, name, value)
    check(row)
    if changes.snapshot(row, lists=before) == before:
        return
    _check_overlap(row)
    with written(row):
        row.save()
    changes.record(row, verb, by=by, why=why, before=before, after=changes.snapshot(row, lists=before))


def check(row: models.Model, exclude: Iterable[str] = ()) -> None:
    """Check the fields of a row and the row as a whole; its constraints only if a field is wrong.

    Django checks each constraint and each key by a query of its own, though the database checks them all at the write.
    If a field is wrong they are checked here too, so that all errors are reported at once.
    """
    keys = (field for field in row._meta.concrete_fields if isinstance(field, models.ForeignKey))
    known = {key.name for key in keys if key.is_cached(row)}
    try:
        row.full_clean(exclude=known.union(exclude), validate_unique=False, validate_constraints=False)
    except ValidationError:
        row.full_clean(exclude=exclude)
        raise


def _check_overlap(row: models.Model, beside: Sequence[models.Model] | None = None) -> None:
    """Check under the lock that no unit is taken twice; the database checks it again."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, NoOverlapConstraint):
            try:
                if beside is None:
                    constraint.validate(type(row), row)
                else:
                    constraint.validate_beside(row, beside)
            except ValidationError as error:
                raise ValidationError(error.update_error_dict({})) from None


@contextmanager
def written(*rows: models.Model, **clean: Any) -> Iterator[None]:
    """Write checked rows in this block; an IntegrityError becomes the ValidationError of its constraint.

    The error is marked `by_database`: `atomic_with_retry` then runs the act once more, whose own check may report
    better what another writer did meanwhile. `clean`: arguments of `full_clean`, where one of its checks has no
    message here.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        try:
            for row in rows:
                row.full_clean(**clean)
        except ValidationError as error:
            error.by_database = True  # type: ignore[attr-defined]
            raise
        raise


def remove(row: Recorded, verb: str, *, by: User | None, why: str) -> None:
    with counted_together():
        changes.record_removal(row, verb, by=by, why=why)
        row.delete()


def refusal(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code)})
