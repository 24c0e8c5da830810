"""Private files of a request, a lease or a checklist item: what a page shows of them."""

from dataclasses import dataclass

from django.urls import reverse

from spaces.models.people import EDITORS
from tenants.asking.form_steps import FormStep
from tenants.models import HandoverItem, Lease, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.models.documents import DocumentKind
from tenants.models.requests import WRITABLE


@dataclass(frozen=True, slots=True)
class DocumentOwner:
    """What a file can belong to: its rows, the name of its key, and the page that shows it."""

    rows: object
    key: str
    page: object


def _page_of_request(row, user):
    """Its company comes back to the step of the form while that is written, everyone else to the request."""
    if row.state in WRITABLE and SpaceRequest.objects.owned_by(user).filter(pk=row.pk).exists():
        return reverse("request-step", args=[row.number, FormStep.FILES.value])
    return reverse("request-detail", args=[row.number])


OWNERS = {
    "request": DocumentOwner(SpaceRequest.objects, "number", _page_of_request),
    "lease": DocumentOwner(Lease.objects, "number", lambda row, _user: reverse("lease-detail", args=[row.number])),
    "item": DocumentOwner(
        HandoverItem.objects.select_related("handover__lease"),
        "pk",
        lambda row, _user: reverse("handover-detail", args=[row.handover.number]),
    ),
}


def documents_of(owner, row, user, *, held=False):
    """What `_documents.html` shows: the files, who may take one back, and where a new one is sent.

    `held`: this person may not see them; only their number is given.
    """
    key = getattr(row, OWNERS[owner].key)
    kept = row.documents.filter(removed_at=None)
    shown = kept.none() if held else kept.select_related("created_by").order_by("pk")
    fixed = owner == "request" and row.state not in WRITABLE
    return {
        "documents": [{"document": each, "mine": each.created_by_id == user.pk and not fixed} for each in shown],
        "documents_held": kept.count() if held else 0,
        "document_add": reverse("document-add", args=[owner, key]) if may_add(owner, row, user) else "",
        "document_kinds": DocumentKind.choices,
    }


def may_add(owner, row, user):
    rows = OWNERS[owner].rows.filter(pk=row.pk)
    if owner == "request":
        return row.state in WRITABLE and rows.owned_by(user).exists()
    return any(rows.editable_by(user, roles).exists() for roles in (EDITORS, ANYONE_OF_IT))
