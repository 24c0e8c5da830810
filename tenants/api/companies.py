"""Companies, by credit code or, while they have none, by number."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import get_editable
from spaces.access.disclosure import readable
from spaces.api.parameters import Day
from spaces.api.reads import Rows, Table, table_query
from spaces.models import Ecosystem
from spaces.values import masks
from tenants.actions import companies as actions
from tenants.api.requests import MASKED
from tenants.api.unit_lists import contact_sorted
from tenants.api.writes import Body, Named, One, Verb, Writing
from tenants.filters import CompanyFilter
from tenants.models import Company
from tenants.rights import COMPANY
from tenants.states import FormedBy

ORDERS: dict[str, tuple[str, ...]] = {
    f"{sign}{name}": (f"{sign}{name}",) for sign in ("", "-") for name in ("name", "number")
}


class CompanyRow(serializers.Serializer[Any]):
    number = serializers.CharField(required=False)
    uscc = serializers.CharField(allow_null=True, required=False)
    registers_by = serializers.DateField(allow_null=True, required=False)
    name = serializers.CharField(required=False)
    name_en = serializers.CharField(allow_blank=True, required=False)
    established_on = serializers.DateField(allow_null=True, required=False)
    formed_by = serializers.ChoiceField(choices=FormedBy.choices, allow_blank=True, required=False)
    generated_on = serializers.DateField(allow_null=True, required=False)
    industry = serializers.CharField(allow_blank=True, required=False)
    tech_sme = serializers.BooleanField(required=False)
    high_tech = serializers.BooleanField(required=False)
    version = serializers.IntegerField(required=False)
    origin = serializers.CharField(source="origin.code", allow_null=True, required=False)
    verified_at = serializers.DateTimeField(allow_null=True, required=False)


class CompanyDetail(CompanyRow):
    contact_name = serializers.CharField(allow_blank=True, help_text=MASKED)
    contact_phone = serializers.CharField(allow_blank=True, help_text=MASKED)
    contact_email = serializers.CharField(allow_blank=True, help_text=MASKED)


class CompanyNoun(Writing):
    objects = Company.objects.select_related("origin")
    detail = CompanyDetail

    def tag(self, row: Any) -> str:
        return f'"company-{row.number}-{row.version}"'

    def representation(self, row: Company) -> dict[str, Any]:
        near = readable(row, self.user) >= masks.CONTACT
        return contact_sorted(self.detail_of(row, masks.contact(row, near=near)))


class CompanyList(CompanyNoun, Table):
    """Own companies, those that rent or asked in the parks one looks after, or all. Filters are those of the page."""

    http_method_names = ["get", "head", "options"]
    query = table_query(CompanyRow, ORDERS)
    filters = CompanyFilter
    row = CompanyRow
    orders = ORDERS
    order = "name"
    file = "companies"

    def rows(self) -> Rows:
        return self.fitting(Company.objects.visible_to(self.request.user))


class CompanyFacts(Body):
    uscc = serializers.CharField(max_length=30, required=False, allow_null=True, allow_blank=True)
    registers_by = Day(required=False, allow_null=True)
    name = serializers.CharField(max_length=100, required=False)
    name_en = serializers.CharField(max_length=150, required=False, allow_blank=True)
    established_on = Day(required=False, allow_null=True)
    origin = Named(Ecosystem.objects.all(), required=False, allow_null=True)
    formed_by = serializers.ChoiceField(choices=FormedBy.choices, required=False, allow_blank=True)
    generated_on = Day(required=False, allow_null=True)
    industry = serializers.CharField(max_length=60, required=False, allow_blank=True)
    tech_sme = serializers.BooleanField(required=False)
    high_tech = serializers.BooleanField(required=False)
    contact_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    contact_phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    contact_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)


class CompanyOne(CompanyNoun, One):
    """One company. PATCH is its owners'; name and credit code stand once they were verified."""

    http_method_names = ["get", "head", "patch", "options"]
    body = CompanyFacts
    roles = COMPANY["change"]

    def get(self, request: Request, **key: Any) -> Response:
        return super().get(request, pk=pk_of(key["code"]))

    def patch(self, request: Request, **key: Any) -> Response:
        return self.carry_out(request, pk=pk_of(key["code"]))

    def act(self, row: Company, data: dict[str, Any]) -> Company:
        return actions.update(row, by=self.user, **data)


class Verify(CompanyNoun, Verb):
    """Name and credit code were compared with the licence. Nobody verifies their own company."""

    roles = COMPANY["verify"]

    def found(self, **key: Any) -> Company:
        return get_editable(self.objects, self.user, roles=self.roles, pk=pk_of(key["code"]))

    def act(self, row: Company, data: dict[str, Any]) -> Company:
        return actions.verify(row, by=self.user)


def pk_of(code: str) -> int | None:
    """The id behind a code; None, which no row has, for a code that is not known."""
    return Company.objects.filter(Q(uscc=code) | Q(number=code)).order_by("pk").values_list("pk", flat=True).first()
