"""The clocks of incubation: entry, extension, graduation, exit."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import get_editable
from spaces.api.parameters import Day, DayQuery, Whole
from spaces.api.reads import Listing, Rows
from spaces.api.representations import ComputedDay, ComputedWhole
from spaces.models import Park
from tenants.actions import incubation as actions
from tenants.api.companies import pk_of
from tenants.api.writes import Body, Lines, Named, One, Verb, Writing, named_in
from tenants.filters import STAGES
from tenants.leasing import incubations
from tenants.models import Company, Extension, Incubation
from tenants.rights import INCUBATION
from tenants.states import Criterion, ExitReason, TenureRule

SERVED = Incubation.objects.select_related("company", "park").prefetch_related("extensions")


class ExtensionRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    months = serializers.IntegerField()
    why = Lines()
    approved_at = serializers.DateTimeField(allow_null=True)


class MonthsSpent(serializers.IntegerField):
    """Whole months of an incubation by the day asked about."""

    def get_attribute(self, instance: Incubation) -> int:
        return incubations.months_in(instance, on=self.context["day"])


class IncubationRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    company = serializers.CharField(source="company.number")
    company_name = serializers.CharField(source="company.name")
    park = serializers.CharField(source="park.code")
    entered_on = serializers.DateField()
    rule = serializers.ChoiceField(choices=TenureRule.choices)
    limit_months = ComputedWhole(
        incubations.limit_months, help_text=gettext_lazy("With the extensions that were approved.")
    )
    limit_on = ComputedDay(incubations.limit_on)
    months = MonthsSpent(help_text=gettext_lazy("Whole months by as_of, or by its end."))
    graduated_on = serializers.DateField(allow_null=True)
    criterion = serializers.ChoiceField(choices=Criterion.choices, allow_blank=True)
    exited_on = serializers.DateField(allow_null=True)
    exit_reason = serializers.ChoiceField(choices=ExitReason.choices, allow_blank=True)
    destination = serializers.CharField(allow_blank=True)
    extensions = ExtensionRow(many=True)
    version = serializers.IntegerField()


class IncubationNoun(Writing):
    objects = SERVED
    detail = IncubationRow

    def tag(self, row: Any) -> str:
        return f'"incubation-{row.pk}-{row.version}"'


class IncubationQuery(DayQuery):
    stage = serializers.ChoiceField(
        choices=[stage for stage in STAGES if stage[0] != "unverified"],
        required=False,
        help_text=gettext_lazy("Today, whatever as_of says."),
    )


class EnterBody(Body):
    company = serializers.CharField(max_length=20)
    park = Named(Park.objects.all())
    entered_on = Day()
    rule = serializers.ChoiceField(choices=TenureRule.choices)


class IncubationList(IncubationNoun, Listing):
    """Of companies that one may see. POST starts a clock."""

    http_method_names = ["get", "head", "post", "options"]
    query = IncubationQuery
    row = IncubationRow
    body = EnterBody
    status = 201
    versioned = False

    def rows(self) -> Rows:
        rows = self.objects.visible_to(self.request.user)
        if "stage" in self.asked:
            rows = rows.filter(pk__in=incubations.incubations_in(self.asked["stage"], on=self.today).values("pk"))
        return rows.order_by("entered_on", "pk")

    def post(self, request: Request) -> Response:
        return self.carry_out(request)

    def found(self, **_key: Any) -> Company:
        code = named_in(self.request.data, "company")
        return get_editable(Company.objects, self.user, roles=INCUBATION["enter"], pk=pk_of(code))

    def act(self, row: Company, data: dict[str, Any]) -> Incubation:
        park = get_editable(Park.objects, self.user, roles=INCUBATION["enter"], pk=data["park"].pk)
        return actions.enter(row, park, entered_on=data["entered_on"], rule=data["rule"], by=self.user)


class IncubationOne(IncubationNoun, One):
    """One clock."""


class IncubationVerb(IncubationNoun, Verb):
    pass


class GraduateBody(Body):
    graduated_on = Day()
    criterion = serializers.ChoiceField(choices=Criterion.choices)


class Graduate(IncubationVerb):
    """Graduation by one of the criteria. Its lease, if it has one, goes on."""

    roles = INCUBATION["graduate"]
    body = GraduateBody

    def act(self, row: Incubation, data: dict[str, Any]) -> Incubation:
        return actions.graduate(row, by=self.user, on=self.today, **data)


class ExitBody(Body):
    exited_on = Day()
    exit_reason = serializers.ChoiceField(choices=ExitReason.choices)
    destination = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class Exit(IncubationVerb):
    """The company left, with a reason and where it went."""

    roles = INCUBATION["leave"]
    body = ExitBody

    def act(self, row: Incubation, data: dict[str, Any]) -> Incubation:
        return actions.leave(row, by=self.user, on=self.today, **data)


class ExtendBody(Body):
    months = Whole(min_value=1, max_value=24)
    why = Lines(max_length=500)


class Extend(IncubationVerb):
    """Ask for months beyond the limit; they count once someone else has approved them."""

    roles = INCUBATION["ask"]
    body = ExtendBody
    status = 201

    def act(self, row: Incubation, data: dict[str, Any]) -> Incubation:
        actions.ask_extension(row, by=self.user, **data)
        return row


class Approve(IncubationVerb):
    """Approve months that someone else asked for."""

    roles = INCUBATION["approve"]

    def found(self, **key: Any) -> Incubation:
        rows = Extension.objects.select_related("incubation")
        self.asked_for = get_editable(rows, self.user, roles=self.roles, incubation=key["pk"], pk=key["extension"])
        return self.asked_for.incubation

    def act(self, row: Incubation, data: dict[str, Any]) -> Incubation:
        actions.approve_extension(self.asked_for, by=self.user)
        return row
