"""Unsent mail, for system admins: recipient and cause, without the content."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.site.access import for_roles
from frontend.site.bounded_pages import ListPaginator
from spaces.access import get_editable
from spaces.actions.mail import send_again
from spaces.models import Mail
from spaces.states import Role

PER_PAGE = 50


@require_GET
@for_roles(Role.SYSTEM_ADMIN)
def mail_list(request):
    """Mail put aside, then waiting mail; the newest first in both."""
    rows = Mail.objects.visible_to(request.user)
    found = rows.unsent().defer("subject", "body").order_by(F("set_aside_at").desc(nulls_last=True), "-pk")
    context = {
        "page": ListPaginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "last_sent": rows.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first(),
    }
    return render(request, "frontend/mail_list.html", context)


@require_POST
@for_roles(Role.SYSTEM_ADMIN)
def mail_retry(request, pk):
    mail = get_editable(Mail.objects, request.user, pk=pk)
    try:
        send_again(mail, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The message is on its way again."))
    return redirect("mail-list")
