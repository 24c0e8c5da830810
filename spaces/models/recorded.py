from collections.abc import Collection, Mapping
from typing import ClassVar

from django.db import models

LONGEST_LABEL = 200


class Recorded(models.Model):
    """A model whose every write records a Change (spaces.changes): the recorded columns, and who may read them.

    `read_by`: rule (a method of the queryset, such as `visible_to`) -> the columns that those rows show to the user.
    The first rule decides whether the row is seen at all; a column under no rule is shown to nobody. `why_read_by` is
    the rule for the reason of a change, where it is not the first one. `removed_read_by` are the roles that still read
    the record of a row that was removed. `read_as_known`: rows of an earlier knowledge are rebuilt from the record
    (spaces.knowledge); not those about people, whose rights are of today and whose columns are hashes in the record.
    """

    read_by: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    why_read_by: ClassVar[str] = ""
    read_by_nobody: ClassVar[tuple[str, ...]] = ()  # derived, of no interest to readers
    removed_read_by: ClassVar[Collection[str]] = ()
    read_as_known: ClassVar[bool] = False
    recorded_lists: ClassVar[tuple[str, ...]] = ()  # many-to-many columns that belong to the row
    unrecorded_fields: ClassVar[Collection[str]] = ()  # secret, derived, or large
    personal_fields: ClassVar[frozenset[str]] = frozenset()  # as a keyed hash: the record can't be erased

    class Meta:
        abstract = True

    def whereabouts(self) -> tuple[int | None, int | None]:
        """Park id and unit id that the row is about, so that the people of the park find its changes."""
        return None, None

    def recorded_label(self) -> str:
        """The label of the row in the change log, without the name of a person."""
        return str(self)[:LONGEST_LABEL]
