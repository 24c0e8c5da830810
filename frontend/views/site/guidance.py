"""Help, a page for each role, and what the site keeps about people."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from frontend.site import devices
from frontend.site.access import roles_of
from spaces.actions import mail
from spaces.states import Role
from tenants.actions import invitations

PAGES = {
    "visitor": gettext_lazy("Visitors"),
    "company": gettext_lazy("Companies"),
    "manager": gettext_lazy("Park managers"),
    "officer": gettext_lazy("Officers and officials"),
    "auditor": gettext_lazy("Auditors"),
    "admin": gettext_lazy("System admins"),
}
# The first role held decides.
OF_ROLES = {
    Role.PARK_MANAGER: "manager",
    Role.ECOSYSTEM_OFFICER: "officer",
    Role.PROVINCIAL_OFFICIAL: "officer",
    Role.AUDITOR: "auditor",
    Role.SYSTEM_ADMIN: "admin",
}


@login_not_required
@require_safe
def help_page(request):
    """The help page of the person's role."""
    return _page(request, page_of(request.user))


@login_not_required
@require_safe
def help_role(request, role):
    if role not in PAGES:
        raise Http404
    return _page(request, role)


def page_of(user):
    if not user.is_authenticated:
        return "visitor"
    roles = roles_of(user)
    return next((page for role, page in OF_ROLES.items() if role in roles), "company")


def _page(request, slug):
    api_open = settings.API_DOCS_OPEN or request.user.is_authenticated
    context = {"slug": slug, "word": PAGES[slug], "pages": PAGES.items(), "api_open": api_open}
    return render(request, f"frontend/help_{slug}.html", context)


@login_not_required
@require_safe
def privacy(request):
    days = {"sent": mail.KEPT.days, "invited": invitations.GOOD_FOR.days}
    hours = settings.SESSION_COOKIE_AGE // 3600
    return render(request, "frontend/privacy.html", {"days": days, "hours": hours, "device_days": devices.KEPT_DAYS})
