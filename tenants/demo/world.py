"""Objects of the stories of the demo: parks, people, and the owners of companies."""

from dataclasses import dataclass, field
from datetime import date

from spaces.models import Park, Unit, User
from tenants.actions import companies
from tenants.demo import accounts, renting
from tenants.models import Company
from tenants.states import MemberRole


@dataclass(frozen=True, slots=True)
class Firm:
    company: Company
    owner: User


@dataclass(slots=True)
class World:
    today: date
    users: dict[str, User]
    parks: dict[str, Park]
    units: dict[str, Unit]
    tenants: dict[str, Company]  # by the code of their unit
    firms: dict[int, Firm] = field(default_factory=dict)

    @property
    def manager(self) -> User:
        return self.users["manager@demo.test"]

    def tenant(self, code: str) -> Firm:
        """The tenant of a unit, with the owner of the company."""
        return self._firm(self.tenants[code], self.users.get(accounts.TENANTS.get(code, "")))

    def applicant(self, place: int) -> Firm:
        """A company without space, with its owner."""
        company = renting.applicant(place, self.today)
        companies.register_many([company], by=None)
        return self._firm(company, None)

    def _firm(self, company: Company, owner: User | None) -> Firm:
        if company.pk not in self.firms:
            if owner:
                companies.add_member(company, owner, MemberRole.OWNER, by=None)
            self.firms[company.pk] = Firm(company, owner or accounts.owner_of(company, len(self.firms) + 1))
        return self.firms[company.pk]
