"""Requests that a company is writing: access and progress."""

from django.db.models import Count, Q

from spaces.access import get_editable
from tenants.asking import form_steps
from tenants.models import Member, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.rights import OWNER


def own_request(request, number, roles=ANYONE_OF_IT):
    """The request of one's own company, or 404; 403 where only its owner may."""
    rows = SpaceRequest.objects.select_related("company", "park", "ecosystem")
    return get_editable(rows, request.user, roles=roles, number=number)


def is_owner(request, wanted):
    return Member.objects.in_force(request.user, OWNER).filter(company=wanted.company_id).exists()


def rows_of(wanted):
    counts = SpaceRequest.objects.filter(pk=wanted.pk).aggregate(
        units=Count("requested_units", distinct=True),
        files=Count("documents", filter=Q(documents__removed_at=None), distinct=True),
    )
    return form_steps.progress(wanted, **counts)
