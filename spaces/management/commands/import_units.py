"""Import units from a CSV file or a workbook. Guide: docs/import.md."""

import csv
import os
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces.actions.import_sums import floor_sums
from spaces.actions.imports import Plan, apply, plan, rehearse
from spaces.importing import cells
from spaces.importing.reading import Hidden, ImportOptions, RowProblem
from spaces.importing.sheets import ENCODINGS, CellMark, read_sheet
from spaces.management import restated
from spaces.management.answers import answered
from spaces.management.arguments import day, pair, pattern
from spaces.models import Park, User
from spaces.models.codes import clean_code
from spaces.month_ledger import rebuilding
from spaces.states import AreaSource, Use
from spaces.values import clock, levels
from spaces.values.formulas import quoted
from spaces.values.numbers import COMMA, POINT, plain_area
from spaces.values.periods import Validity
from spaces.values.plain_text import shown

SHOWN = 40  # problems on the screen; --errors writes them all
VALUES = 3  # shown of each problem
SIGNS = {"point": POINT, "comma": COMMA}


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("Import units from a CSV file or a workbook: all of its rows, or none.")
        add = parser.add_argument
        add("file", type=Path)
        add("--park", required=True, metavar="CODE", help=_("the park, which exists"))
        add("--building", default="", metavar="CODE", help=_("the building of rows that name none"))
        add("--map", action="append", default=[], type=pair, metavar="FIELD=COLUMN", help=_("which column is which"))
        add("--ignore", action="append", default=[], metavar="COLUMN", help=_("a column that is not imported"))
        add("--floor", action="append", default=[], type=pair, metavar="LABEL=LEVEL", help=_("the level of a floor"))
        add("--floor-for-all", default="", metavar="LABEL", help=_("the floor of rows that name none"))
        add("--floor-in-code", action="append", default=[], type=pattern, metavar="PATTERN",
            help=_("where a room's code says its floor: F is the floor, # a digit, * anything"))  # fmt: skip
        add("--skip-floor", action="append", default=[], metavar="LABEL", help=_("leave out the rooms of a floor"))
        add("--skip-unit", action="append", default=[], metavar="ROOM", help=_("leave out one room"))
        add("--use", choices=Use.values, help=_("the use of rows that name none, or one that is not known"))
        add("--map-use", action="append", default=[], type=pair, metavar="WORD=USE",
            help=_("what a word in the column of uses means; * stands for any letters"))  # fmt: skip
        add("--unit-area", choices=["m2", "sqft"], default="m2", help=_("the unit of the areas"))
        add("--zero-as-unknown", action="store_true", help=_("a size of 0 means that it is not recorded"))
        add("--decimal", choices=SIGNS, default="", help=_("the sign before the decimals of an area"))
        add("--hidden-rows", choices=list(Hidden), help=_("import the rows that a workbook hides, or leave them out"))
        add("--fold-codes", action="store_true", help=_("3#-101 becomes the code 3-101, 103(东) becomes 103-东"))
        add("--numeric-codes", action="store_true", help=_("whole numbers in a workbook are room numbers"))
        add("--area-source", choices=AreaSource.values, help=_("where the areas are from"))
        add("--opens-on", type=day, metavar="DAY", help=_("from when new units exist (the building's ready day)"))
        days = parser.add_mutually_exclusive_group()
        days.add_argument("--from-day", type=day, metavar="DAY", help=_("from when another use or area holds (today)"))
        days.add_argument("--correct", action="store_true",
            help=_("another use or area was always so: correct the past, too (needs --why)"))  # fmt: skip
        add("--create", action="store_true", help=_("make buildings that are missing; floors always are"))
        add("--ready-on", type=day, metavar="DAY", help=_("the day from which new buildings are ready"))
        add("--sheet", default="", help=_("the sheet of a workbook"))
        add("--encoding", default="", choices=ENCODINGS, help=_("the encoding of a CSV file"))
        add("--why", default="", metavar="TEXT", help=_("the reason, kept with every change"))
        add("--by", default="", metavar="EMAIL", help=_("who imports; the system if left out"))
        add("--dry-run", action="store_true", help=_("say what would be written, and write nothing"))
        add("--errors", type=Path, metavar="FILE.csv", help=_("write the refused rows to this file, for correction"))
        add("--language", choices=[code for code, _name in settings.LANGUAGES], help=_("of the messages"))

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"] or language_of_the_shell()):
            try:
                self._import(options)
            except ValidationError as error:
                messages = [answered(each.messages[0], each.params) for each in error.error_list]
                raise CommandError("\n".join(messages)) from None

    def _import(self, options: dict[str, Any]) -> None:
        self.loud = options["verbosity"] > 1 or self.stderr.isatty()
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": file})
        if options["errors"] and (
            options["errors"].resolve() == file.resolve() or not options["errors"].parent.is_dir()
        ):
            raise CommandError(_("--errors needs another file than the list, in a folder that exists."))
        by = find_user(options["by"])
        park = find_park(options["park"], by)
        sheet = read_sheet(file, sheet=options["sheet"], encoding=options["encoding"])
        made = plan(sheet, park, choices_of(options), progress=self._progress)
        write = rehearse if options["dry_run"] else apply
        rebuilding.settle()  # else what other writes have moved would be told as moved by this one
        moved = []
        try:
            moved = write(made, by=by, why=options["why"], on=clock.today(), progress=self._progress)
        finally:
            self._report(made, sheet.how)
            if options["errors"] and made.problems:
                self._write_errors(options["errors"], made)
        for line in restated.lines(moved):
            self.stdout.write(line)
        self.stdout.write(_("Dry run: nothing was written.") if options["dry_run"] else _("Done."))

    def _progress(self, verb: str, done: int, total: int) -> None:
        if self.loud:
            message = (
                _("Row %(done)s of %(total)s read") if verb == "read" else _("Unit %(done)s of %(total)s written")
            )
            self.stderr.write(message % {"done": done, "total": total})

    def _report(self, made: Plan, how: str) -> None:
        say, reading = self.stdout.write, made.reading
        columns = reading.columns
        say(_("Read as %(how)s; header in row %(row)s.") % {"how": how, "row": columns.header + 1})
        pairs = [f"{shown(columns.titles[column])} → {name}" for name, column in columns.found.items()]
        say(_("Columns: %(pairs)s.") % {"pairs": ", ".join(pairs)})
        if columns.left_out:
            say(_("Not imported: %(titles)s.") % {"titles": ", ".join(map(shown, columns.left_out))})
        params = {
            "read": reading.read,
            "created": len(made.created),
            "updated": len(made.updated),
            "unchanged": len(made.unchanged),
            "refused": len(reading.refused),
            "skipped": len(reading.skipped),
        }
        say(_("%(read)s rows = %(created)s new + %(updated)s changed + %(unchanged)s unchanged + %(refused)s refused "
              "+ %(skipped)s left out.") % params)  # fmt: skip
        self._report_areas(made)
        for building in made.buildings:
            say(_("New building: %(code)s.") % {"code": shown(building.code)})
        for remark in made.remarks:
            message = answered(remark.message, {"ask": remark.ask})
            say(_("Note: %(message)s") % {"message": message} + row_ranges(remark.rows))
        for why in dict.fromkeys(reading.skipped.values()):
            rows = [row for row, said in reading.skipped.items() if said == why]
            say(_("Left out: %(why)s") % {"why": why} + row_ranges(rows))
        self._report_problems(made)

    def _report_areas(self, made: Plan) -> None:
        sums = floor_sums(made.entries)
        for each in sums:
            new = _(" (new)") if each.floor in made.floors else ""
            params = {
                "floor": shown(str(each.floor)),
                "level": each.floor.level,
                "rooms": each.rooms,
                "area": each.area,
            }
            message = ngettext(
                "%(floor)s, level %(level)s: %(rooms)s room, %(area)s m² of usable area",
                "%(floor)s, level %(level)s: %(rooms)s rooms, %(area)s m² of usable area",
                each.rooms,
            )
            finer = (
                _("; in the file %(exact)s m²") % {"exact": plain_area(each.exact)} if each.exact != each.area else ""
            )
            self.stdout.write("  " + message % params + finer + new)
        exact, area = sum((each.exact for each in sums), Decimal(0)), sum((each.area for each in sums), Decimal(0))
        if exact != area:
            message = _("Areas are rounded to 0.01 m² row by row, half up: %(area)s m² in all, where the file sums to "
                      "%(exact)s m² (difference %(difference)s).")  # fmt: skip
            params = {"area": area, "exact": plain_area(exact), "difference": f"{area - exact:+}"}
            self.stdout.write(message % params)

    def _report_problems(self, made: Plan) -> None:
        """Print each message about a column once, with its first values and all its rows."""
        same: dict[tuple[str, str, str], list[RowProblem]] = {}
        for problem in made.problems:
            column = problem.cell.rstrip("0123456789")
            message = answered(problem.message, problem.facts)
            same.setdefault((column, problem.title, message), []).append(problem)
        for (_column, title, message), found in list(same.items())[:SHOWN]:
            values = list(dict.fromkeys(problem.value for problem in found))
            listed = ", ".join(f"“{value}”" for value in values[:VALUES]) + (", …" if values[VALUES:] else "")
            where = f"{found[0].cell} {title} = {listed}" + _(": ") if found[0].cell else ""
            rows = [problem.row for problem in found]
            self.stdout.write(_("Refused: %(message)s") % {"message": where + message} + row_ranges(rows))
        if len(same) > SHOWN:
            more = _("… and %(count)s more. --errors FILE.csv writes them all.")
            self.stdout.write(more % {"count": len(same) - SHOWN})

    def _write_errors(self, target: Path, made: Plan) -> None:
        """Write the refused rows with their header and a last column of reasons, for Excel."""
        said: dict[int, list[str]] = {}
        for problem in made.problems:
            where = f"{problem.cell}: " if problem.cell else ""
            said.setdefault(problem.row, []).append(where + answered(problem.message, problem.facts))
        reading = made.reading
        with target.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*map(quoted, reading.columns.titles), _("problem")])
            for row, reasons in said.items():
                cell_texts = [cell_text(cell) for cell in reading.sheet.rows[row - 1]]
                cell_texts += [""] * (len(reading.columns.titles) - len(cell_texts))
                writer.writerow([*map(quoted, cell_texts), " ".join(reasons)])
        self.stdout.write(_("The refused rows are in %(file)s.") % {"file": target})


