"""A DXF drawing of a floor: upload, choice of how to read it, and takeover into the register in one transaction.

All raise ValidationError with the rule's code: those of `spaces.dxf.upload`, quota, layer, unit, label, blocked,
nothing, stale, use, opens_on, version, scale, doubt, and the codes of `units` and `plans`.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from spaces.actions import floorplans, units
from spaces.actions.locks import lock_floors, lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import change, create, refusal, remove
from spaces.changes.versions import Seen, as_seen, refuse_changed
from spaces.dxf import alignment
from spaces.dxf.comparison import DrawingComparison, compare
from spaces.dxf.drawn_rooms import DrawnRoom
from spaces.dxf.length_units import unit_of
from spaces.dxf.messages import message as problem_message
from spaces.dxf.outlines import same
from spaces.dxf.upload import read_drawing
from spaces.models import Change, Drawing, Floor, FloorPlan, Unit, User
from spaces.states import AreaSource
from spaces.values import clock, plain_text

KEPT = timedelta(days=1)
MOST_A_DAY = 100
MILLIMETRE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class DrawingChoice:
    """What is taken over from a drawing: all shapes; new units and areas for the codes in `units` and `areas`.

    `over`: a calibrated plan on whose picture the rooms are drawn; without it a version of `valid_from` is made.
    `unit_sure`: the unit of length is confirmed although the areas suggest another one.
    """

    units: Collection[str]
    areas: Collection[str]
    use: str
    opens_on: date | None
    valid_from: date
    over: FloorPlan | None
    unit_sure: bool = False


def send(floor: Floor, *, name: str, content: bytes, by: User) -> Drawing:
    """Read a DXF and store the result for a day, in place of the last one that `by` sent of this floor."""
    now = clock.now()
    _within_quota(by, now)  # before the file is read; again under the lock
    read = read_drawing(content)
    drawing = Drawing(
        floor=floor,
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=read,
        unit=unit_of(read),
        created_at=now,
        created_by=by,
    )
    with transaction.atomic():
        lock_floors([floor.pk])
        lock_row(by)
        _within_quota(by, now)
        clear(before=now - KEPT)
        for old in Drawing.objects.filter(floor=floor, created_by=by).select_related("floor__building"):
            remove(old, "remove", by=by, why="")
        create(drawing, "send", by=by)
    return drawing


def _within_quota(by: User, now: datetime) -> None:
    sent_today = Change.objects.filter(by=by, object_type=Drawing._meta.label_lower, verb="send", at__gte=now - KEPT)
    if sent_today.count() >= MOST_A_DAY:
        raise refusal("file", _("You have sent 100 drawings within a day. Go on tomorrow."), "quota")


@atomic_with_retry
def clear(*, before: datetime) -> int:
    """Remove drawings sent before a moment and not taken over; return their number."""
    old = list(Drawing.objects.sent_before(before).select_related("floor__building").order_by("pk"))
    for drawing in old:
        remove(drawing, "remove", by=None, why="")
    return len(old)


@atomic_with_retry
def choose(
    drawing: Drawing,
    *,
    layer: str,
    labels: str,
    unit: str,
    codes: Mapping[str, str],
    by: User,
    joined: bool = False,
    seen: Seen | None = None,
) -> Drawing:
    """Set how the drawing is read. Typed room numbers are kept as long as the layer stays."""
    row = _lock(drawing)
    names = [each["name"] for each in row.content["layers"]]
    for field, name in (("layer", layer), ("labels", labels)):
        if (name or field == "layer") and not any(same(name, each) for each in names):
            message = _("The drawing has no layer “%(layer)s”. It has: %(layers)s.")
            raise refusal(field, message % {"layer": name, "layers": ", ".join(names[:30])}, "layer")
    if not unit:
        message = _("The drawing does not state its unit of length. Choose it: it is never guessed.")
        raise refusal("unit", message, "unit")
    before = row.codes if same(layer, row.layer) else {}
    typed = {
        handle: plain_text.clean(label, lines=False) for handle, label in (before | {**codes}).items() if label.strip()
    }
    facts = {"layer": layer, "labels": labels, "unit": unit, "joined": joined, "codes": typed}
    change(row, "choose", by=by, **as_seen(row, seen, facts))
    return row


@atomic_with_retry
def take_over(
    drawing: Drawing, choice: DrawingChoice, *, by: User, why: str, on: date, seen: Seen | None = None
) -> FloorPlan:
    """Write shapes, new units and areas of a drawing, all or nothing; then delete the drawing."""
    (floor,) = lock_floors([drawing.floor_id])
    row = _lock(drawing)
    refuse_changed(row, seen)
    row.floor = floor
    compared = compare(row, on=on)
    if compared.blocked:
        raise refusal("layer", _("The drawing as a whole is wrong: see its problems above."), "blocked")
    if compared.doubt and not choice.unit_sure:
        raise refusal("unit_sure", problem_message(compared.doubt), "doubt")
    wanted = {room.code: room for room in compared.new if room.code in choice.units}
    pairs = {pair.unit.code: pair for pair in compared.pairs}
    if wanted.keys() != set(choice.units) or not pairs.keys() >= set(choice.areas):
        raise ValidationError(_("Someone else has just changed this."), code="stale")
    if not pairs and not wanted:
        raise refusal("units", _("No room is ticked and none is in the register: nothing to take over."), "nothing")
    rooms = {pair.unit.pk: pair.room for pair in pairs.values()}
    rooms |= {unit.pk: wanted[unit.code] for unit in _add_units(floor, wanted, choice, by=by, why=why)}
    for pair in [pairs[code] for code in sorted(choice.areas)]:
        facts: dict[str, Any] = {"usable_area": pair.room.area, "area_source": AreaSource.PREDICTED, "area_on": on}
        units.update(pair.unit, by=by, why=why, on=on, **facts)
    plan = _draw(row, compared, rooms, choice, by=by, why=why, on=on)
    remove(row, "take_over", by=by, why=why)
    return plan


def _lock(drawing: Drawing) -> Drawing:
    """Lock the drawing. Refused (stale) if it is gone, as for the second of two takeovers at once."""
    try:
        return lock_row(drawing)
    except Drawing.DoesNotExist:
        message = _("This drawing was taken over or deleted. Send it again.")
        raise ValidationError(message, code="stale") from None


def _add_units(
    floor: Floor, wanted: Mapping[str, DrawnRoom], choice: DrawingChoice, *, by: User, why: str
) -> list[Unit]:
    if not wanted:
        return []
    if not choice.use:
        raise refusal("use", _("Say what the new units may be used for."), "use")
    if choice.opens_on is None:
        raise refusal("opens_on", _("Say from which day the new units exist."), "opens_on")
    facts: dict[str, Any] = {"use": choice.use, "opens_on": choice.opens_on, "area_source": AreaSource.PREDICTED}
    rooms = sorted(wanted.items())
    made = [Unit(floor=floor, code=code, **facts | {"usable_area": room.area}) for code, room in rooms]
    units.add_many(made, by=by, why=why)
    return made


def _draw(
    drawing: Drawing,
    compared: DrawingComparison,
    rooms: Mapping[int, DrawnRoom],
    choice: DrawingChoice,
    *,
    by: User,
    why: str,
    on: date,
) -> FloorPlan:
    """Write the shapes of all rooms, in a new version or on the chosen picture."""
    if choice.over is None:
        sheet, frame = alignment.own_frame(compared.found.box)
        metres_wide = Decimal(sheet.wide).quantize(MILLIMETRE)
        facts: dict[str, Any] = {"frame": frame, "metres_wide": metres_wide, "note": drawing.name}
        plan = floorplans.add_version(drawing.floor, valid_from=choice.valid_from, by=by, **facts)
    else:
        plan = lock_row(choice.over)
        sheet = alignment.over(plan, rooms, compared.found)
    points = {pk: sheet.fractions(room) for pk, room in rooms.items()}
    floorplans.set_shapes(plan, points, by=by, on=on, why=why)
    return plan
