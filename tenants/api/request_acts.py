"""What a company and a park do with a request. Each verb is the action of the page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import get_editable
from spaces.api.parameters import Day, Number, Whole
from spaces.api.representations import Area
from spaces.models import Ecosystem, Park, Unit, User
from spaces.states import ReviewStep
from tenants.actions import requests as actions
from tenants.api.companies import pk_of
from tenants.api.requests import MessageRow, RequestNoun, RequestTable
from tenants.api.writes import Body, Lines, Named, One, Verb, named_in
from tenants.asking.form_steps import FormStep
from tenants.models import Company, Message, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.models.requests import LETTABLE_USE_CHOICES
from tenants.notices import recipients
from tenants.rights import REQUEST
from tenants.states import Decision, RequestKind


class Why(Body):
    why = Lines(max_length=1000)


class RequestFacts(Body):
    """What a company may fill in, all at once or step by step."""

    kind = serializers.ChoiceField(choices=RequestKind.choices, required=False)
    park = Named(Park.objects.all(), required=False, allow_null=True)
    ecosystem = Named(
        Ecosystem.objects.all(), required=False, allow_null=True, help_text=gettext_lazy("Any park of it.")
    )
    use = serializers.ChoiceField(choices=LETTABLE_USE_CHOICES, required=False, allow_blank=True)
    area = Area(required=False, allow_null=True)
    area_min = Area(required=False, allow_null=True)
    area_max = Area(required=False, allow_null=True)
    people = Whole(required=False, allow_null=True, min_value=1, max_value=100_000)
    height_m = Number(max_digits=5, decimal_places=2, required=False, allow_null=True, min_value=0, max_value=100)
    load_kg_m2 = Whole(required=False, allow_null=True, min_value=0, max_value=100_000)
    power_kw = Whole(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    water = serializers.BooleanField(required=False)
    drainage = serializers.BooleanField(required=False)
    gas = serializers.BooleanField(required=False)
    ventilation = serializers.BooleanField(required=False)
    freight_lift = serializers.BooleanField(required=False)
    special = Lines(required=False, allow_blank=True, max_length=1000)
    needed_by = Day(required=False, allow_null=True)
    months = Whole(required=False, allow_null=True, min_value=1, max_value=240)
    requested_units = serializers.ListField(
        child=Named(Unit.objects.all()), required=False, max_length=actions.MOST_REQUESTED_UNITS
    )
    contact_name = serializers.CharField(required=False, allow_blank=True, max_length=60)
    contact_phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    contact_email = serializers.EmailField(required=False, allow_blank=True, max_length=254)


class Draft(RequestFacts):
    company = serializers.CharField(
        required=False,
        max_length=20,
        help_text=gettext_lazy("Its credit code or number; needed by people of several companies."),
    )


class RequestList(RequestTable):
    """Own requests, those of the parks one looks after, or all that were sent. POST begins a draft."""

    http_method_names = ["get", "head", "post", "options"]
    body = Draft
    status = 201
    versioned = False

    def post(self, request: Request) -> Response:
        return self.carry_out(request)

    def found(self, **_key: Any) -> Company:
        """The company named, or the only one that this person belongs to."""
        if isinstance(self.request.data, dict) and "company" in self.request.data:
            code = named_in(self.request.data, "company")
            return get_editable(Company.objects, self.user, roles=REQUEST["begin"], pk=pk_of(code))
        mine = list(Company.objects.owned_by(self.user, ANYONE_OF_IT).order_by("pk")[:2])
        if not mine:
            raise PermissionDenied(_("Requests are made by the people of a company. Register yours first."))
        if mine[1:]:
            message = _("You belong to several companies. Name one by its number.")
            raise ValidationError({"company": ErrorDetail(message, "required")})
        return mine[0]

    def act(self, row: Company, data: dict[str, Any]) -> SpaceRequest:
        data.pop("company", None)
        return actions.begin(row, by=self.user, **data)

    def answer(self, row: SpaceRequest) -> tuple[dict[str, Any], dict[str, str]]:
        answer, headers = super().answer(row)
        return answer, headers | {"Location": f"/api/v1/requests/{row.number}/"}


class RequestOne(RequestNoun, One):
    """One request. PATCH writes on a draft, or on one that was returned."""

    http_method_names = ["get", "head", "patch", "options"]
    body = RequestFacts
    roles = REQUEST["save"]

    def patch(self, request: Request, **key: Any) -> Response:
        return self.carry_out(request, **key)

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> SpaceRequest:
        requested_units = data.pop("requested_units", None)
        if data or requested_units is None:
            row = actions.save(row, by=self.user, **data)
        return row if requested_units is None else actions.request_units(row, requested_units, by=self.user)


class RequestVerb(RequestNoun, Verb):
    pass


class SubmitBody(Body):
    declared = serializers.BooleanField(
        default=False, help_text=gettext_lazy("True: what the request says is true and complete. It is not sent else.")
    )


class Submit(RequestVerb):
    """Send a draft, or a returned request again."""

    roles = REQUEST["submit"]
    body = SubmitBody

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> SpaceRequest:
        return actions.submit(row, by=self.user, on=self.today, declared=data["declared"])


class WithdrawBody(Body):
    why = Lines(max_length=1000, required=False, default="", allow_blank=True)


class Withdraw(RequestVerb):
    """The company does not ask any more. Beyond a draft it says why."""

    roles = REQUEST["withdraw"]
    body = WithdrawBody

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> SpaceRequest:
        return actions.withdraw(row, by=self.user, why=data["why"], on=self.today)


class ReceiveBody(Body):
    park = Named(
        Park.objects.all(), required=False, help_text=gettext_lazy("Needed where any park of an ecosystem was asked.")
    )


class Receive(RequestVerb):
    """Accept for review."""

    roles = REQUEST["receive"]
    body = ReceiveBody

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> SpaceRequest:
        park = data.get("park")
        if park:
            park = get_editable(Park.objects, self.user, roles=REQUEST["receive"], pk=park.pk)
        return actions.receive(row, by=self.user, on=self.today, park=park)


class ReviewBody(Body):
    step = serializers.ChoiceField(choices=ReviewStep.choices)
    decision = serializers.ChoiceField(choices=Decision.choices)
    comment = Lines(max_length=1000, required=False, default="", allow_blank=True)
    form_steps = serializers.ListField(
        child=serializers.ChoiceField(choices=FormStep.choices), required=False, default=list, max_length=len(FormStep)
    )


class ReviewIt(RequestVerb):
    """Decide the step that waits."""

    roles = REQUEST["review"]
    body = ReviewBody

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> SpaceRequest:
        actions.review(row, by=self.user, on=self.today, **data)
        return row


class Close(RequestVerb):
    """A request that nobody answers any more lapses."""

    roles = REQUEST["close"]
    body = Why

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> SpaceRequest:
        return actions.close(row, by=self.user, why=data["why"])


class AssignBody(Body):
    officer = serializers.EmailField(help_text=gettext_lazy("The e-mail of someone who manages the park."))


class Assign(RequestVerb):
    """Someone else of the park handles it from now on."""

    roles = REQUEST["assign"]
    body = AssignBody

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> SpaceRequest:
        people = recipients.managers_of(row.park, on=self.today) if row.park else User.objects.none()
        officer = people.filter(email=data["officer"].casefold()).first()
        if officer is None:
            message = _("“%(value)s” does not manage this park.") % {"value": data["officer"]}
            raise ValidationError({"officer": ErrorDetail(message, "unknown")})
        return actions.assign(row, officer, by=self.user)


class NoteBody(Body):
    text = Lines(max_length=2000, allow_blank=True)


class Note(RequestVerb):
    """Words for the people of the park only; they replace those that stood there."""

    roles = REQUEST["note"]
    body = NoteBody

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> SpaceRequest:
        return actions.note(row, data["text"], by=self.user)


class SayBody(Body):
    text = Lines(max_length=2000)


class Say(RequestVerb):
    """Words to the other side. They are added and change nothing, so no version is asked for."""

    body = SayBody
    detail = MessageRow
    status = 201
    versioned = False

    def found(self, **key: Any) -> SpaceRequest:
        own = SpaceRequest.objects.owned_by(self.user).filter(**key).exists()
        roles = REQUEST["answer" if own else "say"]
        return get_editable(self.objects, self.user, roles=roles, **key)

    def act(self, row: SpaceRequest, data: dict[str, Any]) -> Message:
        return actions.say(row, data["text"], by=self.user, on=self.today)

    def answer(self, row: Message) -> tuple[dict[str, Any], dict[str, str]]:
        return MessageRow(row).data, {}
