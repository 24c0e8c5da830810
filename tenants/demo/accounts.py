"""The five people of the demo. Their password is printed, so they exist only where DEBUG is on."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from spaces.actions import people
from spaces.models import Ecosystem, Park, User
from spaces.states import Role
from tenants.demo.facts import BEGIN

PASSWORD = "incubate and hatch"  # noqa: S105 printed on purpose; the command refuses without DEBUG
MANAGED = ("HIT-01", "HIT-02", "HIT-03")
# e-mail: name, role, what it is
ACCOUNTS = {
    "official@demo.test": ("演示·省级主管", Role.PROVINCIAL_OFFICIAL, _("provincial official: sees all")),
    "officer@demo.test": ("演示·生态圈专员", Role.ECOSYSTEM_OFFICER, _("ecosystem officer of the HIT ecosystem")),
    "manager@demo.test": ("演示·园区管理员", Role.PARK_MANAGER, _("park manager of HIT-01, HIT-02 and HIT-03")),
    "auditor@demo.test": ("演示·审计员", Role.AUDITOR, _("auditor: reads all, writes nothing")),
    "admin@demo.test": ("演示·系统管理员", Role.SYSTEM_ADMIN, _("system admin: accounts and rights")),
}


def build(ecosystems: dict[str, Ecosystem], parks: dict[str, Park]) -> dict[str, User]:
    users = {}
    for email, (name, role, _told) in ACCOUNTS.items():
        users[email] = people.add_user(email=email, name=name, password=PASSWORD, by=None)
        _assign(users[email], role, ecosystems, parks, starts_on=BEGIN)
    return users


def _assign(
    user: User, role: Role, ecosystems: dict[str, Ecosystem], parks: dict[str, Park], *, starts_on: date
) -> None:
    if role == Role.PARK_MANAGER:
        for code in MANAGED:
            people.assign(user, role, park=parks[code], starts_on=starts_on, by=None)
    else:
        ecosystem = ecosystems["hit"] if role == Role.ECOSYSTEM_OFFICER else None
        people.assign(user, role, ecosystem=ecosystem, starts_on=starts_on, by=None)
