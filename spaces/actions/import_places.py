"""Building and floor of a row of a list: found in the register, or created if the options allow it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.actions.writing import refusal
from spaces.importing import cells
from spaces.importing.questions import question
from spaces.importing.reading import ImportLine, ImportOptions
from spaces.models import Building, Floor, Park
from spaces.models.codes import building_code, unit_code
from spaces.values import levels
from spaces.values.levels import Level
from spaces.values.plain_text import shown


class ImportPlaces:
    """The buildings and floors of a park: those on record and those to be created for the rows so far."""

    def __init__(self, park: Park, choices: ImportOptions) -> None:
        self.park, self.choices = park, choices
        self.new_buildings: list[Building] = []
        self.new_floors: list[Floor] = []
        self.paths = {building_code(building) for building in Building.objects.select_related("park")}
        self._buildings: dict[str, list[Building]] = {}
        self._floors: dict[tuple[str, Level], Floor] = {}
        self._labels: dict[tuple[str, str], list[Floor]] = {}
        for building in park.buildings.order_by("pk"):
            building.park = park
            self._know_building(building)
            for floor in building.floors.order_by("level"):
                floor.building = building
                self._know_floor(floor)

    def floor_of(self, line: ImportLine) -> Floor:
        """The floor of a row. Raises ValidationError by field, with the code building, floor or ready_on."""
        building = self._building_of(line)
        by_label = self._labelled(building, line.floor)
        said = line.level if line.level is not None else self.choices.floors.get(cells.plain(line.floor))
        if by_label and said not in (None, by_label.level):
            message = _("Floor “%(floor)s” is level %(known)s, and this row says level %(said)s.")
            params = {"floor": shown(line.floor), "known": by_label.level, "said": said}
            raise refusal("floor", message % params, "floor")
        if by_label:
            return by_label
        level = levels.of_label(line.floor) if said is None else said
        if level is None:
            message = _("The level of this floor can't be determined.")
            raise _asked("floor", "floor", message, ask="level", floor=shown(line.floor))
        return self._floors.get((building.code, level)) or self._make_floor(building, level, line)

    def code_of(self, line: ImportLine, floor: Floor) -> str:
        """The full code of a room. A room that carries the path of another building is refused (`building`)."""
        path = building_code(floor.building)
        parts = line.code.split("-")
        begun = {"-".join(parts[:end]) for end in range(1, len(parts))}
        if path not in begun and (begun & self.paths or line.code.startswith(f"{self.park.code}-")):
            message = _(
                "The code %(code)s belongs to another building than %(path)s. Correct the code or the building."
            )
            raise refusal("unit", message % {"code": shown(line.code), "path": path}, "building")
        return unit_code(floor.building, line.code)

    def _labelled(self, building: Building, label: str) -> Floor | None:
        """The floor of that label. Raises ValidationError if there are several."""
        found = self._labels.get((building.code, cells.plain(label)), [])
        if len(found) > 1:
            message = _("Several floors of %(building)s are labelled “%(floor)s”. Name the level.")
            params = {"building": building.code, "floor": shown(label)}
            raise refusal("floor", message % params, "floor")
        return found[0] if found else None

    def _building_of(self, line: ImportLine) -> Building:
        word = line.building or self.choices.building
        found = self._buildings.get(cells.plain(word), [])
        if len(found) > 1:
            message = _("“%(name)s” may be one of several buildings: %(codes)s. Name it by its code.")
            codes = [building.code for building in sorted(found, key=lambda building: building.code_order)]
            params = {"name": shown(word), "codes": ", ".join(codes)}
            raise refusal("building", message % params, "building")
        if found:
            return found[0]
        if not word:
            raise _asked("building", "building", _("The row names no building."), ask="no_building")
        if not self.choices.create:
            message = _("The park has no building “%(name)s”. Correct the name, or let the building be created.")
            raise _asked("building", "building", message, ask="create", name=shown(word))
        if self.choices.ready_on is None:
            raise _asked("building", "ready_on", _("A new building needs the day from which it is ready."))
        return self._make_building(word)

    def _make_building(self, word: str) -> Building:
        try:
            code = cells.code(word, numeric=False, fold=self.choices.fold_codes)
            building = Building(park=self.park, code=code, name=word)
            building.ready_on = self.choices.ready_on
            building.clean_fields(exclude={"park"})
        except ValidationError as error:
            facts = {} if hasattr(error, "error_dict") else error.params or {}
            raise _asked("building", "building", " ".join(error.messages), **facts) from None
        self.new_buildings.append(building)
        self._know_building(building)
        return building

    def _make_floor(self, building: Building, level: Level, line: ImportLine) -> Floor:
        floor = Floor(building=building, level=level, label=line.floor or str(level))
        try:
            floor.clean_fields(exclude={"building"})
        except ValidationError as error:
            raise refusal("floor", " ".join(error.messages), "floor") from None
        self.new_floors.append(floor)
        self._know_floor(floor)
        return floor

    def _know_building(self, building: Building) -> None:
        for word in {cells.plain(building.code), cells.plain(building.name)}:
            self._buildings.setdefault(word, []).append(building)

    def _know_floor(self, floor: Floor) -> None:
        self._floors[floor.building.code, floor.level] = floor
        self._labels.setdefault((floor.building.code, cells.plain(floor.label)), []).append(floor)


def _asked(field: str, code: str, message: str, /, **facts: Any) -> ValidationError:
    return ValidationError({field: question(code, message, **facts)})
