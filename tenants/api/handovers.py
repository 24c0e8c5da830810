"""Move-in and move-out checklists: each side ticks its items, both sign, the park confirms the keys."""

import hashlib
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import get_editable, get_visible
from spaces.api.parameters import Day, Number
from spaces.api.reads import Rows, Table, table_query
from tenants.actions import handovers as actions
from tenants.api.confirmations import ConfirmableBody, Confirmed
from tenants.api.writes import Body, Lines, One, Verb, Writing
from tenants.models import Handover, HandoverItem
from tenants.rights import HANDOVER
from tenants.states import HandoverKind, ItemOwner, Proof

ORDERS: dict[str, tuple[str, ...]] = {
    f"{sign}{name}": (f"{sign}{name}",) for sign in ("", "-") for name in ("number", "planned_on")
}
MORE: dict[str, Any] = {
    "open": serializers.BooleanField(required=False, help_text=gettext_lazy("Keys not handed over yet.")),
    "kind": serializers.ChoiceField(choices=HandoverKind.choices, required=False),
    "lease": serializers.CharField(required=False, max_length=20),
}


class HandoverRow(serializers.Serializer[Any]):
    number = serializers.CharField(required=False)
    lease = serializers.CharField(source="lease.number", required=False)
    company_name = serializers.CharField(source="lease.company.name", required=False)
    park = serializers.CharField(source="lease.park.code", required=False)
    kind = serializers.ChoiceField(choices=HandoverKind.choices, required=False)
    planned_on = serializers.DateField(required=False)
    moved_on = serializers.DateField(
        allow_null=True, required=False, help_text=gettext_lazy("The day of the keys; it closes the list.")
    )
    park_signed_at = serializers.DateTimeField(allow_null=True, required=False)
    company_signed_at = serializers.DateTimeField(allow_null=True, required=False)
    version = serializers.IntegerField(required=False)


class ItemRow(serializers.Serializer[Any]):
    place = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    owner = serializers.ChoiceField(choices=ItemOwner.choices)
    proof = serializers.ChoiceField(choices=Proof.choices)
    due_on = serializers.DateField(allow_null=True)
    reading = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    note = serializers.CharField(allow_blank=True)
    done_at = serializers.DateTimeField(allow_null=True)


class HandoverDetail(HandoverRow):
    items = ItemRow(many=True)


class HandoverNoun(Writing):
    objects = Handover.objects.select_related("lease__company", "lease__park")
    detail = HandoverDetail

    def tag(self, row: Any) -> str:
        """Of the whole list: whoever ticks an item saw the others as they are."""
        items = row.items.order_by("place").values_list("place", "done_at", "reading", "note")
        seen = hashlib.sha256(repr(list(items)).encode()).hexdigest()[:8]
        return f'"handover-{row.number}-{row.version}.{seen}"'

    def representation(self, row: Handover) -> dict[str, Any]:
        return self.detail_of(row, {"items": row.items.order_by("place")})


class HandoverList(HandoverNoun, Table):
    """Those of own leases, of the parks one looks after, or all."""

    http_method_names = ["get", "head", "options"]
    query = table_query(HandoverRow, ORDERS, MORE)
    row = HandoverRow
    orders = ORDERS
    order = "planned_on"
    file = "handovers"

    def rows(self) -> Rows:
        rows = Handover.objects.visible_to(self.request.user)
        if "open" in self.asked:
            rows = rows.filter(moved_on__isnull=self.asked["open"])
        wanted = {"kind": self.asked.get("kind"), "lease__number": self.asked.get("lease")}
        return rows.filter(**{name: value for name, value in wanted.items() if value})


class HandoverOne(HandoverNoun, One):
    """One checklist with its items."""


class ItemBody(Body):
    done = serializers.BooleanField(default=True, help_text=gettext_lazy("false takes a tick back."))
    reading = Number(max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class TickItem(HandoverNoun):
    """Tick an item, or take its tick back. Each side ticks its own. If-Match names the checklist."""

    http_method_names = ["patch", "options"]
    body = ItemBody

    def patch(self, request: Request, **key: Any) -> Response:
        return self.carry_out(request, **key)

    def found(self, **key: Any) -> Handover:
        seen = get_visible(HandoverItem.objects, self.user, handover__number=key["number"], place=key["place"])
        roles = HANDOVER["tick-own" if seen.owner == ItemOwner.COMPANY else "tick"]
        rows = HandoverItem.objects.select_related("handover__lease__company", "handover__lease__park")
        self.item = get_editable(rows, self.user, roles=roles, pk=seen.pk)
        return self.item.handover

    def act(self, row: Handover, data: dict[str, Any]) -> Handover:
        if data.get("done", True):
            facts = {"reading": data.get("reading"), "note": data.get("note", self.item.note)}
            actions.complete(self.item, by=self.user, **facts)
        else:
            actions.reopen(self.item, by=self.user)
        return row


class HandoverVerb(HandoverNoun, Verb):
    pass


class AddItemBody(Body):
    name = serializers.CharField(max_length=100)
    owner = serializers.ChoiceField(choices=ItemOwner.choices)
    proof = serializers.ChoiceField(choices=Proof.choices, default=Proof.TICK)
    due_on = Day(required=False, allow_null=True, default=None)
    why = Lines(max_length=300)


class AddItem(HandoverVerb):
    """What this handover needs beyond the template. Signatures given before fall."""

    roles = HANDOVER["add"]
    body = AddItemBody
    status = 201

    def act(self, row: Handover, data: dict[str, Any]) -> Handover:
        actions.add_item(row, by=self.user, **data)
        return row


class SignHandover(HandoverVerb):
    """The owner of the company signs for it, the people of the park for theirs."""

    def found(self, **key: Any) -> Handover:
        own = Handover.objects.editable_by(self.user, HANDOVER["tick-own"]).filter(**key).exists()
        self.side = ItemOwner.COMPANY if own else ItemOwner.PARK
        return get_editable(self.objects, self.user, roles=HANDOVER["sign-own" if own else "sign"], **key)

    def act(self, row: Handover, data: dict[str, Any]) -> Handover:
        return actions.sign(row, self.side, by=self.user)


class ConfirmBody(ConfirmableBody):
    moved_on = Day()


class Confirm(Confirmed, HandoverVerb):
    """The keys change hands: the units become occupied, or are handed back and the lease ends."""

    roles = HANDOVER["confirm"]
    body = ConfirmBody

    def act(self, row: Handover, data: dict[str, Any]) -> Handover:
        return actions.confirm(row, moved_on=data["moved_on"], by=self.user, on=self.today)
