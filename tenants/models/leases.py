from datetime import date
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.models import Allocation, Park, Unit
from spaces.models.dated_facts import covering
from spaces.models.fields import AreaField, DayField, LineField, LinesField
from spaces.models.people import EDITORS, AnyUser, reads_all
from spaces.models.recorded import Recorded
from spaces.values.days import days_left, end_within, last_day
from tenants.models.companies import ANYONE_OF_IT, Company, Member
from tenants.models.offers import NOT_NEGATIVE, Offer
from tenants.states import Basis, EndReason, LeaseIntent, LeaseState, LeaseStatus, MemberRole, RentUnit

EXPIRING_DAYS = 90
LATE_MOVE_IN_DAYS = 30
REMINDER_DAYS = (30, 60, 90, 180)  # before the last day: reminders and the calendar feed


def in_building(code: str, path: str) -> Q:
    """Condition: the unit is in the building with this full code, such as HIT-01-A."""
    park, _dash, own = code.rpartition("-")
    return Q(**{f"{path}floor__building__park__code": park, f"{path}floor__building__code": own})


def taking(day: date, path: str = "") -> Q:
    """Lines that take their unit on the day: keys not back, the hold neither dropped nor lapsed."""
    at = f"{path}allocation__"
    lapsed = Q(**{f"{at}signed_on": None, f"{at}held_until__lte": day})
    return Q(**{f"{at}starts_on__isnull": False, f"{at}handed_back_on": None}) & ~lapsed


class LeaseQuerySet(models.QuerySet["Lease"]):
    def owned_by(self, user: AnyUser, roles: tuple[str, ...] = ANYONE_OF_IT) -> Self:
        return self.filter(company__in=Member.objects.in_force(user, roles).values("company"))

    def visible_to(self, user: AnyUser) -> Self:
        """Leases of the user's company, of the user's parks; all for officials and auditors."""
        if reads_all(user):
            return self
        own = self.model.objects.owned_by(user).values("pk")
        return self.filter(Q(pk__in=own) | Q(park__in=Park.objects.editable_by(user).values("pk")))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        if set(roles) <= set(MemberRole.values):
            return self.owned_by(user, roles)
        return self.filter(park__in=Park.objects.editable_by(user, roles).values("pk"))

    def in_force(self, day: date) -> Self:
        """Signed leases whose term covers the day; overdue ones are `overstayed`."""
        return self.filter(state=LeaseState.SIGNED, starts_on__lte=day, ends_on__gt=day)

    def ending(self, day: date, within: int) -> Self:
        """Signed leases not handed back, with a last day up to `within` days ahead; overdue ones first."""
        signed = self.filter(state=LeaseState.SIGNED, ends_on__lte=end_within(day, within))
        return signed.order_by("ends_on", "pk")

    def overstayed(self, day: date) -> Self:
        return self.filter(state=LeaseState.SIGNED, ends_on__lte=day)

    @staticmethod
    def status_is(status: str, day: date) -> Q:
        """`Lease.status` as SQL."""
        soon = end_within(day, EXPIRING_DAYS)
        signed = Q(state=LeaseState.SIGNED)
        later = Q(starts_on__gt=day)
        return {
            LeaseStatus.DRAFT: Q(state=LeaseState.DRAFT),
            LeaseStatus.HOLDOVER: signed & Q(ends_on__lte=day),
            LeaseStatus.PENDING: signed & later,
            LeaseStatus.ENDING: signed & ~later & Q(ends_on__gt=day, ends_on__lte=soon),
            LeaseStatus.ACTIVE: signed & ~later & Q(ends_on__gt=soon),
            LeaseStatus.RENEWED: Q(state=LeaseState.ENDED, end_reason=EndReason.RENEWED),
            LeaseStatus.ENDED: Q(state=LeaseState.ENDED, end_reason=EndReason.EXPIRED),
            LeaseStatus.EARLY: Q(state=LeaseState.ENDED, end_reason=EndReason.EARLY),
            LeaseStatus.NOT_SIGNED: Q(state=LeaseState.ENDED, end_reason=EndReason.NOT_SIGNED),
        }[LeaseStatus(status)]

    def with_area(self, day: date, building: str = "") -> Self:
        """Each with `area`: m2 of its lines (`with_line_area`) that take a unit on the day; None if none does.

        With the full code of a building only the units there. A subquery of each row, so that a page computes its own
        rows only.
        """
        lines = LeaseLine.objects.filter(lease=models.OuterRef("pk")).of_area(day, building)
        summed = lines.values("lease").annotate(whole=models.Sum("line_area"))
        return self.annotate(area=models.Subquery(summed.values("whole")))

    def in_order(self) -> Self:
        """Signed leases by their end, overdue ones first; then those that wait to be signed, then those over."""
        return self.order_by(InForceFirst("state"), "ends_on", "pk")


