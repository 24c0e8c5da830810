"""Floor plans: versions, their pictures and scale, the shapes of the units, and which units are adjacent.

All raise ValidationError with the rule's code: file, picture, proportion, shape, floor, reason, scale, mixed.
Pictures are decoded and written before any transaction; if the rows are refused, the files are deleted.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import hypot
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions import adjacency
from spaces.actions.locks import lock_floors, lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import change, create, refusal, remove
from spaces.changes.versions import Seen, as_seen, refuse_changed
from spaces.geometry import corners
from spaces.models import Adjacency, Floor, FloorPlan, Unit, UnitShape, User
from spaces.models.floorplans import AdjacencySource
from spaces.sandbox import pictures
from spaces.sandbox.pictures import Picture
from spaces.values import clock

WIDTHS = (2400, 1600, 800)  # px, widest first: each is scaled from the one before
SAME_PROPORTION = 0.02
MILLIMETRE = Decimal("0.001")


def add_version(
    floor: Floor,
    *,
    valid_from: date,
    picture: bytes | Picture | None = None,
    frame: tuple[int, int] | None = None,
    metres_wide: Decimal | None = None,
    note: str = "",
    public: bool = False,
    by: User,
) -> FloorPlan:
    """Add a version: with a picture, or with the frame of a drawing only (width and height in its own units).

    A picture of the same proportions takes over the scale and the shapes of the version before it.
    """
    if picture is None and frame is None:
        raise refusal("picture", _("Choose the picture of the plan."), "picture")
    facts = {"floor": floor, "valid_from": valid_from, "metres_wide": metres_wide, "note": note, "public": public}
    stored = {} if picture is None else _store(picture if isinstance(picture, Picture) else decoded(picture))
    if frame is not None:
        stored |= {"width_px": frame[0], "height_px": frame[1]}
    plan = FloorPlan(**facts, **stored, created_at=clock.now(), created_by=by)
    try:
        _add(plan, by=by)
    except Exception:
        _discard(plan)
        raise
    return plan


@atomic_with_retry
def _add(plan: FloorPlan, *, by: User) -> None:
    lock_floors([plan.floor_id])
    earlier = FloorPlan.objects.filter(floor=plan.floor_id, valid_from__lt=plan.valid_from)
    before = earlier.order_by("-valid_from").first()
    alike = before is not None and plan.picture and _alike(before, plan)
    if before is not None and alike and plan.metres_wide is None:
        plan.metres_wide = before.metres_wide
    create(plan, "create", by=by)
    if before is not None and alike:
        drawn = before.shapes.select_related("unit").order_by("pk")
        _draw([UnitShape(plan=plan, unit=shape.unit, points=shape.points) for shape in drawn], by=by, why="")


def replace_picture(plan: FloorPlan, *, picture: bytes, by: User, why: str, seen: Seen | None = None) -> FloorPlan:
    """Replace the picture of a version by a better scan of the same drawing. The shapes stay."""
    clean = decoded(picture)
    _fits(plan, clean)
    if not why.strip():
        raise refusal("why", _("Another picture changes what the past looked like: give a reason."), "reason")
    stored = _store(clean)
    try:
        with transaction.atomic():
            lock_floors([plan.floor_id])
            row = lock_row(plan)
            refuse_changed(row, seen)
            _fits(row, clean)
            change(row, "change", by=by, why=why, **stored)
    except Exception:
        _discard(FloorPlan(**stored))
        raise
    return row


@atomic_with_retry
def publish(plan: FloorPlan, *, public: bool, by: User) -> FloorPlan:
    """Set whether companies see this version."""
    row = lock_row(plan)
    change(row, "change", by=by, public=public)
    return row


@atomic_with_retry
def calibrate(
    plan: FloorPlan,
    *,
    first: corners.Point,
    second: corners.Point,
    metres: Decimal,
    by: User,
    why: str = "",
    seen: Seen | None = None,
) -> FloorPlan:
    """Set the scale by two points of the picture (fractions) and the distance between them in metres."""
    lock_floors([plan.floor_id])
    row = lock_row(plan)
    across = (second[0] - first[0]) * row.width_px, (second[1] - first[1]) * row.height_px
    pixels = hypot(*across)
    if pixels < 1:
        raise refusal("second", _("The two points are the same. Choose two that lie far apart."), "scale")
    wide = (metres * row.width_px / Decimal(pixels)).quantize(MILLIMETRE)
    change(row, "calibrate", by=by, why=why, **as_seen(row, seen, {"metres_wide": wide}))
    adjacency.find(row, by=by)
    return row


@atomic_with_retry
def set_shapes(
    plan: FloorPlan,
    points: Mapping[int, Any],
    *,
    by: User,
    on: date,
    why: str = "",
    seen: Seen | None = None,
) -> None:
    """Set shapes: unit id -> corners, or None to remove the shape. Other units keep theirs.

    A shape of a version valid before `on` shows the past: changing it takes a reason.
    """
    lock_floors([plan.floor_id])
    plan = lock_row(plan)
    units = {unit.pk: unit for unit in Unit.objects.filter(floor=plan.floor_id, pk__in=points)}
    if points.keys() - units.keys():
        raise refusal("unit", _("This unit is not on the floor of the plan."), "floor")
    rings = {pk: None if ring is None else _ring(units[pk], ring) for pk, ring in points.items()}
    rows = plan.shapes.filter(unit__in=units).select_related("unit", "plan__floor__building").order_by("pk")
    drawn = {shape.unit_id: shape for shape in rows}
    for pk, ring in rings.items():
        shape = drawn.get(pk) or UnitShape(plan=plan, unit=units[pk], points=None)
        rings[pk] = as_seen(shape, seen, {"points": ring}).get("points", shape.points)
    moved = [shape for pk, shape in drawn.items() if shape.points != rings[pk]]
    if moved and plan.valid_from < on and not why.strip():
        raise refusal("why", _("A shape that is moved or taken away changes past pictures: give a reason."), "reason")
    fresh = [
        UnitShape(plan=plan, unit=units[pk], points=ring) for pk, ring in rings.items() if ring and pk not in drawn
    ]
    _draw(fresh, by=by, why=why)
    for shape in moved:
        if rings[shape.unit_id] is None:
            remove(shape, "remove", by=by, why=why)
        else:
            change(shape, "change", by=by, why=why, points=rings[shape.unit_id])
    adjacency.find(plan, by=by)


@atomic_with_retry
def set_adjacency(
    unit: Unit,
    other: Unit,
    *,
    connected: bool,
    by: User,
    why: str = "",
    source: AdjacencySource = AdjacencySource.PERSON,
) -> Adjacency:
    """Record whether two units of a floor can be let as one space, as set by a person or found from the shapes."""
    if unit.floor_id != other.floor_id:
        raise refusal("other", _("Adjacent units lie on one floor."), "mixed")
    lock_floors([unit.floor_id])
    first, second = sorted((unit, other), key=lambda each: each.pk)
    row = Adjacency.objects.filter(first=first, second=second).select_related("first__floor__building").first()
    if row is None:
        row = Adjacency(first=first, second=second, connected=connected, source=source)
        create(row, "create", by=by, why=why)
    else:
        change(row, "change", by=by, why=why, connected=connected, source=source)
    return row


def _draw(fresh: list[UnitShape], *, by: User, why: str) -> None:
    UnitShape.objects.bulk_create(fresh, batch_size=500)
    if fresh:
        changes.record_many(fresh, "create", by=by, why=why)


def _ring(unit: Unit, points: Any) -> list[list[float]]:
    try:
        return corners.clean(points)
    except ValidationError as error:
        message = _("%(unit)s: %(message)s") % {"unit": unit.code, "message": " ".join(error.messages)}
        raise refusal("points", message, "shape") from error


def _fits(plan: FloorPlan, picture: Picture) -> None:
    if not _alike(plan, picture):
        message = _("The new picture has other proportions than the old one, so the shapes would not fit. ")
        raise refusal("file", message + _("Add it as a new version instead."), "proportion")


def _alike(old: FloorPlan, new: FloorPlan | Picture) -> bool:
    width, height = (new.width_px, new.height_px) if isinstance(new, FloorPlan) else (new.width, new.height)
    return abs(old.width_px * height / (old.height_px * width) - 1) <= SAME_PROPORTION


def decoded(sent: bytes) -> Picture:
    """The uploaded picture, encoded anew; slow, so called before any transaction."""
    pictures.check_size(sent)
    if not pictures.kind_of(sent):
        raise pictures.refusal(_("Only PNG, JPEG and WebP are taken. Save the plan as PNG and send that."))
    return pictures.rewrite(sent, WIDTHS)


def _store(clean: Picture) -> dict[str, Any]:
    """Store the picture in its size and up to three smaller ones; returns the columns that describe it."""
    plan = FloorPlan()
    field = plan.picture
    field.save(f".{clean.ending}", ContentFile(clean.content), save=False)
    scaled = {min(width, clean.width): small for width, small in zip(WIDTHS, clean.scaled, strict=True)}
    plan.widths = sorted(scaled)
    try:
        for width, small in scaled.items():
            field.storage.save(plan.scaled(width), ContentFile(small))
    except OSError:
        _discard(plan)
        raise
    return {
        "picture": field.name,
        "widths": plan.widths,
        "sha256": hashlib.sha256(clean.content).hexdigest(),
        "width_px": clean.width,
        "height_px": clean.height,
    }


def _discard(plan: FloorPlan) -> None:
    if plan.picture:
        for name in (str(plan.picture), *(plan.scaled(width) for width in plan.widths)):
            plan.picture.storage.delete(name)
