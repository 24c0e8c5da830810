"""Choices of places and people: states of a unit, stages, uses, purposes, roles, review steps, kinds of mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitState(models.TextChoices):
    """State of a unit on a day, derived from dates and never stored. Order and rule: docs/definitions.md, "State"."""

    OCCUPIED = "occupied", _("Occupied")
    HOLDOVER = "holdover", _("Holdover")
    COMMITTED = "committed", _("Signed, not moved in")
    RESERVED = "reserved", _("Held")
    VACANT = "vacant", _("Vacant")
    OFFLINE = "offline", _("Out of service")
    COMMON = "common", _("Common or own use")
    UNBUILT = "unbuilt", _("Not ready yet")
    UNKNOWN = "unknown", _("Area unknown")


LETTABLE_STATES = (UnitState.OCCUPIED, UnitState.HOLDOVER, UnitState.COMMITTED, UnitState.RESERVED, UnitState.VACANT)


LEASED = (UnitState.OCCUPIED, UnitState.COMMITTED)  # by a signed tenancy
COVERED = (*LEASED, UnitState.RESERVED, UnitState.OFFLINE)  # by an allocation of the day


class Stage(models.TextChoices):
    """Stage of a building on a day, by its milestones."""

    PLANNED = "planned", _("Planned")
    CONSTRUCTION = "construction", _("Under construction")
    FITOUT = "fitout", _("Fitting out")
    READY = "ready", pgettext_lazy("building", "Ready")
    CLOSED = "closed", pgettext_lazy("building", "Closed")


class Use(models.TextChoices):
    OFFICE = "office", _("Office, R&D")
    LAB = "lab", _("Laboratory")
    PILOT = "pilot", _("Pilot-plant bay")
    FACTORY = "factory", _("Standard factory bay")
    DESK = "desk", _("Desk")
    PUBLIC_SERVICE = "public_service", _("Public service area")
    OWN_OFFICE = "own_office", _("Operator's own office")
    ANCILLARY = "ancillary", _("Ancillary rooms")


LETTABLE_USES = (Use.OFFICE, Use.LAB, Use.PILOT, Use.FACTORY, Use.DESK)


class ParkKind(models.TextChoices):
    INCUBATOR = "incubator", _("Incubator")
    MAKER_SPACE = "maker_space", _("Maker space")
    ACCELERATOR = "accelerator", _("Accelerator")
    SCIENCE_PARK = "science_park", _("Science park")
    INDUSTRIAL_PARK = "industrial_park", _("Industrial park")


class AreaSource(models.TextChoices):
    SURVEYED = "surveyed", _("Surveyed")
    PREDICTED = "predicted", _("Predicted")
    ESTIMATED = "estimated", _("Estimated")
    DECLARED = "declared", _("Declared")


class Purpose(models.TextChoices):
    TENANCY = "tenancy", _("Tenancy")
    OFFLINE = "offline", _("Out of service")


class Role(models.TextChoices):
    PARK_MANAGER = "park_manager", _("Park manager")
    ECOSYSTEM_OFFICER = "ecosystem_officer", _("Ecosystem officer")
    PROVINCIAL_OFFICIAL = "provincial_official", _("Provincial official")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System admin")


class ReviewStep(models.TextChoices):
    """Steps of a review, in the order in which a park may ask for them."""

    FIRST = "first", _("First review")
    EXPERT = "expert", _("Expert review")
    FINAL = "final", _("Final review")
    PUBLIC_NOTICE = "public_notice", _("Public notice")


class MailKind(models.TextChoices):
    """Kind of a message. It reveals nothing of the text, so that lists of messages may show it."""

    ACCOUNT = "account", _("Account")
    NOTICE = "notice", _("Notice")
    INVITATION = "invitation", _("Invitation")
