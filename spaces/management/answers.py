"""Options of the command that answer questions of an import, by question key. See spaces/importing/questions.py."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ANSWERS = {
    "header": gettext_lazy("Say which column is which: --map unit=…"),
    "twice": gettext_lazy("Say which: --map %(field)s=…"),
    "two_heights": gettext_lazy("Leave one out with --ignore."),
    "no_floor": gettext_lazy(
        "Say which: --map floor=…, or where the code of a room says it: --floor-in-code F##, or that all are on one: "
        "--floor-for-all 3."
    ),
    "no_unit": gettext_lazy("Say which: --map unit=…"),
    "unit_area": gettext_lazy("Say --unit-area sqft, and it is converted."),
    "unit_twice": gettext_lazy("Leave out --unit-area sqft, or correct the unit."),
    "unit_unknown": gettext_lazy('Convert it to m² or square feet, or leave the column out: --ignore "%(title)s".'),
    "sheets": gettext_lazy("Name one with --sheet."),
    "encoding": gettext_lazy("Say it with --encoding."),
    "hidden": gettext_lazy("--hidden-rows take imports them, --hidden-rows leave does not."),
    "decimal": gettext_lazy("Say which: --decimal comma or --decimal point."),
    "numeric_codes": gettext_lazy("If the numbers are right, add --numeric-codes."),
    "fold_codes": gettext_lazy("--fold-codes does so for the whole file."),
    "height_mm": gettext_lazy("Millimetres are --map height_mm=COLUMN."),
    "zero": gettext_lazy("--zero-as-unknown takes every 0 as not recorded."),
    "map_use": gettext_lazy('Say what it is: --map-use "%(word)s=office", or give all such rows one: --use office.'),
    "use": gettext_lazy("Or give all such rows one: --use office."),
    "opens_on": gettext_lazy("Say it: --opens-on DAY."),
    "roof": gettext_lazy("Say so with --map-use, or leave it out: --skip-unit %(unit)s."),
    "level": gettext_lazy('Say it: --floor "%(floor)s=1", or leave its rooms out: --skip-floor "%(floor)s".'),
    "no_building": gettext_lazy("Name one for all such rows: --building CODE."),
    "create": gettext_lazy("That is --create --ready-on DAY."),
    "ready_on": gettext_lazy("Say it: --ready-on 2024-10-31."),
    "reason": gettext_lazy("Say it with --why."),
    "one_area": gettext_lazy("That is --ignore COLUMN."),
}


def answered(message: str, facts: Mapping[str, Any] | None) -> str:
    """The message of a question, followed by the options that answer it."""
    facts = facts or {}
    ask = facts.get("ask", "")
    if ask == "basis":
        title = facts["title"]
        maps = " / ".join(f'--map {field}="{title}"' for field in facts["fields"])
        hint = _('Say it: %(maps)s, or drop it: --ignore "%(title)s".') % {"maps": maps, "title": title}
    elif ask in ANSWERS:
        hint = str(ANSWERS[ask]) % facts
    else:
        return message
    return f"{message} {hint}"
