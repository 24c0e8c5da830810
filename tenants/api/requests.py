"""Space requests as they are read: the queue, and one request with its way so far."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from spaces.access.disclosure import readable
from spaces.api.reads import Rows, Table, table_query
from spaces.api.representations import Area
from spaces.states import ReviewStep
from spaces.values import masks
from tenants.api.unit_lists import contact_sorted
from tenants.api.writes import Writing
from tenants.asking import reviews
from tenants.filters import RequestFilter
from tenants.leasing import contracts
from tenants.models import SpaceRequest
from tenants.models.requests import LETTABLE_USE_CHOICES
from tenants.states import Decision, RequestKind, RequestState

ORDERS: dict[str, tuple[str, ...]] = {
    f"{sign}{name}": (f"{sign}{name}",) for sign in ("", "-") for name in ("number", "submitted_at", "due_on")
}
MASKED = gettext_lazy("Masked for officials and auditors.")
STATE = {"state": serializers.ChoiceField(choices=RequestState.choices, required=False)}


class RequestRow(serializers.Serializer[Any]):
    number = serializers.CharField(required=False)
    company = serializers.CharField(source="company.number", required=False)
    company_name = serializers.CharField(source="company.name", required=False)
    kind = serializers.ChoiceField(choices=RequestKind.choices, required=False)
    park = serializers.CharField(source="park.code", allow_null=True, required=False)
    ecosystem = serializers.CharField(source="ecosystem.code", allow_null=True, required=False)
    use = serializers.ChoiceField(choices=LETTABLE_USE_CHOICES, allow_blank=True, required=False)
    area = Area(allow_null=True, required=False)
    area_min = Area(allow_null=True, required=False)
    area_max = Area(allow_null=True, required=False)
    needed_by = serializers.DateField(allow_null=True, required=False)
    months = serializers.IntegerField(allow_null=True, required=False)
    state = serializers.ChoiceField(choices=RequestState.choices, required=False)
    submitted_at = serializers.DateTimeField(allow_null=True, required=False)
    due_on = serializers.DateField(allow_null=True, required=False)
    officer = serializers.CharField(source="officer.name", allow_null=True, required=False)
    version = serializers.IntegerField(required=False)


class ReviewRow(serializers.Serializer[Any]):
    step = serializers.ChoiceField(choices=ReviewStep.choices)
    decision = serializers.ChoiceField(choices=Decision.choices)
    comment = serializers.CharField(allow_blank=True)
    form_steps = serializers.ListField(child=serializers.CharField())
    reviewed_at = serializers.DateTimeField()
    by = serializers.CharField(source="reviewed_by.name")


class MessageRow(serializers.Serializer[Any]):
    text = serializers.CharField()
    sent_at = serializers.DateTimeField()
    by = serializers.CharField(source="sent_by.name")


class RequestDetail(RequestRow):
    people = serializers.IntegerField(
        allow_null=True, help_text=gettext_lazy("null for a park that has not claimed the request, and for auditors.")
    )
    height_m = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    load_kg_m2 = serializers.IntegerField(allow_null=True)
    power_kw = serializers.IntegerField(allow_null=True)
    water = serializers.BooleanField()
    drainage = serializers.BooleanField()
    gas = serializers.BooleanField()
    ventilation = serializers.BooleanField()
    freight_lift = serializers.BooleanField()
    special = serializers.CharField(allow_blank=True)
    requested_units = serializers.ListField(child=serializers.CharField())
    contact_name = serializers.CharField(allow_blank=True, help_text=MASKED)
    contact_phone = serializers.CharField(allow_blank=True, help_text=MASKED)
    contact_email = serializers.CharField(allow_blank=True, help_text=MASKED)
    allowed = serializers.ListField(child=serializers.ChoiceField(choices=RequestState.choices))
    step = serializers.ChoiceField(
        choices=ReviewStep.choices, allow_null=True, help_text=gettext_lazy("The step of review that waits.")
    )
    queue_place = serializers.IntegerField(allow_null=True)
    reviews = ReviewRow(many=True)
    offers = serializers.ListField(child=serializers.CharField())
    lease = serializers.CharField(allow_null=True)
    messages = MessageRow(many=True, allow_null=True, help_text=gettext_lazy("null for officials and auditors."))
    internal_note = serializers.CharField(
        allow_blank=True, allow_null=True, help_text=gettext_lazy("null but for the people of the park and auditors.")
    )


class RequestNoun(Writing):
    objects = SpaceRequest.objects.select_related("company", "park", "ecosystem", "officer")
    detail: ClassVar[Any] = RequestDetail

    def tag(self, row: Any) -> str:
        return f'"request-{row.number}-{row.version}"'

    def representation(self, row: SpaceRequest) -> dict[str, Any]:
        reads = readable(row, self.user)
        near = reads >= masks.CONTACT
        computed = {
            "people": row.people if "people" in reads else None,
            "requested_units": list(row.requested_units.order_by("code_order").values_list("code", flat=True)),
            **masks.contact(row, near=near),
            "allowed": sorted(RequestState(row.state).next_states),
            "step": reviews.current_step(row),
            "queue_place": reviews.queue_place(row) if near else None,
            "reviews": row.reviews.select_related("reviewed_by").order_by("pk"),
            "offers": list(row.offers.order_by("pk").values_list("number", flat=True)),
            "lease": getattr(contracts.lease_of(row), "number", None),
            "messages": row.messages.select_related("sent_by").order_by("pk") if near else None,
            "internal_note": row.internal_note if "internal_note" in reads else None,
        }
        return contact_sorted(self.detail_of(row, computed))


class RequestTable(RequestNoun, Table):
    """Own requests, those of the parks one looks after, or all that were sent. Filters are those of the page."""

    query = table_query(RequestRow, ORDERS, STATE)
    filters = RequestFilter
    row = RequestRow
    orders = ORDERS
    order = "submitted_at"
    file = "requests"

    def answers(self) -> Any:
        return Table.answers(self)

    def rows(self) -> Rows:
        rows = SpaceRequest.objects.visible_to(self.request.user)
        state = self.asked.get("state")
        return self.fitting(rows.filter(state=state) if state else rows)
