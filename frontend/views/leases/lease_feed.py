"""The calendar feed: the page that makes its secret address, and the feed itself."""

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.site.context import site_title
from frontend.site.htmx import go_to
from spaces.mail.composing import on_site
from tenants.actions import feeds
from tenants.leasing import calendar_feed as calendars
from tenants.models import CalendarFeed

FRESH_SECONDS = 900  # of a phone's own cache


@require_http_methods(["GET", "POST"])
@never_cache
def lease_feed(request):
    """A POST makes a new address and shows it once; the old one stops working."""
    address = ""
    if request.method == "POST":
        token = feeds.make(by=request.user)
        address = on_site(reverse("calendar-feed", args=[token]))
    running = CalendarFeed.objects.visible_to(request.user).running().first()
    context = {"running": running, "address": address, "title": _("Calendar on my phone"), "most": calendars.MOST}
    return render(request, "frontend/lease_feed.html", context)


@require_POST
def lease_feed_end(request):
    if feeds.end(by=request.user):
        messages.success(request, _("The address opens nothing any more."))
    else:
        messages.info(request, _("There was no address to end."))
    return go_to(request, "lease-feed")


@login_not_required
@require_safe
def calendar_feed(request, token):
    """The calendar of the person who made the address, by that person's rights and language today. No login needed.

    Unknown, ended, or of a person whose account is closed: the same 404.
    """
    found = CalendarFeed.objects.running().filter(digest=feeds.digest(token)).select_related("user").first()
    if found is None:
        # Not the page of a 404: its links would repeat the address.
        return HttpResponseNotFound(_("Nothing is known at this address."), content_type="text/plain; charset=utf-8")
    body = calendars.of(found.user, on=request.today, name=site_title())
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="leases.ics"'
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=FRESH_SECONDS)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
