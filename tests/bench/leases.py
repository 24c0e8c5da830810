"""A company and a lease for every tenancy that is signed."""

from itertools import batched

from django.db.models import F

from spaces.models import Allocation
from spaces.states import Purpose
from tenants.models import Company, Lease, LeaseLine
from tenants.states import EndReason, LeaseState
from tests.bench import data

COMPANIES, BATCH = 300, 2000


def let():
    Company.objects.bulk_create(
        Company(
            number=f"QY-2026-{number:04}",
            name=f"示例企业{number}",
            name_key=f"示例企业{number}",
            registers_by=data.LONGEST,
            sample=True,
        )
        for number in range(COMPANIES)
    )
    companies = list(Company.objects.order_by("pk"))
    signed = Allocation.objects.filter(purpose=Purpose.TENANCY, signed_on__isnull=False).order_by("pk")
    rows = signed.annotate(park=F("unit__floor__building__park")).iterator(BATCH)
    for some in batched(rows, BATCH, strict=False):
        leases = Lease.objects.bulk_create(_lease(row, companies[row.pk % COMPANIES]) for row in some)
        LeaseLine.objects.bulk_create(
            LeaseLine(lease=lease, unit_id=row.unit_id, allocation=row)
            for lease, row in zip(leases, some, strict=True)
        )


def _lease(row, company):
    """The lease of a tenancy; over with its keys."""
    over = {"state": LeaseState.ENDED, "ended_on": row.handed_back_on, "end_reason": EndReason.EXPIRED}
    return Lease(number=f"ZL-2026-{row.pk:06}", company=company, park_id=row.park, starts_on=row.starts_on,
                 ends_on=row.ends_on or data.LONGEST, signed_on=row.signed_on, sample=True,
                 **(over if row.handed_back_on else {"state": LeaseState.SIGNED}))  # fmt: skip
