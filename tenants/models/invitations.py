from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spaces.models import User
from spaces.models.fields import MailField
from spaces.models.people import AnyUser
from spaces.models.recorded import Recorded
from tenants.models.companies import ANYONE_OF_IT, Company, Member
from tenants.states import MemberRole

GOOD_FOR = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(company__in=Company.objects.owned_by(user, ANYONE_OF_IT).values("pk"))

    def editable_by(self, user: AnyUser) -> Self:
        return self.filter(company__in=Company.objects.owned_by(user).values("pk"))

    def open(self) -> Self:
        """Invitations neither accepted nor withdrawn; some have expired."""
        return self.filter(ended_at=None)

    def with_holds(self, now: datetime) -> Self:
        """Each with `holds`: whether its link is valid at a moment. Its inviter must still be an owner."""
        owners = Member.objects.filter(role=MemberRole.OWNER, ended_on=None, user__is_active=True)
        still = owners.filter(company=OuterRef("company"), user=OuterRef("invited_by"))
        good = Q(ended_at=None, invited_at__gt=now - GOOD_FOR)
        return self.annotate(holds=ExpressionWrapper(good & Exists(still), models.BooleanField()))


class Invitation(Recorded):
    """An invitation into a company by mail. `ended_at`: accepted by `ended_by`, or withdrawn by an owner."""

    personal_fields = frozenset({"email"})
    read_by = {
        "visible_to": ("id", "company_id", "email", "role", "invited_at", "invited_by_id", "ended_at", "ended_by_id"),
    }  # fmt: skip

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("company")
    )
    email = MailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("invited by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("ended by")
    )

    holds: bool  # set by `with_holds`

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(ended_at=None),
                name="tenants_invitation_one_open",
                violation_error_message=_("This person is invited already."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=MemberRole.values),
                name="tenants_invitation_role_known",
                violation_error_message=_("This role is not known."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="tenants_invitation_ended_by_someone",
                violation_error_message=_("An end has a time and a person."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.company_id} {self.role}"

    @property
    def good_until(self) -> datetime:
        return self.invited_at + GOOD_FOR
