"""One person of each role in the small world, and one without a role."""

from types import SimpleNamespace

from spaces.states import Role
from tests import make
from tests.frontend import world
from tests.kept import kept


@kept
def gather():
    places = world.build()
    people = SimpleNamespace(world=places)
    roles = {
        "manager": (Role.PARK_MANAGER, {"park": places["one"]}),
        "neighbour": (Role.PARK_MANAGER, {"park": places["two"]}),
        "officer": (Role.ECOSYSTEM_OFFICER, {"ecosystem": places["hit"]}),
        "outsider": (Role.ECOSYSTEM_OFFICER, {"ecosystem": places["heu"]}),
        "official": (Role.PROVINCIAL_OFFICIAL, {}),
        "auditor": (Role.AUDITOR, {}),
        "admin": (Role.SYSTEM_ADMIN, {}),
    }
    for name, (role, scope) in roles.items():
        user = make.user(email=f"{name}@example.test", name=name)
        make.assignment(user=user, role=role, **scope)
        setattr(people, name, user)
    people.stranger = make.user(email="stranger@example.test", name="stranger")  # no role at all
    return people
