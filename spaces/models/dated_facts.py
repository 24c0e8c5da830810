"""Facts that hold from a day on: columns of the periods of a row, and attributes of the row for one day.

`Dated` is a row with such facts, `FactPeriod` one of its periods; a period model names its row by a foreign key whose
related_name is `periods`.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.fields import DayField
from spaces.models.recorded import Recorded
from spaces.values import clock
from spaces.values.periods import EVER, Period

UNIT_FACTS = ("use", "usable_area", "gross_area", "area_source", "area_standard", "area_on")
PARK_FACTS = ("ecosystem", "kind", "controllable_area", "operator")


def covering(day: date, path: str = "") -> Q:
    """Condition: the period at `path` (empty, or ending in `__`) covers the day."""
    open_or_later = Q(**{f"{path}ends_on": None}) | Q(**{f"{path}ends_on__gt": day})
    return Q(**{f"{path}starts_on__lte": day}) & open_or_later


def dated_fact(name: str) -> Any:
    """An attribute of a row for one day: the one of `with_facts`, or today where no day was asked for.

    Assigned on a row that is not saved yet it is the fact from the beginning.
    """

    def read(row: Any) -> Any:
        if name not in row.__dict__:
            row.load_facts(clock.today())
        return row.__dict__[name]

    def write(row: Any, value: Any) -> None:
        row.__dict__[name] = value

    return property(read, write)


def dated_key(name: str) -> Any:
    """As `dated_fact` for a foreign key: the row that `<name>_id` names, which is a fact of its own."""

    def read(row: Any) -> Any:
        key = getattr(row, f"{name}_id")
        if name not in row.__dict__:
            period = row.__dict__.get("facts") or row.first_period()
            row.__dict__[name] = None if key is None else getattr(period, name)
        return row.__dict__[name]

    def write(row: Any, value: Any) -> None:
        row.__dict__.update({name: value, f"{name}_id": None if value is None else value.pk})

    return property(read, write)


@contextmanager
def all_or_none(rows: Iterable["Dated"]) -> Iterator[None]:
    """Write new rows and their first periods together; rows that were refused count as new again."""
    try:
        with transaction.atomic(savepoint=False):
            yield
    except IntegrityError:
        for row in rows:
            row._state.adding = True
        raise


class DatedQuerySet[Row: models.Model](models.QuerySet[Row]):
    facts_on: date | None = None  # the day of `with_facts`

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.facts_on = self.facts_on
        return clone

    def with_facts(self, on: date) -> Self:
        """Rows with their facts of a day, to read, filter and sum by; `facts` is the period that holds them."""
        if self.facts_on == on:
            return self
        if self.facts_on is not None:
            raise ValueError(f"These rows carry the facts of {self.facts_on}, not of {on}.")
        model: Any = self.model
        period = FilteredRelation("periods", condition=covering(on, "periods__"))
        dated = self.annotate(facts=period, **{name: F(f"facts__{name}") for name in model.fact_columns()})
        if keys := model.fact_keys():
            dated = dated.select_related("facts", *(f"facts__{key}" for key in keys))
        dated.facts_on = on
        return dated

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        """Create rows, each with its first period."""
        objs = list(objs)
        periods = [row.first_period() for row in objs]
        model: Any = self.model
        with all_or_none(objs):
            made = super().bulk_create(objs, *args, **kwargs)
            for period, row in zip(periods, made, strict=True):
                setattr(period, model.period_model().OF, row)  # now that it has an id
            model.period_model()._default_manager.bulk_create(periods, batch_size=500)
        return made


class Dated(Recorded):
    """A row some of whose facts hold from a day on. FACTS: their names, columns of its periods."""

    FACTS: ClassVar[tuple[str, ...]] = ()
    periods: Any

    class Meta:
        abstract = True

    @classmethod
    def period_model(cls) -> Any:
        """The model of the periods, which is defined after this one."""
        return cls._meta.get_field("periods").related_model

    @classmethod
    def fact_columns(cls) -> tuple[str, ...]:
        """The attributes that hold the facts: those of FACTS, for a foreign key its id."""
        return tuple(cls.period_model()._meta.get_field(name).attname for name in cls.FACTS)

    @classmethod
    def fact_keys(cls) -> list[str]:
        return [name for name in cls.FACTS if cls.period_model()._meta.get_field(name).is_relation]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; a new one with its first period, so that none is ever without facts."""
        if not self._state.adding:
            super().save(*args, **kwargs)
            return
        first = self.first_period()
        with all_or_none([self]):
            super().save(*args, **kwargs)
            setattr(first, self.period_model().OF, self)  # now that it has an id
            first.save()

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        super().refresh_from_db(using, fields, from_queryset)
        if fields is None:  # a single column is also loaded late
            self._forget_facts()

    def first_period(self) -> Any:
        """The period of a new row: its facts from the beginning; not saved."""
        facts = {name: getattr(self, name) for name in self.fact_columns()}
        return self.period_model()(**{self.period_model().OF: self}, starts_on=EVER, **facts)

    def facts_of(self, day: date) -> Any:
        """The period that covers a day. One query, unless the periods were prefetched."""
        if "periods" in getattr(self, "_prefetched_objects_cache", {}):
            return next(period for period in self.periods.all() if period.period.covers(day))
        keys = self.fact_keys()
        rows = self.periods.select_related(*keys) if keys else self.periods
        return rows.get(covering(day))

    def keep_periods(self, periods: list[Any]) -> None:
        """Take all periods of the row, as a prefetch would: they are not read again."""
        for period in periods:
            setattr(period, self.period_model().OF, self)
        known = self.periods.all()
        known._result_cache = periods
        self._prefetched_objects_cache = {"periods": known}

    def load_facts(self, day: date) -> None:
        """Set the attributes of facts to those of a day; those of a new row that were not set, to empty."""
        columns = self.fact_columns()
        if self._state.adding:
            blank = self.period_model()()
            self.__dict__.update({name: self.__dict__.get(name, getattr(blank, name)) for name in columns})
            return
        held = self.__dict__.get("facts")
        if held is None or not held.period.covers(day):
            held = self.facts_of(day)
            self._forget_facts()
        self.__dict__.update({"facts": held} | {name: getattr(held, name) for name in columns})

    def _forget_facts(self) -> None:
        for name in ("facts", *self.FACTS, *self.fact_columns()):
            self.__dict__.pop(name, None)

    def fact_label(self, name: str) -> str:
        """The label of a fact that is a choice."""
        choices: Any = self.period_model()._meta.get_field(name).flatchoices
        return str(dict(choices).get(getattr(self, name), ""))

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check the columns; of a new row also its facts."""
        errors: dict[str, Any] = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if self._state.adding:
            period = self.first_period()
            try:
                period.clean_fields({self.period_model().OF, *(exclude or ())})
            except ValidationError as error:
                errors = error.update_error_dict(errors)
            self.__dict__.update({name: getattr(period, name) for name in self.fact_columns()})
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        super().validate_constraints(exclude)
        if self._state.adding:
            self.first_period().validate_constraints({self.period_model().OF, *(exclude or ())})


class PeriodQuerySet[Row: models.Model](models.QuerySet[Row]):
    def covering(self, day: date) -> Self:
        return self.filter(covering(day))


class FactPeriod(Recorded):
    """Facts of a row in [starts_on, ends_on).

    The periods of a row cover every day without gap or overlap: the first starts on EVER, the last has no end, and
    each ends where the next starts.
    """

    OF: ClassVar[str]  # the foreign key to the row
    READ_WITH: ClassVar[tuple[str, ...]]  # what its label and whereabouts read, for select_related
    FACTS: ClassVar[tuple[str, ...]]

    starts_on = DayField(_("from"), earliest=EVER, ahead=20)
    ends_on = DayField(_("until (exclusive)"), null=True, blank=True, earliest=EVER, ahead=20)

    class Meta:
        abstract = True

    @property
    def row(self) -> Any:
        """The row that the facts are about."""
        return getattr(self, self.OF)

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FACTS}
