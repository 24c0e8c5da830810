"""Accounts of the demo. Their password is printed, so those who can sign in exist only if DEBUG is on."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from spaces.actions import people
from spaces.models import Ecosystem, Park, User
from spaces.states import Role
from tenants.actions import companies
from tenants.demo.facts import BEGIN
from tenants.models import Company
from tenants.states import MemberRole

PASSWORD = "incubate and hatch"  # noqa: S105 printed on purpose; the command refuses without DEBUG
MANAGED = ("HIT-01", "HIT-02", "HIT-03")
# Code of a unit -> the account of its company.
TENANTS = {"HIT-01-A-502": "company@demo.test", "HIT-01-A-302": "neighbour@demo.test"}
# e-mail: name, role (None: of a company), description
ACCOUNTS = {
    "official@demo.test": ("演示·省级主管", Role.PROVINCIAL_OFFICIAL, _("provincial official: sees all")),
    "officer@demo.test": ("演示·生态圈专员", Role.ECOSYSTEM_OFFICER, _("ecosystem officer of the HIT ecosystem")),
    "manager@demo.test": ("演示·园区管理员", Role.PARK_MANAGER, _("park manager of HIT-01, HIT-02 and HIT-03")),
    "company@demo.test": ("演示·企业负责人", None, _("owner of a company in HIT-01, with a lease and requests")),
    "neighbour@demo.test": ("演示·邻居企业", None, _("owner of another company in HIT-01, after the same unit")),
    "auditor@demo.test": ("演示·审计员", Role.AUDITOR, _("auditor: reads all, writes nothing")),
    "admin@demo.test": ("演示·系统管理员", Role.SYSTEM_ADMIN, _("system admin: accounts and rights")),
}


def build(ecosystems: dict[str, Ecosystem], parks: dict[str, Park]) -> dict[str, User]:
    users, hashed = {}, make_password(PASSWORD)  # hashing takes a third of a second
    for email, (name, role, _description) in ACCOUNTS.items():
        users[email] = people.add_user(email=email, name=name, password=None, hashed=hashed, by=None)
        if role:
            _assign(users[email], role, ecosystems, parks, starts_on=BEGIN)
    return users


def owner_of(company: Company, place: int) -> User:
    """The owner of a company in a story, who can't sign in."""
    user = people.add_user(email=f"firm{place:02}@demo.test", name=f"示例联系人{place:02}", password=None, by=None)
    companies.add_member(company, user, MemberRole.OWNER, by=None)
    return user


def _assign(
    user: User, role: Role, ecosystems: dict[str, Ecosystem], parks: dict[str, Park], *, starts_on: date
) -> None:
    if role == Role.PARK_MANAGER:
        for code in MANAGED:
            people.assign(user, role, park=parks[code], starts_on=starts_on, by=None)
    else:
        ecosystem = ecosystems["hit"] if role == Role.ECOSYSTEM_OFFICER else None
        people.assign(user, role, ecosystem=ecosystem, starts_on=starts_on, by=None)
