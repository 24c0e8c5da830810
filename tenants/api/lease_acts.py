"""What a park does with a lease, and what its company may ask."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from spaces.api.parameters import Day
from spaces.models import Unit
from tenants.actions import leases as actions
from tenants.api.confirmations import ConfirmableBody, Confirmed
from tenants.api.leases import LeaseNoun
from tenants.api.offers import Money
from tenants.api.request_acts import Why
from tenants.api.writes import Body, Lines, Named, Verb
from tenants.models import Lease
from tenants.rights import LEASE
from tenants.states import LeaseIntent, RentUnit


class LeaseVerb(LeaseNoun, Verb):
    pass


class SignBody(ConfirmableBody):
    signed_on = Day()


class Sign(Confirmed, LeaseVerb):
    """The draft becomes a contract; its move-in checklist opens."""

    roles = LEASE["sign"]
    body = SignBody

    def act(self, row: Lease, data: dict[str, Any]) -> Lease:
        return actions.sign(row, signed_on=data["signed_on"], by=self.user, on=self.today)


class Discard(LeaseVerb):
    """A draft that is not going to be signed."""

    roles = LEASE["discard"]
    body = Why

    def act(self, row: Lease, data: dict[str, Any]) -> Lease:
        return actions.discard(row, why=data["why"], by=self.user, on=self.today)


class IntentBody(Body):
    intent = serializers.ChoiceField(choices=LeaseIntent.choices)
    note = Lines(max_length=500, required=False, default="", allow_blank=True)


class StateIntent(LeaseVerb):
    """The company says what it wishes; the park acts on it."""

    roles = LEASE["ask"]
    body = IntentBody

    def act(self, row: Lease, data: dict[str, Any]) -> Lease:
        return actions.ask(row, by=self.user, on=self.today, **data)


class NoticeBody(Why):
    ends_on = Day(help_text=gettext_lazy("Exclusive: the first day without the lease."))


class GiveNotice(LeaseVerb):
    """Notice was given; the move-out checklist opens. The units stay taken until their keys are back."""

    roles = LEASE["notice"]
    body = NoticeBody

    def act(self, row: Lease, data: dict[str, Any]) -> Lease:
        return actions.give_notice(row, by=self.user, on=self.today, **data)


class RenewBody(ConfirmableBody):
    ends_on = Day(help_text=gettext_lazy("Exclusive."))
    signed_on = Day()
    rent_rate = Money()
    rent_unit = serializers.ChoiceField(choices=RentUnit.choices, required=False)


class Renew(Confirmed, LeaseVerb):
    """A new lease follows this one on the same units; it is the answer."""

    roles = LEASE["renew"]
    body = RenewBody
    status = 201

    def act(self, row: Lease, data: dict[str, Any]) -> Lease:
        return actions.renew(row, by=self.user, on=self.today, **data)

    def answer(self, row: Lease) -> tuple[dict[str, Any], dict[str, str]]:
        answer, headers = super().answer(row)
        return answer, headers | {"Location": f"/api/v1/leases/{row.number}/"}


class RelocateBody(Why):
    unit = serializers.CharField(max_length=80, help_text=gettext_lazy("The unit that is left."))
    to = Named(Unit.objects.select_related("floor__building"), help_text=gettext_lazy("The unit that is moved into."))


class Relocate(LeaseVerb):
    """The company moves today, in one act: the old unit is given back, the new one is moved into."""

    roles = LEASE["relocate"]
    body = RelocateBody

    def act(self, row: Lease, data: dict[str, Any]) -> Lease:
        taken = row.lines.not_handed_back()
        line = taken.filter(unit__code=data["unit"]).select_related("lease").first()
        if line is None:
            message = _("“%(value)s” is no unit that this lease takes.") % {"value": data["unit"]}
            raise ValidationError({"unit": ErrorDetail(message, "unknown")})
        actions.relocate(line, data["to"], by=self.user, why=data["why"], on=self.today)
        return row
