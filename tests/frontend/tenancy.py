"""Two companies and a park between them, for the tests of the company's pages."""

import re
from types import SimpleNamespace

from django.conf import settings
from django.core import mail
from django.urls import reverse

from spaces.actions.mail import deliver
from spaces.states import Role
from tests import make
from tests.frontend import world
from tests.kept import kept

CODE = "91230109MA7P2QX63F"
CODE_IN_MAIL = r"^[A-Z0-9]{4}-[A-Z0-9]{4}$"


@kept
def gather():
    """Owner and member of one company, the owner of another, the park's manager, and what they look at."""
    places = world.build()
    company = make.company(name="云雀智能装备", number="QY-2025-0001")
    other = make.company(name="青禾生物", number="QY-2025-0002")
    folk = SimpleNamespace(world=places, park=places["one"], unit=places["unit"], company=company, other=other)
    for name, role, where in (
        ("owner", "owner", company),
        ("member", "member", company),
        ("neighbour", "owner", other),
    ):
        user = make.user(email=f"{name}@company.test", name=name)
        make.member(user=user, company=where, role=role)
        setattr(folk, name, user)
    folk.manager = make.user(email="manager@example.test", name="manager")
    make.assignment(user=folk.manager, role=Role.PARK_MANAGER, park=folk.park)
    folk.official = make.user(email="official@example.test", name="official")
    make.assignment(user=folk.official, role=Role.PROVINCIAL_OFFICIAL)
    folk.newcomer = make.user(email="newcomer@company.test", name="New Comer")
    return folk


def type_code(client):
    """Enter the code of the last mail, as a person who has just signed up does."""
    deliver.call()
    code = re.search(CODE_IN_MAIL, mail.outbox[-1].body, re.MULTILINE)[0]
    return client.post(reverse("account_email_verification_sent"), {"code": code}, follow=True)


def mailed_link():
    """The address on the site that the last mail leads to."""
    deliver.call()
    return re.search(rf"{settings.SITE_URL}(\S+)", mail.outbox[-1].body)[1]
