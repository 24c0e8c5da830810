"""Private files: sent to a request, a lease or a checklist item, and handed out through `visible_to` only."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from frontend.site import repeats
from frontend.site.limits import takes_files
from spaces.access import get_editable, get_visible
from spaces.models.places import EDITORS
from tenants.actions import documents, uploads
from tenants.asking.form_steps import FormStep
from tenants.models import Document, HandoverItem, Lease, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.models.documents import DocumentKind
from tenants.models.requests import WRITABLE


@dataclass(frozen=True, slots=True)
class Owner:
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
    "request": Owner(SpaceRequest.objects, "number", _page_of_request),
    "lease": Owner(Lease.objects, "number", lambda row, _user: reverse("lease-detail", args=[row.number])),
    "item": Owner(
        HandoverItem.objects.select_related("handover__lease"),
        "pk",
        lambda row, _user: reverse("handover-detail", args=[row.handover.number]),
    ),
}


def documents_of(owner, row, user, *, held=False):
    """What `_documents.html` shows: the files, who may take one back, and where a new one is sent.

    `held` back from this person, they are only counted.
    """
    key = getattr(row, OWNERS[owner].key)
    kept = row.documents.filter(removed_at=None)
    shown = kept.none() if held else kept.select_related("created_by").order_by("pk")
    fixed = owner == "request" and row.state not in WRITABLE
    return {
        "documents": [{"document": each, "mine": each.created_by_id == user.pk and not fixed} for each in shown],
        "documents_held": kept.count() if held else 0,
        "document_add": reverse("document-add", args=[owner, key]) if _may_add(owner, row, user) else "",
        "document_kinds": DocumentKind.choices,
    }


def _may_add(owner, row, user):
    rows = OWNERS[owner].rows.filter(pk=row.pk)
    if owner == "request":
        return row.state in WRITABLE and rows.owned_by(user).exists()
    return any(rows.editable_by(user, roles).exists() for roles in (EDITORS, ANYONE_OF_IT))


@takes_files(uploads.MOST_BYTES)
@require_POST
def document_add(request, owner, key):
    """One file; a refusal is told on the page it came from, in a sentence."""
    if owner not in OWNERS or (OWNERS[owner].key == "pk" and not key.isdecimal()):
        raise Http404
    place = OWNERS[owner]
    row = get_visible(place.rows, request.user, **{place.key: key})
    if owner == "request":
        get_editable(place.rows, request.user, roles=ANYONE_OF_IT, number=key)
    elif not _may_add(owner, row, request.user):
        get_editable(place.rows, request.user, **{place.key: key})
    back = place.page(row, request.user)
    sent = request.FILES.get("file")

    def add(clean, kind):
        documents.store(row, clean, kind=kind, by=request.user)
        return back, _("%(name)s was added.") % {"name": sent.name}

    try:
        content = sent.read(uploads.MOST_BYTES + 1) if sent else b""
        kind = request.POST.get("kind") or DocumentKind.OTHER
        clean = documents.read(sent.name if sent else "", content, by=request.user)
        _back, words = repeats.do(request, lambda: add(clean, kind))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, words)
    return HttpResponseRedirect(back, status=303)


@csp_override({"default-src": ["'none'"], "sandbox": True})
@require_GET
def document_detail(request, pk):
    """Always a download, never a page: the browser must not run what is in it."""
    document = get_visible(Document.objects.all(), request.user, pk=pk)
    answer = FileResponse(document.file.open(), as_attachment=True, filename=document.name)
    answer["Content-Type"] = document.content_type
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def document_remove(request, pk):
    document = get_editable(Document.objects.select_related("request", "lease", "item__handover"), request.user, pk=pk)
    try:
        documents.remove(document, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s was removed.") % {"name": document.name})
    owner = next(name for name in OWNERS if getattr(document, f"{name}_id"))
    return HttpResponseRedirect(OWNERS[owner].page(getattr(document, owner), request.user), status=303)
