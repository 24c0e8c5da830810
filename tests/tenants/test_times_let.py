"""How often a unit was let: a renewal is no new letting, the next tenant is."""

from datetime import date, timedelta

import pytest

from spaces.models import Allocation
from tenants.actions import leases
from tenants.leasing.contracts import contracts, times_let
from tests import make
from tests.frontend import desk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]


def counted(unit, on):
    rows = list(Allocation.objects.filter(unit=unit).order_by("-starts_on"))
    return times_let(rows, contracts(row.pk for row in rows), on=on)


def test_a_renewal_is_no_new_letting_and_the_next_tenant_is(people):
    lease = desk.moved_in(people)
    unit = lease.lines.get().unit
    day = desk.DAY + timedelta(days=90)
    new = leases.renew(lease, ends_on=date(2032, 6, 1), signed_on=day, by=people.manager, on=day)
    assert Allocation.objects.filter(unit=unit).count() == 2
    assert [counted(unit, on) for on in (desk.DAY - timedelta(days=1), desk.DAY, day)] == [0, 1, 1]

    row = new.lines.get().allocation
    Allocation.objects.filter(pk=row.pk).update(ends_on=date(2027, 6, 1), handed_back_on=date(2027, 6, 1))
    later = {"starts_on": date(2027, 6, 1), "signed_on": date(2027, 6, 1), "moved_in_on": date(2027, 6, 1)}
    make.allocation(unit=unit, **later)

    assert counted(unit, date(2027, 6, 1)) == 2
