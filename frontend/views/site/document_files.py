"""Private files: sent to a request, a lease or a checklist item, and handed out through `visible_to` only."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from frontend.site import repeats
from frontend.site.documents import OWNERS, may_add
from frontend.site.limits import takes_files
from spaces.access import get_editable, get_visible
from spaces.values.stored_files import opened
from tenants.actions import documents, uploads
from tenants.models import Document
from tenants.models.companies import ANYONE_OF_IT
from tenants.models.documents import DocumentKind


@takes_files(uploads.MOST_BYTES)
@require_POST
def document_add(request, owner, key):
    """Store one file; a refusal is a message on the page it came from."""
    if owner not in OWNERS or (OWNERS[owner].key == "pk" and not key.isdecimal()):
        raise Http404
    place = OWNERS[owner]
    row = get_visible(place.rows, request.user, **{place.key: key})
    if owner == "request":
        get_editable(place.rows, request.user, roles=ANYONE_OF_IT, number=key)
    elif not may_add(owner, row, request.user):
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
        _back, message = repeats.do(request, lambda: add(clean, kind))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, message)
    return HttpResponseRedirect(back, status=303)


@csp_override({"default-src": ["'none'"], "sandbox": True})
@require_GET
def document_detail(request, pk):
    """The file as a download, never shown as a page: the browser must not run its content."""
    document = get_visible(Document.objects.all(), request.user, pk=pk)
    stored = opened(document.file.storage, document.file.name)
    answer = FileResponse(stored, as_attachment=True, filename=document.name)
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