def choices_of(options: dict[str, Any]) -> ImportOptions:
    """The options as ImportOptions. Raises CommandError for an invalid use or level."""
    try:
        floors = {cells.plain(label): levels.parse(level) for label, level in options["floor"]}
        uses = {cells.plain(word): Use(use) for word, use in options["map_use"]}
    except ValueError as error:
        message = _("%(error)s: a level is a number such as 3, -1 or 1.5 for a mezzanine, a use one of %(uses)s.")
        raise CommandError(message % {"error": error, "uses": ", ".join(Use.values)}) from None
    return ImportOptions(
        building=options["building"],
        mapped=dict(options["map"]),
        ignored=tuple(options["ignore"]),
        use=Use(options["use"]) if options["use"] else None,
        uses=uses,
        floors=floors,
        skip_floors=frozenset(map(cells.plain, options["skip_floor"])),
        skip_units=frozenset(map(clean_code, options["skip_unit"])),
        square_feet=options["unit_area"] == "sqft",
        zero_as_unknown=options["zero_as_unknown"],
        numeric_codes=options["numeric_codes"],
        fold_codes=options["fold_codes"],
        decimal=SIGNS.get(options["decimal"], ""),
        hidden_rows=Hidden(options["hidden_rows"]) if options["hidden_rows"] else None,
        floor_for_all=options["floor_for_all"],
        floor_in_code=tuple(options["floor_in_code"]),
        area_source=AreaSource(options["area_source"]) if options["area_source"] else None,
        opens_on=options["opens_on"],
        create=options["create"],
        ready_on=options["ready_on"],
        validity=validity_of(options),
    )


