"""Errors that are conflicts. Pages and API answer them with 409, others with 422 and 400."""

from django.core.exceptions import ValidationError

# Caused by an earlier act of someone else, or by the present state of a row: the input itself was valid.
CONFLICTS = {"unit_overlap", "taken", "lapsed", "stale", "move", "state", "closed", "append_only", "running", "signed"}


def codes_of(error: ValidationError) -> set[str | None]:
    """The codes of all errors, whatever their fields."""
    return {each.code for each in ValidationError([error]).error_list}


def is_conflict(error: ValidationError) -> bool:
    return not CONFLICTS.isdisjoint(codes_of(error))
