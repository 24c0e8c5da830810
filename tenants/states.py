"""States that a person decides, with their allowed moves, and the other choices of renting."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Moves(models.TextChoices):
    """A stored state. `moves` of a subclass: state -> the states it can become; one without an entry is final."""

    @property
    def next_states(self) -> set[str]:
        moves: dict[str, set[str]] = getattr(type(self), "moves")  # noqa: B009 it stands in the subclasses
        return moves.get(self.value, set())

    def can_become(self, new: str) -> bool:
        return str(new) in self.next_states


class RequestState(Moves):
    DRAFT = "draft", pgettext_lazy("request", "Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for changes")
    IN_REVIEW = "in_review", _("In review")
    ADMITTED = "admitted", _("Admitted")
    OFFERED = "offered", _("Offer sent")
    ACCEPTED = "accepted", _("Accepted, to be signed")
    LEASED = "leased", pgettext_lazy("request", "Signed")
    REJECTED = "rejected", _("Not approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")

    moves = nonmember(
        {
            "draft": {"submitted", "withdrawn"},
            "submitted": {"in_review", "returned", "rejected", "withdrawn"},
            "returned": {"submitted", "withdrawn", "lapsed"},
            "in_review": {"admitted", "returned", "rejected", "withdrawn"},
            "admitted": {"offered", "rejected", "withdrawn", "lapsed"},
            "offered": {"accepted", "admitted", "withdrawn"},
            "accepted": {"leased", "admitted", "withdrawn"},
        }
    )


class OfferState(Moves):
    SENT = "sent", _("Offer sent")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    moves = nonmember({"sent": {"accepted", "declined", "withdrawn"}, "accepted": {"withdrawn"}})


class LeaseState(Moves):
    DRAFT = "draft", pgettext_lazy("lease", "Draft")
    SIGNED = "signed", pgettext_lazy("lease", "Signed")
    ENDED = "ended", pgettext_lazy("lease", "Ended")

    moves = nonmember({"draft": {"signed", "ended"}, "signed": {"ended"}})


class MemberRole(models.TextChoices):
    OWNER = "owner", _("Company owner")
    MEMBER = "member", _("Company member")


class RequestKind(models.TextChoices):
    NEW = "new", _("First space")
    EXPANSION = "expansion", _("Expansion")
    RELOCATION = "relocation", _("Relocation")


class Decision(models.TextChoices):
    PASSED = "passed", _("Passed")
    RETURNED = "returned", _("Returned for changes")
    REJECTED = "rejected", _("Not approved")


class FormedBy(models.TextChoices):
    """How a company emerged from research."""

    EQUITY = "equity", _("Technology valued as equity")
    LICENCE = "licence", _("Technology licensed")
    STAFF = "staff", _("Founded by staff or students")
    OTHER = "other", pgettext_lazy("formed by", "Other")


class Basis(models.TextChoices):
    """Basis of a contracted area; the two are never summed together."""

    USABLE = "usable", _("Usable area")
    GROSS = "gross", _("Gross area")


class RentUnit(models.TextChoices):
    PER_DAY = "m2_day", _("yuan/m²/day")
    PER_MONTH = "m2_month", _("yuan/m²/month")


class LeaseIntent(models.TextChoices):
    """Intention of a company for its lease; the park acts on it."""

    RENEW = "renew", _("Renew")
    LEAVE = "leave", _("Leave")


class LeaseStatus(models.TextChoices):
    """Status of a lease on a day, from its stored state and its dates."""

    DRAFT = "draft", pgettext_lazy("lease", "Draft")
    PENDING = "pending", pgettext_lazy("lease", "Pending")
    ACTIVE = "active", pgettext_lazy("lease", "Active")
    ENDING = "ending", _("Ending soon")
    HOLDOVER = "holdover", _("Holdover")
    RENEWED = "renewed", _("Renewed")
    ENDED = "ended", pgettext_lazy("lease", "Ended")
    EARLY = "early", _("Ended early")
    NOT_SIGNED = "not_signed", _("Never signed")


class EndReason(models.TextChoices):
    EXPIRED = "expired", _("Ran out")
    EARLY = "early", _("Ended early")
    RENEWED = "renewed", _("Renewed")
    NOT_SIGNED = "not_signed", _("Never signed")


class Scenario(models.TextChoices):
    """What a forecast takes the leases to do that end between today and its day."""

    NONE = "none", _("Nothing renews")
    ALL = "all", _("All renew")
    OBSERVED = "observed", _("Renewal at the observed rate")


class ItemOwner(models.TextChoices):
    """The side responsible for an item of a checklist."""

    PARK = "park", pgettext_lazy("owner", "Park")
    COMPANY = "company", pgettext_lazy("owner", "Company")


class HandoverKind(models.TextChoices):
    MOVE_IN = "move_in", _("Move-in")
    MOVE_OUT = "move_out", _("Move-out")


class Proof(models.TextChoices):
    """Proof that an item of a checklist needs."""

    TICK = "tick", _("a tick")
    READING = "reading", _("a meter reading")
    FILE = "file", _("a file")


class ExitReason(models.TextChoices):
    GRADUATED = "graduated", _("Graduated")
    MOVED = "moved", _("Moved away")
    CLOSED = "closed", _("Closed or deregistered")
    EVICTED = "evicted", _("Ended by the park")


class Criterion(models.TextChoices):
    """Criteria of graduation, of which one is needed: 国科发区〔2018〕300号, article 9."""

    HIGH_TECH = "high_tech", _("Recognised as a high-tech enterprise")
    VENTURE_CAPITAL = "venture_capital", _("Venture capital above 5 million yuan")
    REVENUE = "revenue", _("Two-year revenue above 10 million yuan")
    ACQUIRED = "acquired", _("Merged, acquired or listed")


class TenureRule(models.TextChoices):
    """Rule for the limit of an incubation in months; the label states its source."""

    GENERAL = "N18-12", _("48 months: national incubator rules of 2018, article 8(3)")
    LONG_CYCLE = "N18-12b", _("60 months: biomedicine, modern agriculture, integrated circuits (not verified)")
    MAKER_SPACE = "Z17-4", _("24 months: maker spaces (not verified nationally)")

    months = nonmember({"N18-12": 48, "N18-12b": 60, "Z17-4": 24})


class Topic(models.TextChoices):
    """Topic of a notice. Duties, which have a due date, are always mailed; the others by the reader's settings."""

    DUTY = "duty", _("What you have to do")
    REQUESTS = "requests", _("News of requests and offers")
    LEASES = "leases", _("News of leases, handovers and graduations")
    MESSAGES = "messages", _("Messages on requests")
    DIGEST = "digest", _("The weekly summary")