def validity_of(options: dict[str, Any]) -> Validity:
    """For which days another use or area of a recorded unit is written."""
    return Validity.correction() if options["correct"] else Validity.from_day(options["from_day"] or clock.today())


def find_user(email: str) -> User | None:
    if not email:
        return None
    user = User.objects.filter(email=email.strip().casefold(), is_active=True).first()  # unique
    if user is None:
        raise CommandError(_("There is no active account %(email)s.") % {"email": shown(email)})
    return user


def find_park(code: str, by: User | None) -> Park:
    """The park, which the importing user must look after; the system may import into any."""
    park = Park.objects.filter(code=clean_code(code)).first()  # unique
    if park is None:
        raise CommandError(_("There is no park with the code %(code)s.") % {"code": shown(code)})
    if by is not None and not Park.objects.editable_by(by).filter(pk=park.pk).exists():
        message = _("%(user)s may not change %(park)s: that takes the role of its park manager or ecosystem officer.")
        raise CommandError(message % {"user": by.email, "park": park.code})
    return park


def language_of_the_shell() -> str:
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not spoken:
        return settings.LANGUAGE_CODE
    return "zh-hans" if spoken.startswith("zh") else "en"


def row_ranges(rows: Iterable[int]) -> str:
    """` (rows 2–5, 9)`; empty without rows."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1][1:] = [row]
        else:
            runs.append([row])
    ranges = ", ".join("–".join(map(str, run)) for run in runs)
    message = _(" (row %(rows)s)") if ranges.isdecimal() else _(" (rows %(rows)s)")
    return message % {"rows": ranges} if ranges else ""


def cell_text(cell: Any) -> str:
    return "" if isinstance(cell, CellMark) else cells.text(cell) if isinstance(cell, date | float) else str(cell)
