"""Roles allowed to perform each verb, for pages and API; `editable_by(user, roles)` says on which rows.

A verb of both sides is listed once for each.
"""

from spaces.models.people import EDITORS
from spaces.states import Role
from tenants.models.companies import ANYONE_OF_IT
from tenants.states import MemberRole

MANAGER = (Role.PARK_MANAGER,)
OWNER = (MemberRole.OWNER,)

REQUEST = {
    "begin": ANYONE_OF_IT,
    "save": ANYONE_OF_IT,
    "submit": OWNER,
    "receive": MANAGER,
    "review": MANAGER,
    "assign": MANAGER,
    "close": MANAGER,
    "match": MANAGER,
    "note": EDITORS,
    "say": EDITORS,
    "answer": ANYONE_OF_IT,
    "withdraw": OWNER,
}
OFFER = {"send": MANAGER, "withdraw": MANAGER, "accept": OWNER, "decline": OWNER, "visit": ANYONE_OF_IT}
LEASE = {
    "sign": EDITORS,
    "discard": EDITORS,
    "notice": MANAGER,
    "renew": MANAGER,
    "relocate": MANAGER,
    "remind": MANAGER,
    "ask": OWNER,
}
HANDOVER = {
    "add": MANAGER,
    "tick": EDITORS,
    "tick-own": ANYONE_OF_IT,
    "sign": EDITORS,
    "sign-own": OWNER,
    "confirm": EDITORS,
}
INCUBATION = {"enter": EDITORS, "ask": EDITORS, "approve": EDITORS, "graduate": EDITORS, "leave": EDITORS}
COMPANY = {"change": OWNER, "verify": EDITORS}
