"""The first steps of an empty installation: an admin, officers, an ecosystem, a park, its units."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from spaces.models import Assignment, Ecosystem
from spaces.states import Role


@dataclass(frozen=True, slots=True)
class FirstStep:
    """`url` leads to where this person can do it; `command` is typed on the server."""

    text: str
    done: bool
    who: str
    url: str = ""
    action: str = ""
    command: str = ""


def for_person(user, *, recorded):
    """The steps for a signed-in person while no park is recorded; () for visitors, None once there is a park."""
    if recorded:
        return None
    if not user.is_authenticated:
        return ()
    return (*_places(user), *_people())


def _places(user):
    """Steps up to the first park: an officer of the whole province, an ecosystem, a park in it."""
    ecosystems = list(Ecosystem.objects.visible_to(user).order_by("code")[:1])
    officers = Assignment.objects.filter(role=Role.ECOSYSTEM_OFFICER, ecosystem=None).exists()
    officer = Role.ECOSYSTEM_OFFICER.label
    addable = Ecosystem.objects.addable_by(user)
    return (
        FirstStep(
            _("Invite an ecosystem officer of the whole province"),
            done=officers,
            who=Role.SYSTEM_ADMIN.label,
            command="manage.py invite_staff officer@example.org --role ecosystem_officer",
        ),
        FirstStep(
            _("Add the first ecosystem"),
            done=bool(ecosystems),
            who=officer,
            url=reverse("ecosystem-new") if addable else "",
            action=_("New ecosystem"),
        ),
        FirstStep(
            _("Add its first park"),
            done=False,
            who=officer,
            url=reverse("park-new", args=[ecosystems[0].code]) if addable and ecosystems else "",
            action=_("New park"),
        ),
    )


def _people():
    """Steps after that: the people of the park, and its units."""
    return (
        FirstStep(
            _("Invite the people who manage the park"),
            done=False,
            who=Role.SYSTEM_ADMIN.label,
            command="manage.py invite_staff manager@example.org --role park_manager --park CODE",
        ),
        FirstStep(
            _("Import its buildings, floors and units from a list, or add them one by one on the page of the park"),
            done=False,
            who=Role.PARK_MANAGER.label,
            command="manage.py import_units rooms.xlsx --park CODE --create --dry-run",
        ),
    )
