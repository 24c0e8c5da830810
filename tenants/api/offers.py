"""Offers: units held for a request until a day, and the answers to them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import get_editable
from spaces.access.disclosure import readable
from spaces.api.parameters import Day, Number, Whole
from spaces.api.reads import Rows, Table, table_query
from spaces.api.table_fields import LastDay
from spaces.models import Unit
from tenants.actions import offers as actions
from tenants.actions.offers import MOST_UNITS
from tenants.api.confirmations import ConfirmableBody, Confirmed
from tenants.api.request_acts import Why
from tenants.api.unit_lists import Codes, unit_codes
from tenants.api.writes import Body, Lines, Named, One, Verb, Writing, named_in
from tenants.models import Offer, OfferLine, SpaceRequest
from tenants.models.offers import has_lapsed
from tenants.rights import OFFER
from tenants.states import Basis, OfferState, RentUnit

ORDERS: dict[str, tuple[str, ...]] = {
    f"{sign}{name}": (f"{sign}{name}",) for sign in ("", "-") for name in ("number", "held_until", "created_at")
}
MORE: dict[str, Any] = {
    "state": serializers.ChoiceField(choices=OfferState.choices, required=False),
    "request": serializers.CharField(required=False, max_length=20),
    "open": serializers.BooleanField(required=False, help_text=gettext_lazy("Sent, and not lapsed by as_of.")),
}


class Money(Number):
    """Yuan as a string with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=0, allow_null=True, required=False, **kwargs)


class Lapsed(serializers.BooleanField):
    """Whether an offer that was sent has lapsed by the day asked about."""

    columns = ("state", "held_until")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)

    def to_representation(self, value: Any) -> bool:
        state, held_until = value
        return has_lapsed(state, held_until, self.context["day"])


class OfferRow(serializers.Serializer[Any]):
    number = serializers.CharField(required=False)
    request = serializers.CharField(source="request.number", required=False)
    park = serializers.CharField(source="park.code", required=False)
    units = Codes(required=False)
    state = serializers.ChoiceField(choices=OfferState.choices, required=False)
    lapsed = Lapsed(required=False, help_text=gettext_lazy("Sent, and its day has come."))
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, help_text=gettext_lazy("Exclusive."))
    last_day = LastDay(source="ends_on", required=False)
    held_until = serializers.DateField(required=False, help_text=gettext_lazy("Exclusive: answer before it."))
    last_held_day = LastDay(source="held_until", required=False)
    rent_rate = Money()
    rent_unit = serializers.ChoiceField(choices=RentUnit.choices, required=False)
    basis = serializers.ChoiceField(choices=Basis.choices, required=False)
    deposit = Money()
    rent_free_months = serializers.IntegerField(required=False)
    created_at = serializers.DateTimeField(required=False)
    decided_at = serializers.DateTimeField(allow_null=True, required=False)
    version = serializers.IntegerField(required=False)


class OfferDetail(OfferRow):
    terms = Lines(allow_blank=True)
    decline_reason = serializers.CharField(allow_blank=True)
    visit_asked_at = serializers.DateTimeField(allow_null=True)
    lease = serializers.CharField(source="lease.number", allow_null=True)
    created_by = serializers.CharField(source="created_by.name", allow_null=True)
    override = Lines(
        allow_null=True, allow_blank=True, help_text=gettext_lazy("Why a rule was passed over. null for the company.")
    )
    overridden = serializers.ListField(child=serializers.CharField(), allow_null=True)


class OfferNoun(Writing):
    objects = Offer.objects.select_related("request", "park", "created_by")
    detail = OfferDetail

    def tag(self, row: Any) -> str:
        return f'"offer-{row.number}-{row.version}"'

    def representation(self, row: Offer) -> dict[str, Any]:
        units = ",".join(row.lines.values_list("unit__code", flat=True))
        hidden = {"override", "overridden"} - readable(row, self.user)
        return self.detail_of(row, {"units": units} | dict.fromkeys(hidden))


