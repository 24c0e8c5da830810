"""What the scripts of the first five minutes begin with, written by the actions into the database of the demo."""

import sys
from datetime import timedelta

from django.utils import timezone

from spaces.actions import people
from spaces.models import Park
from spaces.states import Role
from tenants.actions import companies, requests
from tenants.models import SpaceRequest

PASSWORD = "incubate and hatch"


def manager_script(prefix):
    """Two managers of HIT-01 alone, one request that waits and one that is admitted; prints both numbers.

    What an earlier run of the script held is given back first.
    """
    today, park = timezone.localdate(), Park.objects.get(code="HIT-01")
    for left in SpaceRequest.objects.filter(company__name__startswith="脚本").exclude(state="withdrawn"):
        requests.withdraw(left, by=left.created_by, why="脚本结束", on=today)
    for name in ("王工", "李工"):
        email = f"{prefix}-{'wang' if name == '王工' else 'li'}@demo.test"
        user = people.add_user(email=email, name=name, password=PASSWORD, by=None)
        people.assign(user, Role.PARK_MANAGER, park=park, starts_on=today, by=None)
    waits = _asked(f"脚本甲{prefix}", f"{prefix}-jia@demo.test", park)
    other = requests.receive(_asked(f"脚本乙{prefix}", f"{prefix}-yi@demo.test", park), by=user, on=today)
    requests.review(other, step="first", decision="passed", by=user, on=today)
    sys.stdout.write(f"{waits.number} {other.number}\n")


def _asked(name, email, park):
    """A company with its owner, and its request: 100 to 160 m2."""
    today = timezone.localdate()
    owner = people.add_user(email=email, name=f"{name}负责人", password=PASSWORD, by=None)
    contact = {"contact_name": "联系人", "contact_phone": "13800001234"}
    company = companies.register(owner=owner, by=owner, name=name, registers_by=today + timedelta(days=90), **contact)
    wanted = requests.begin(company, by=owner, park=park)
    facts = {"use": "office", "area_min": 100, "area_max": 160, "needed_by": today + timedelta(days=40), "months": 36}
    return requests.submit(requests.save(wanted, by=owner, **facts), by=owner, on=today, declared=True)
