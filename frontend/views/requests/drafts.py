"""Requests that a company is writing: access, progress, and why one was returned."""

from django.db.models import Count, Q

from spaces.access import get_editable
from tenants.asking import form_steps
from tenants.asking.form_steps import FormStep
from tenants.models import Member, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.rights import OWNER
from tenants.states import Decision, RequestState


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


def returned(wanted):
    """The words with which the request came back, and the steps that were asked for; None otherwise."""
    if wanted.state != RequestState.RETURNED:
        return None
    review = wanted.reviews.filter(decision=Decision.RETURNED).order_by("-pk").first()
    asked = [FormStep(step) for step in review.form_steps if step in FormStep.values] if review else []
    return {"review": review, "asked": asked}
