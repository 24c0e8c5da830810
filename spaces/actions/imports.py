"""Import a list of rooms as units: a plan of what would be written, then all of it at once, or nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from operator import itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces.actions import places, units
from spaces.actions.import_places import ImportPlaces
from spaces.actions.locks import lock_floors
from spaces.importing import totals
from spaces.importing.columns import find_columns
from spaces.importing.reading import ImportLine, ImportOptions, ImportReading, ImportRemark, RowProblem
from spaces.importing.rows import NOT_ROOMS, NOT_STOREYS, STEP, Progress, read_lines
from spaces.importing.sheets import Worksheet
from spaces.ledger import restatement
from spaces.ledger.restatement import MovedFigure
from spaces.models import Building, Floor, Park, Unit, User
from spaces.month_ledger.writes import noted_deltas
from spaces.states import LETTABLE_USES
from spaces.values.days import FIRST, last_day
from spaces.values.numbers import plain_area
from spaces.values.plain_text import shown


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """A row and its unit. `changed` holds the facts that differ from the record; of a new unit all that are known."""

    line: ImportLine
    unit: Unit
    changed: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """Rows read = created + updated + unchanged + refused rows + skipped."""

    reading: ImportReading
    buildings: list[Building]
    floors: list[Floor]
    created: list[ImportEntry] = field(default_factory=list)
    updated: list[ImportEntry] = field(default_factory=list)
    unchanged: list[ImportEntry] = field(default_factory=list)
    remarks: list[ImportRemark] = field(default_factory=list)

    @property
    def problems(self) -> list[RowProblem]:
        return sorted(self.reading.problems, key=lambda problem: problem.row)

    @property
    def entries(self) -> list[ImportEntry]:
        return [*self.created, *self.updated, *self.unchanged]


def plan(sheet: Worksheet, park: Park, choices: ImportOptions, *, progress: Progress) -> Plan:
    """The plan of an import: what it would write, and its problems. A few queries; nothing is written.

    Raises ValidationError for faults of the whole file: the codes of `find_columns` and `read_lines`.
    """
    columns = find_columns(
        sheet,
        mapped=choices.mapped,
        ignored=choices.ignored,
        square_feet=choices.square_feet,
        floor_elsewhere=bool(choices.floor_for_all or choices.floor_in_code),
    )
    reading = read_lines(sheet, columns, choices, progress=progress)
    ground = ImportPlaces(park, choices)
    placed = list(_placed(reading, ground))
    made = Plan(reading, ground.new_buildings, ground.new_floors)
    codes = [code for _line, _floor, code in placed]
    recorded = Unit.objects.filter(code__in=codes).select_related("floor").prefetch_related("periods")
    known = {unit.code: unit for unit in recorded}
    for line, floor, code in placed:
        unit = known.get(code)
        if unit is None:
            _plan_new(made, line, floor, code)
        else:
            _plan_known(made, line, floor, unit)
    made.remarks = list(_remarks(made))
    return made


def apply(plan: Plan, *, by: User | None, why: str, on: date, progress: Progress) -> list[MovedFigure]:
    """Write a plan, all or nothing; the reported figures that move.

    Raises ValidationError: refused (`plan.problems`), stale, codes of units.
    """
    _refuse_problems(plan)
    try:
        with transaction.atomic():
            with noted_deltas() as deltas:
                _write(plan, by=by, why=why, on=on, progress=progress)
                _refuse_problems(plan)
            return restatement.moved_by(deltas, today=on)
    except IntegrityError:
        raise ValidationError(_("Someone else has just changed these places. Try again."), code="stale") from None


def rehearse(plan: Plan, *, by: User | None, why: str, on: date, progress: Progress) -> list[MovedFigure]:
    """Do all that `apply` does, and undo it; the reported figures that would move. The plan is used up."""
    with transaction.atomic():
        moved = apply(plan, by=by, why=why, on=on, progress=progress)
        transaction.set_rollback(True)
    return moved


def _placed(reading: ImportReading, ground: ImportPlaces) -> Iterator[tuple[ImportLine, Floor, str]]:
    """The rows whose floor exists or can be created, each with its full code; each code once."""
    rows: dict[str, int] = {}
    refused = reading.refused
    for line in reading.lines:
        if line.row in refused and not line.names_its_place(reading.columns):
            continue
        try:
            floor = ground.floor_of(line)
            code = ground.code_of(line, floor)
        except ValidationError as error:
            _report_error(reading, line, error)
            continue
        if code in rows:
            message = _("%(code)s is already in row %(row)s. Keep one of the two.")
            reading.refuse(line, "unit", "duplicate", message % {"code": code, "row": rows[code]})
            continue
        rows[code] = line.row
        if line.row not in refused:
            yield line, floor, code


def _plan_new(plan: Plan, line: ImportLine, floor: Floor, code: str) -> None:
    choices = plan.reading.choices
    facts = {"use": choices.use, "opens_on": choices.opens_on or _first_day(floor.building)} | line.facts
    if choices.area_source and "usable_area" in facts:
        facts = {"area_source": choices.area_source} | facts
    unit = Unit(floor=floor, code=code, **facts)
    if facts["use"] is None:
        plan.reading.refuse(line, "use", "use", _("The use is not given. Fill the cell."), ask="use")
    elif facts["opens_on"] is None:
        message = _("The building has no day from which it is ready, so it is not known from when the unit exists.")
        plan.reading.refuse(line, "opens_on", "opens_on", message, ask="opens_on")
    elif _is_valid(plan, line, unit, given={*facts, "code"}):
        plan.created.append(ImportEntry(line, unit, facts))


def _plan_known(plan: Plan, line: ImportLine, floor: Floor, unit: Unit) -> None:
    """Plan the update of a recorded unit. An empty cell changes nothing."""
    choices = plan.reading.choices
    if unit.closes_on is not None:
        message = _("%(unit)s existed up to and including %(day)s. Give the new room a code of its own.")
        plan.reading.refuse(line, "unit", "closed", message % {"unit": unit, "day": last_day(unit.closes_on)})
    elif unit.floor_id != floor.pk:
        message = _("%(unit)s is on floor %(floor)s on record. An import moves no unit: correct the row.")
        plan.reading.refuse(line, "floor", "moved", message % {"unit": unit, "floor": shown(unit.floor.label)})
    else:
        unit.floor = floor
        changed = units.differing(unit, line.facts, choices.validity)
        if choices.area_source and "usable_area" in changed:
            changed = {"area_source": choices.area_source} | changed
        then = Unit(floor=floor, code=unit.code, **{"use": unit.use} | line.facts)
        if _is_valid(plan, line, then, given=changed.keys()):
            (plan.updated if changed else plan.unchanged).append(ImportEntry(line, unit, changed))


def _is_valid(plan: Plan, line: ImportLine, unit: Unit, *, given: Collection[str]) -> bool:
    """Check the facts of a row by the model, and that no roof is among the rooms to let."""
    known = len(plan.reading.problems)
    try:
        unit.clean_fields(exclude={column.name for column in Unit._meta.fields} - set(given))
    except ValidationError as error:
        _report_error(plan.reading, line, error)
    if unit.use in LETTABLE_USES and line.texts & NOT_ROOMS:
        message = _("This reads as “%(word)s”, which is no room to let. Give it another use, such as ancillary.")
        params = {"word": min(line.texts & NOT_ROOMS), "unit": line.code}
        plan.reading.refuse(line, "use", "roof", message % params, ask="roof", **params)
    return len(plan.reading.problems) == known


def _report_error(reading: ImportReading, line: ImportLine, refusal: ValidationError) -> None:
    """Report an error of an action or a model at the cell it is about."""
    names = {"code": "unit"} | ({"height_m": "height_mm"} if "height_mm" in reading.columns.found else {})
    for name, (error, *_others) in refusal.error_dict.items():
        facts = error.params or {}
        if error.code == "reason":
            facts = {"ask": "reason", **facts}
        reading.refuse(line, names.get(name, name), error.code or "invalid", " ".join(error.messages), **facts)


def _first_day(building: Building) -> date | None:
    return building.ready_on and max(building.ready_on, FIRST)


def _refuse_problems(plan: Plan) -> None:
    if count := len(plan.reading.refused):
        message = ngettext(
            "%(count)s row is refused, so nothing was written.",
            "%(count)s rows are refused, so nothing was written.",
            count,
        )
        raise ValidationError(message % {"count": count}, code="refused")


def _write(plan: Plan, *, by: User | None, why: str, on: date, progress: Progress) -> None:
    """Write the plan. Errors of single rows are reported, and the caller rolls back."""
    for building in plan.buildings:
        places.add(building, by=by, why=why)
    for floor in plan.floors:
        floor.building = floor.building  # now that it has an id
        places.add(floor, by=by, why=why)
    # All at once: the batches would lock them one after another.
    lock_floors(entry.unit.floor.pk for entry in plan.entries)
    done, total = 0, len(plan.created) + len(plan.updated)
    for entries in batched(plan.created, STEP):
        for entry in entries:
            entry.unit.floor = entry.unit.floor
        units.add_many([entry.unit for entry in entries], by=by, why=why)
        done += len(entries)
        progress("write", done, total)
    for entry in plan.updated:
        try:
            units.update(entry.unit, by=by, why=why, on=on, validity=plan.reading.choices.validity, **entry.changed)
        except ValidationError as error:
            _report_error(plan.reading, entry.line, error)
        done += 1
        if done % STEP == 0:
            progress("write", done, total)
    plan.updated = [entry for entry in plan.updated if entry.line.row not in plan.reading.refused]


def _remarks(plan: Plan) -> Iterator[ImportRemark]:
    reading = plan.reading
    for name, zeros in filter(itemgetter(1), reading.zeros.items()):
        yield ImportRemark("zero", tuple(zeros), _("%(field)s 0 is taken as not recorded.") % {"field": name})
    for word, unknown in filter(itemgetter(1), reading.unknown_uses.items()):
        params = {"word": word, "use": reading.choices.use}
        yield ImportRemark("use", tuple(unknown), _("The use “%(word)s” is not known; taken as %(use)s.") % params)
    by_floor: dict[str, list[ImportLine]] = {}
    for line in reading.lines:
        by_floor.setdefault(line.floor, []).append(line)
    for label, lines in by_floor.items():
        rows = tuple(line.row for line in lines)
        if NOT_STOREYS.search(label.casefold()):
            message = _("“%(floor)s” does not read as a storey. Are its rooms in the building?")
            yield ImportRemark("storey", rows, message % {"floor": shown(label)})
            continue
        for line in lines:
            if line.texts & NOT_ROOMS:
                message = _("%(unit)s reads as “%(word)s” but is filed on “%(floor)s” with %(area)s m².")
                params = {"unit": line.code, "word": min(line.texts & NOT_ROOMS), "floor": shown(label)}
                params["area"] = line.facts.get("usable_area", "–")
                yield ImportRemark("roof", (line.row,), message % params)
    yield from _remarks_on_areas(plan)


def _remarks_on_areas(plan: Plan) -> Iterator[ImportRemark]:
    lines = plan.reading.lines
    both = [line.facts["gross_area"] == line.facts.get("usable_area") for line in lines if "gross_area" in line.facts]
    if len(both) > 1 and all(both):
        message = _(
            "Gross and usable area are equal in every row: the file has one area, not two. Leave out the wrong one."
        )
        yield ImportRemark("one_area", (), message, ask="one_area")
    for item, found in totals.disagreements(plan.reading.items):
        message = _("The total “%(word)s” says %(area)s m², and the rows that it adds up hold %(sum)s m²: one of both "
                  "is wrong, or rows are missing.")  # fmt: skip
        params = {"word": shown(item.total), "area": plain_area(item.area), "sum": plain_area(found)}
        yield ImportRemark("total", (item.row,), message % params)
    if missing := tuple(line.row for line in lines if "usable_area" not in line.facts):
        yield ImportRemark("no_area", missing, _("The usable area is not recorded: these rooms count in no total."))
    buildings = {entry.unit.floor.building.pk for entry in plan.entries} - {None}
    on_record = Unit.objects.filter(closes_on=None, floor__building__in=buildings).count()
    if others := on_record - len(plan.updated) - len(plan.unchanged):
        message = _("%(count)s units on record in these buildings are not in the file; they stay as they are.")
        yield ImportRemark("others", (), message % {"count": others})
