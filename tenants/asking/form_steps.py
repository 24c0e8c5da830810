"""Steps of the request form, their required fields and their progress."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models import SpaceRequest


class FormStep(models.TextChoices):
    """Steps in the order of the form; `Review.form_steps` holds these."""

    COMPANY = "company", _("Company")
    SPACE = "space", _("How much space")
    CONDITIONS = "conditions", _("Special conditions")
    TIME = "time", _("When and how long")
    UNITS = "units", _("Units in mind")
    FILES = "files", _("Papers")
    CONTACT = "contact", _("Contact person")


class Progress(models.TextChoices):
    NOT_STARTED = "not_started", pgettext_lazy("step", "Not started")
    IN_PROGRESS = "in_progress", pgettext_lazy("step", "In progress")
    DONE = "done", pgettext_lazy("step", "Done")


OPTIONAL = frozenset({FormStep.CONDITIONS, FormStep.UNITS, FormStep.FILES})
PLACE = "park"  # park or ecosystem: a request names one of them
NEEDED = {
    FormStep.SPACE: (PLACE, "use", "area_min", "area_max"),
    FormStep.TIME: ("needed_by", "months"),
    FormStep.CONTACT: ("contact_name", "contact_phone"),
}
ASKED = {
    FormStep.SPACE: ("use", "area", "area_min", "area_max", "people"),
    FormStep.CONDITIONS: (
        "height_m", "load_kg_m2", "power_kw", "water", "drainage", "gas", "ventilation", "freight_lift", "special",
    ),
    FormStep.TIME: ("needed_by", "months"),
    FormStep.CONTACT: ("contact_name", "contact_phone", "contact_email"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepProgress:
    step: FormStep
    progress: Progress
    optional: bool
    missing: tuple[str, ...]


def missing_fields(wanted: SpaceRequest) -> list[str]:
    """The fields that a request needs before it can be sent and does not have, in the order of the steps."""
    return [name for step in FormStep for name in missing_in(wanted, step)]


def missing_in(wanted: SpaceRequest, step: FormStep) -> tuple[str, ...]:
    """Those of one step."""
    return tuple(name for name in NEEDED.get(step, ()) if not _has(wanted, name))


def progress(wanted: SpaceRequest, *, units: int, files: int) -> list[StepProgress]:
    """The progress of each step. `units` and `files`: the numbers of each in the request."""
    counts = {FormStep.UNITS: units, FormStep.FILES: files}
    return [
        StepProgress(step, _state(wanted, step, counts.get(step, 0)), step in OPTIONAL, missing_in(wanted, step))
        for step in FormStep
    ]


def _state(wanted: SpaceRequest, step: FormStep, count: int) -> Progress:
    if step == FormStep.COMPANY:
        return Progress.DONE  # always done: only a registered company has requests
    begun = count > 0 or any(getattr(wanted, name) for name in ASKED.get(step, ()))
    if step in NEEDED and missing_in(wanted, step):
        return Progress.IN_PROGRESS if begun or step in wanted.opened else Progress.NOT_STARTED
    return Progress.DONE if begun or step in wanted.opened else Progress.NOT_STARTED


def _has(wanted: SpaceRequest, name: str) -> bool:
    if name == PLACE:
        return bool(wanted.park_id or wanted.ecosystem_id)
    return getattr(wanted, name) not in {None, ""}