class OfferBody(ConfirmableBody):
    request = serializers.CharField(max_length=20, help_text=gettext_lazy("The number of an admitted request."))
    units = serializers.ListField(child=Named(Unit.objects.select_related("floor__building")), max_length=MOST_UNITS)
    starts_on = Day()
    ends_on = Day(help_text=gettext_lazy("Exclusive."))
    held_until = Day(help_text=gettext_lazy("Exclusive: the first day on which the units are free again."))
    rent_rate = Money()
    rent_unit = serializers.ChoiceField(choices=RentUnit.choices, required=False)
    basis = serializers.ChoiceField(choices=Basis.choices, required=False)
    deposit = Money()
    rent_free_months = Whole(min_value=0, max_value=36, required=False)
    terms = Lines(max_length=2000, allow_blank=True, required=False)
    override = Lines(
        max_length=500,
        allow_blank=True,
        required=False,
        help_text=gettext_lazy("Needed where the offer passes over a rule or an earlier request."),
    )


class OfferList(Confirmed, OfferNoun, Table):
    """Offers of own requests, of the parks one looks after, or all. POST holds the units and sends an offer."""

    http_method_names = ["get", "head", "post", "options"]
    query = table_query(OfferRow, ORDERS, MORE)
    row = OfferRow
    orders = ORDERS
    order = "-created_at"
    file = "offers"
    body = OfferBody
    status = 201
    versioned = False

    def rows(self) -> Rows:
        rows = Offer.objects.visible_to(self.request.user)
        if self.asked.get("open"):
            rows = rows.open_on(self.day)
        wanted = {"state": self.asked.get("state"), "request__number": self.asked.get("request")}
        asked = rows.filter(**{name: value for name, value in wanted.items() if value})
        return asked.annotate(units=unit_codes(OfferLine.objects.all(), "offer"))

    def post(self, request: Request) -> Response:
        return self.carry_out(request)

    def found(self, **_key: Any) -> SpaceRequest:
        number = named_in(self.request.data, "request")
        return get_editable(SpaceRequest.objects, self.user, roles=OFFER["send"], number=number)

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> Offer:
        data.pop("request")
        units = {unit.pk: unit for unit in data.pop("units")}
        return actions.send(row, list(units.values()), by=self.user, on=self.today, **data)

    def answer(self, row: Offer) -> tuple[dict[str, Any], dict[str, str]]:
        answer, headers = super().answer(row)
        return answer, headers | {"Location": f"/api/v1/offers/{row.number}/"}


class OfferOne(OfferNoun, One):
    """One offer."""


class OfferVerb(OfferNoun, Verb):
    pass


class Accept(OfferVerb):
    """The company takes it; `lease` names the draft that comes of it."""

    roles = OFFER["accept"]

    def act(self, row: Offer, data: dict[str, Any]) -> Offer:
        actions.accept(row, by=self.user, on=self.today)
        return row


class DeclineBody(Body):
    reason = Lines(max_length=500)


class Decline(OfferVerb):
    """The company does not take it, and says why."""

    roles = OFFER["decline"]
    body = DeclineBody

    def act(self, row: Offer, data: dict[str, Any]) -> Offer:
        return actions.decline(row, reason=data["reason"], by=self.user, on=self.today)


class WithdrawOffer(OfferVerb):
    """The park takes an unanswered offer back."""

    roles = OFFER["withdraw"]
    body = Why

    def act(self, row: Offer, data: dict[str, Any]) -> Offer:
        return actions.withdraw(row, why=data["why"], by=self.user, on=self.today)


class Visit(OfferVerb):
    """The company would like to see the units."""

    roles = OFFER["visit"]

    def act(self, row: Offer, data: dict[str, Any]) -> Offer:
        return actions.ask_visit(row, by=self.user, on=self.today)
