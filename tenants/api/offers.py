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
from spaces.api.representations import told
from spaces.models import Unit
from spaces.values.days import last_day
from tenants.actions import offers as actions
from tenants.actions.offers import MOST_UNITS
from tenants.api.request_acts import Why
from tenants.api.rows import UNITS, codes, columns_of, instant
from tenants.api.writes import Body, Lines, Named, One, Verb, Writing, named_in
from tenants.models import Offer, SpaceRequest
from tenants.rights import OFFER
from tenants.states import Basis, OfferState, RentUnit

COLUMNS = (
    "number", "request__number", "park__code", "state", "starts_on", "ends_on", "held_until", "rent_rate", "rent_unit",
    "basis", "deposit", "rent_free_months", "created_at", "decided_at", "version",
)  # fmt: skip
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


class OfferRow(serializers.Serializer[Any]):
    number = serializers.CharField(required=False)
    request = serializers.CharField(required=False)
    park = serializers.CharField(required=False)
    units = serializers.ListField(child=serializers.CharField(), required=False)
    state = serializers.ChoiceField(choices=OfferState.choices, required=False)
    lapsed = serializers.BooleanField(required=False, help_text=gettext_lazy("Sent, and its day has come."))
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, help_text=gettext_lazy("Exclusive."))
    last_day = serializers.DateField(required=False)
    held_until = serializers.DateField(required=False, help_text=gettext_lazy("Exclusive: answer before it."))
    last_held_day = serializers.DateField(required=False)
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
    lease = serializers.CharField(allow_null=True)
    created_by = serializers.CharField(allow_null=True)
    override = Lines(
        allow_null=True, allow_blank=True, help_text=gettext_lazy("Why a rule was passed over. null for the company.")
    )
    overridden = serializers.ListField(child=serializers.CharField(), allow_null=True)


class OfferNoun(Writing):
    objects = Offer.objects.select_related("request", "park", "created_by")
    detail = OfferDetail

    def tag(self, row: Any) -> str:
        return f'"offer-{row.number}-{row.version}"'

    def tell(self, row: Offer) -> dict[str, Any]:
        found = columns_of(row, ("lease__number", *COLUMNS))
        units = ",".join(row.lines.values_list("unit__code", flat=True))
        reads = readable(row, self.user)
        return {
            **self.written_row(found | {"units": units}),
            "terms": row.terms,
            "decline_reason": row.decline_reason,
            "visit_asked_at": instant(row.visit_asked_at),
            "lease": found["lease__number"],
            "created_by": row.created_by and row.created_by.name,
            "override": row.override if "override" in reads else None,
            "overridden": row.overridden if "overridden" in reads else None,
        }

    def written_row(self, found: dict[str, Any]) -> dict[str, Any]:
        """`OfferRow` as a plain dict."""
        return {
            "number": found["number"],
            "request": found["request__number"],
            "park": found["park__code"],
            "units": codes(found["units"]),
            "state": found["state"],
            "lapsed": found["state"] == OfferState.SENT and found["held_until"] <= self.day,
            "starts_on": told(found["starts_on"]),
            "ends_on": told(found["ends_on"]),
            "last_day": told(last_day(found["ends_on"])),
            "held_until": told(found["held_until"]),
            "last_held_day": told(last_day(found["held_until"])),
            "rent_rate": told(found["rent_rate"]),
            "rent_unit": found["rent_unit"],
            "basis": found["basis"],
            "deposit": told(found["deposit"]),
            "rent_free_months": found["rent_free_months"],
            "created_at": instant(found["created_at"]),
            "decided_at": instant(found["decided_at"]),
            "version": found["version"],
        }


class OfferBody(Body):
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


class OfferList(OfferNoun, Table):
    """Offers of own requests, of the parks one looks after, or all. POST holds the units and sends an offer."""

    http_method_names = ["get", "head", "post", "options"]
    query = table_query(OfferRow, ORDERS, MORE)
    row = OfferRow
    columns = (*COLUMNS, "units")
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
        return rows.filter(**{name: value for name, value in wanted.items() if value}).annotate(units=UNITS)

    def write(self, found: dict[str, Any]) -> dict[str, Any]:
        return self.written_row(found)

    def post(self, request: Request) -> Response:
        return self.carry_out(request)

    def found(self, **_key: Any) -> SpaceRequest:
        number = named_in(self.request.data, "request")
        return get_editable(SpaceRequest.objects, self.user, roles=OFFER["send"], number=number)

    def act(self, row: SpaceRequest, told: dict[str, Any]) -> Offer:
        told.pop("request")
        units = {unit.pk: unit for unit in told.pop("units")}
        return actions.send(row, list(units.values()), by=self.user, on=self.today, **told)

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

    def act(self, row: Offer, told: dict[str, Any]) -> Offer:  # noqa: ARG002
        actions.accept(row, by=self.user, on=self.today)
        return row


class DeclineBody(Body):
    reason = Lines(max_length=500)


class Decline(OfferVerb):
    """The company does not take it, and says why."""

    roles = OFFER["decline"]
    body = DeclineBody

    def act(self, row: Offer, told: dict[str, Any]) -> Offer:
        return actions.decline(row, reason=told["reason"], by=self.user, on=self.today)


class WithdrawOffer(OfferVerb):
    """The park takes an unanswered offer back."""

    roles = OFFER["withdraw"]
    body = Why

    def act(self, row: Offer, told: dict[str, Any]) -> Offer:
        return actions.withdraw(row, why=told["why"], by=self.user, on=self.today)


class Visit(OfferVerb):
    """The company would like to see the units."""

    roles = OFFER["visit"]

    def act(self, row: Offer, told: dict[str, Any]) -> Offer:  # noqa: ARG002
        return actions.ask_visit(row, by=self.user, on=self.today)
