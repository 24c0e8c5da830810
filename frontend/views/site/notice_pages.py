from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from frontend.site.bounded_pages import ListPaginator
from spaces.access import get_visible
from tenants.actions.notices import mark_read
from tenants.models import Notice
from tenants.notices import notice_texts

PER_PAGE = 25


@require_GET
def notice_list(request):
    """The inbox, newest first."""
    found = Notice.objects.visible_to(request.user).order_by("-created_at", "-pk")
    page = ListPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"notice": row, "subject": notice_texts.subject(row), "text": notice_texts.text(row)}
        for row in page.object_list
    ]
    return render(request, "frontend/notice_list.html", {"page": page, "rows": rows})


@require_POST
def notice_open(request, pk):
    """Mark it as read and go to its page."""
    notice = get_visible(Notice.objects.all(), request.user, pk=pk)
    mark_read([notice])
    return HttpResponseRedirect(notice.link, status=303)


@require_POST
def notice_read_all(request):
    mark_read(Notice.objects.visible_to(request.user).unread())
    return redirect("notice-list")