class InForceFirst(models.Func):
    """Sort key of a state. Without parameters, as an index of SQLite holds none."""

    template = "CASE %(expressions)s WHEN 'signed' THEN 0 WHEN 'draft' THEN 1 ELSE 2 END"
    output_field = models.SmallIntegerField()


class Lease(Recorded):
    """租约: the contract. Units, days and milestones are those of its allocations."""

    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "number", "company_id", "park_id", "offer_id", "renews_id", "state", "starts_on", "ends_on",
            "signed_on", "deposit", "rent_free_months", "intent", "intent_note", "intent_at", "notice_on", "ended_on",
            "end_reason", "sample", "version",
        ),
    }  # fmt: skip

    number = LineField(pgettext_lazy("serial", "number"), max_length=20, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="leases", verbose_name=_("company"))
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="+", verbose_name=_("park"))
    offer = models.OneToOneField(
        Offer, on_delete=models.PROTECT, null=True, related_name="lease", editable=False, verbose_name=_("offer")
    )
    renews = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="renewal", editable=False, verbose_name=_("renews")
    )
    state = models.CharField(_("state"), max_length=10, choices=LeaseState.choices, default=LeaseState.DRAFT)
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until (exclusive)"))
    signed_on = DayField(_("signed on"), null=True, blank=True)
    deposit = models.DecimalField(
        _("deposit (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    rent_free_months = models.PositiveSmallIntegerField(_("rent-free months"), default=0,
                                                        validators=[MaxValueValidator(36)])  # fmt: skip
    intent = models.CharField(_("what the company intends"), max_length=10, choices=LeaseIntent.choices, blank=True)
    intent_note = LinesField(_("note of the company"), max_length=500, blank=True)
    intent_at = models.DateTimeField(_("asked"), null=True, blank=True, editable=False)
    notice_on = DayField(_("notice given on"), null=True, blank=True)
    ended_on = DayField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=12, choices=EndReason.choices, blank=True)
    sample = models.BooleanField(_("sample data"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        indexes = [
            models.Index(fields=["state", "ends_on"], name="tenants_lease_ends"),
            models.Index(InForceFirst("state"), "ends_on", "id", name="tenants_lease_in_order"),
            models.Index(fields=["ends_on", "id"], name="tenants_lease_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LeaseState.values) & Q(end_reason__in=["", *EndReason.values]),
                name="tenants_lease_state_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="tenants_lease_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(state=LeaseState.DRAFT, signed_on=None)
                | Q(state=LeaseState.SIGNED, signed_on__isnull=False)
                | Q(state=LeaseState.ENDED),
                name="tenants_lease_signed_with_day",
                violation_error_message=_("A signed lease has the day of its signature."),
            ),
            models.CheckConstraint(
                condition=(~Q(state=LeaseState.ENDED) & Q(ended_on=None, end_reason=""))
                | (Q(state=LeaseState.ENDED, ended_on__isnull=False) & ~Q(end_reason="")),
                name="tenants_lease_ended_with_reason",
                violation_error_message=_("An ended lease has a day and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(deposit=None) | Q(deposit__range=(0, 10**11)),
                name="tenants_lease_money_range",
                violation_error_message=_("An amount runs from 0 to 100,000,000,000 yuan."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.park_id, None

    @property
    def last_day(self) -> date:
        return last_day(self.ends_on)

    def status(self, day: date) -> LeaseStatus:
        """The LeaseStatus on a day: the stored state, refined by the dates of a signed lease."""
        if self.state == LeaseState.DRAFT:
            return LeaseStatus.DRAFT
        if self.state == LeaseState.ENDED:
            by_reason = {
                EndReason.RENEWED: LeaseStatus.RENEWED,
                EndReason.EARLY: LeaseStatus.EARLY,
                EndReason.NOT_SIGNED: LeaseStatus.NOT_SIGNED,
            }
            return by_reason.get(EndReason(self.end_reason), LeaseStatus.ENDED)
        if self.ends_on <= day:
            return LeaseStatus.HOLDOVER
        if self.starts_on > day:
            return LeaseStatus.PENDING
        return LeaseStatus.ENDING if self.days_left(day) <= EXPIRING_DAYS else LeaseStatus.ACTIVE

    def days_left(self, day: date) -> int:
        """Days until its last day: 0 on that day, below 0 if overdue."""
        return days_left(self.ends_on, day)


class LeaseLineQuerySet(models.QuerySet["LeaseLine"]):
    def not_handed_back(self) -> Self:
        """Lines whose unit is with the tenant, or is to be."""
        return self.filter(allocation__handed_back_on=None, allocation__starts_on__isnull=False)

    def taking(self, day: date) -> Self:
        return self.filter(taking(day))

    def with_line_area(self, on: date) -> Self:
        """Each line with `line_area`: the contracted area, else the usable area of its unit on a day."""
        facts = models.FilteredRelation("unit__periods", condition=covering(on, "unit__periods__"))
        return self.annotate(facts=facts, line_area=Coalesce("contracted_area", "facts__usable_area"))

    def of_area(self, day: date, building: str = "") -> Self:
        """Lines whose unit counts for the area of their lease on a day; `building` narrows to its full code."""
        taken = self.with_line_area(day).filter(taking(day)).exclude(lease__state=LeaseState.ENDED)
        return taken.filter(in_building(building, "unit__")) if building else taken

    def in_building(self, code: str, day: date) -> Self:
        """Lines in a building, by its full code HIT-01-A: those that take a unit, and those of ended leases."""
        return self.filter(Q(lease__state=LeaseState.ENDED) | taking(day), in_building(code, "unit__"))

    def visible_to(self, user: AnyUser) -> Self:
        leases = Lease.objects.visible_to(user)
        return self.filter(lease__in=leases.values("pk")) if leases.query.where else self  # no list of all leases

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        return self.filter(lease__in=Lease.objects.editable_by(user, roles).values("pk"))


def contracted_area(unit: Unit, basis: str, *, on: date) -> Decimal | None:
    """The area of a unit that a lease from a day on counts, in m2; None where that area is not recorded."""
    facts = unit.facts_of(on)
    area: Decimal | None = facts.gross_area if basis == Basis.GROSS else facts.usable_area
    return area


class LeaseLine(Recorded):
    """A unit of a lease, its allocation, and the area and rent as signed, whatever the unit has later.

    The hold of a lease that was never signed may have been removed (see OfferLine); a signed allocation stays.
    """

    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "lease_id", "unit_id", "allocation_id", "contracted_area", "basis", "rent_rate", "rent_unit",
        ),
    }  # fmt: skip

    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, related_name="lines", verbose_name=_("lease"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    allocation = models.OneToOneField(
        Allocation, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("allocation")
    )
    contracted_area = AreaField(_("contracted area (m²)"), null=True, blank=True)
    basis = models.CharField(_("billed on"), max_length=10, choices=Basis.choices, default=Basis.USABLE)
    rent_rate = models.DecimalField(
        _("rent"), max_digits=14, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    rent_unit = models.CharField(_("rent unit"), max_length=10, choices=RentUnit.choices, default=RentUnit.PER_DAY)

    objects = LeaseLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a lease")
        verbose_name_plural = _("lines of a lease")
        constraints = [
            models.CheckConstraint(
                condition=Q(rent_rate=None) | Q(rent_rate__range=(0, 10**11)),
                name="tenants_line_money_range",
                violation_error_message=_("An amount runs from 0 to 100,000,000,000 yuan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lease} {self.unit}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.lease.park_id, self.unit_id
