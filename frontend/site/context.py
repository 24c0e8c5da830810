"""The context of the frame of every page: menu, day, language, title."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from frontend.site.access import has_role, roles_of
from frontend.site.links import days_asked, with_day
from spaces.mail.composing import site_title
from spaces.models.people import INSIDERS
from spaces.states import Role
from spaces.values import clock

# Name of the page, icon, label, the other pages that belong to it: their names, or the first part of them.
MENU = (
    ("overview", "layout-dashboard", gettext_lazy("Overview"), ("vacancy-report",)),
    ("ecosystem-list", "building-community", gettext_lazy("Ecosystems"), ("ecosystem",)),
    ("park-list", "building", gettext_lazy("Parks"), ("park", "building", "floor", "plan")),
    ("unit-list", "layout-grid", gettext_lazy("Units"), ("unit", "allocation")),
    ("vacancy-list", "search", gettext_lazy("Find space"), ()),
    ("manage", "clipboard-list", gettext_lazy("To do"), ()),
    ("request-list", "inbox", gettext_lazy("Space requests"), ("request",)),
    ("lease-list", "file-text", gettext_lazy("Leases"), ("lease", "handover")),
    ("company-list", "users", gettext_lazy("Companies"), ("company", "incubation", "extension")),
    ("fairness-list", "scale", gettext_lazy("Fairness"), ("fairness",)),
    ("change-list", "history", gettext_lazy("Change log"), ("change", "restatement")),
    ("mail-list", "mail", gettext_lazy("Mail"), ("mail",)),
    ("definitions", "book-2", gettext_lazy("Definitions"), ()),
)
# For people without a role at a place: those of companies.
FOR_COMPANIES = (
    ("my-desk", "home", gettext_lazy("To do"), ("my", "request", "offer")),
    ("vacancy-list", "search", gettext_lazy("Find space"), ()),
    ("my-company", "building", gettext_lazy("My company"), ("company",)),
    ("my-members", "user", gettext_lazy("Colleagues"), ("member",)),
    ("park-list", "building-community", gettext_lazy("Parks"), ("park", "building", "floor", "plan")),
    ("definitions", "book-2", gettext_lazy("Definitions"), ()),
)
FOR_STAFF = {"change-list"}
# Whose roles have the page (the map of the pages); everyone signed in else.
FOR_ROLES = {"manage": (Role.PARK_MANAGER,), "mail-list": (Role.SYSTEM_ADMIN,)} | dict.fromkeys(
    ("request-list", "lease-list", "company-list", "fairness-list"), INSIDERS
)
ALWAYS = {"definitions"}


def shell(request):
    """The context of the frame. Error pages need it too, so it accepts a request that no middleware has completed."""
    if not hasattr(request, "as_of"):
        request.today = request.as_of = timezone.localdate()
        request.known_on = None
    day, today = request.as_of, request.today
    return {
        "site_title": site_title(),
        "menu": menu(request),
        "as_of": day,
        "today": today,
        "tense": "future" if day > today else "past" if day < today else "",
        "as_of_error": getattr(request, "as_of_error", ""),
        "known_on": request.known_on,
        "asks_known": _asks_known(request),
        "restated_url": _restated_url(request) if request.known_on else "",
        "now_day": clock.rights_today(),
        "known_on_error": getattr(request, "known_on_error", ""),
        "keep": urlencode(days_asked(request)),
        "kept_days": days_asked(request).items(),
        "kept_fields": kept_fields(request),
        "language": "en" if get_language() == "en" else "zh-Hans",
        "language_url": language_url(request),
        "text_size_url": text_size_url(request),
        "unread": getattr(getattr(request, "user", None), "unread_notices", 0),
        "large_text": request.COOKIES.get("fs") == "lg",
        "signup_open": settings.SIGNUP_OPEN,
        "demo": settings.DEBUG,
    }


def _asks_known(request):
    """Whether this person may ask what was known earlier."""
    user = getattr(request, "user", None)
    return bool(user) and user.is_authenticated and has_role(user, INSIDERS)


def _restated_url(request):
    """What was recorded otherwise since, for the day of this page and the park that it is about."""
    match = request.resolver_match
    found = match.kwargs if match else {}
    park = found.get("code") if match and match.url_name == "park-detail" else found.get("park")
    query = {"known_on": request.known_on.text, "as_of": request.as_of.isoformat()}
    return f"{reverse('restatement-list')}?{urlencode(query | ({'park': park} if park else {}))}"


def menu(request):
    """The pages that this person may open: address with the day kept, and whether it is the current page."""
    signed_in = bool(getattr(request, "user", None)) and request.user.is_authenticated
    shown = getattr(request.resolver_match, "url_name", None) or ""
    roles = roles_of(request.user) if signed_in else set()
    items = []
    for name, icon, word, family in FOR_COMPANIES if signed_in and not roles else MENU:
        if name in FOR_STAFF and not signed_in:
            continue
        if name in FOR_ROLES and roles.isdisjoint(FOR_ROLES[name]):
            continue
        if not (signed_in or settings.PLACES_OPEN or name in ALWAYS):
            continue
        active = shown == name or not {shown, shown.partition("-")[0]}.isdisjoint(family)
        items.append({"url": with_day(request, reverse(name)), "icon": icon, "word": word, "active": active})
    return items


def kept_fields(request):
    """The query of this page as hidden fields of the form that changes the day."""
    left = {"as_of", "known_on", "page", "lang"}
    return [(name, text) for name, texts in request.GET.lists() if name not in left for text in texts]


def language_url(request):
    other = "zh-hans" if get_language() == "en" else "en"
    return f"{reverse('set-language')}?{urlencode({'lang': other, 'next': _here(request)})}"


def text_size_url(request):
    size = "" if request.COOKIES.get("fs") == "lg" else "lg"
    return f"{reverse('set-text-size')}?{urlencode({'size': size, 'next': _here(request)})}"


def _here(request):
    query = request.GET.copy()
    query.pop("lang", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
