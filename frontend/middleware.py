"""What every request passes before a view sees it."""

import re
import unicodedata
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, QueryDict
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from frontend import once
from frontend.access import KEEP_AND_ASK
from frontend.htmx import VARY, go_to, wants_fragment
from frontend.kept import keep
from frontend.views.shell import bad_request, busy, page_not_found
from spaces.actions.whole import contended
from spaces.hygiene import FORBIDDEN

# Of what is typed into a form only NUL, which no database takes: the form's fields refuse the rest by name and value,
# and nothing that was typed is lost.
POISON = re.compile(r"\x00")
# Python takes digits of every script for numbers; an address has one spelling.
FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)


class HygieneMiddleware:
    """400 for addresses and names with what no person types, and for NUL. What is typed: spaces.hygiene."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        typed = [text for _name, texts in _posted(request).lists() for text in texts]
        if any(FORBIDDEN.search(text) for text in _names(request)) or any(POISON.search(text) for text in typed):
            return bad_request(request)
        if FOREIGN_DIGIT.search(request.path_info):
            return page_not_found(request, None)
        return self.get_response(request)


def _posted(request):
    return request.POST if request.method == "POST" and request.content_type in FORMS else QueryDict()


def _names(request):
    """The address with its query, and what is named beside what was typed: fields and files."""
    yield request.path_info
    for name, texts in request.GET.lists():
        yield name
        yield from texts
    if _posted(request):
        yield from request.POST
    if request.method == "POST" and request.content_type in FORMS:
        yield from (file.name or "" for files in request.FILES.lists() for file in files[1])


class LanguageMiddleware(LocaleMiddleware):
    """Chinese, unless the cookie or Accept-Language prefers English. `?lang=` decides, and is remembered for pages."""

    def process_request(self, request):
        super().process_request(request)
        asked = request.GET.get("lang", "").lower()
        request.asked_language = asked if asked in dict(settings.LANGUAGES) else None
        if request.asked_language:
            translation.activate(request.asked_language)
            request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request, response):
        if request.path_info.startswith("/api/"):
            return super().process_response(request, response)
        if getattr(request, "asked_language", None):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                request.asked_language,
                max_age=365 * 86400,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        patch_vary_headers(response, ("Cookie",))
        return super().process_response(request, response)


class LoginMiddleware(LoginRequiredMiddleware):
    """A login for every view, but for open places while they are open; what a person sees is stored by no cache, but
    for private files, which his own browser keeps and asks about each time.

    A form that was sent while the login had run out is kept, and comes back filled after the login (frontend.kept).
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if settings.PLACES_OPEN and getattr(view_func, "open_place", False):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        login = resolve_url(self.get_login_url(view_func))
        if not wants_fragment(request):
            newcomer = request.method == "POST" and settings.SIGNUP_OPEN and hasattr(view_func, "for_newcomers")
            return redirect_to_login(keep(request), resolve_url("account_signup") if newcomer else login)
        here = request.htmx.current_url_abs_path or keep(request)
        answer = HttpResponseClientRedirect(redirect_to_login(here, login).url)
        patch_vary_headers(answer, VARY)
        return answer

    def process_response(self, request, response):
        if request.user.is_authenticated and response.get("Cache-Control") != KEEP_AND_ASK:
            patch_cache_control(response, private=True, no_store=True)
        return response


class OnceMiddleware:
    """The second press of a form is answered as the first was, before any view finds that its act is no longer due."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):  # noqa: ARG002 Django's call
        told = once.answered(request)
        if told is None:
            return None
        address, words = told
        if words:
            messages.success(request, words)
        return go_to(request, address)


class AsOfMiddleware:
    """`request.today`, and `request.as_of`: the day that the pages speak of, today unless `?as_of=` names another."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.today = request.as_of = timezone.localdate()
        request.as_of_error = ""
        told = request.GET.get("as_of", "").strip()
        if told and not request.path_info.startswith(("/api/", settings.STATIC_URL)):
            day = read_day(told)
            if day:
                request.as_of = day
            else:
                request.as_of_error = _(
                    "Data date: “%(value)s” is not a day from 2000-01-01 to 2099-12-31. "
                    "Enter it as 2027-03-05. The page shows today."
                ) % {"value": told[:40]}
        return self.get_response(request)


class OwnErrorsMiddleware:
    """Our own 404 page, with DEBUG on too: strangers meet the product by way of the demo. And 503 for contention."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if contended(exception):
            return busy(request)
        return page_not_found(request, exception) if isinstance(exception, Http404) else None


def read_day(text):
    """2027-03-05, 2027/3/5, 2027年3月5日 or 20270305, full-width too; None for anything else or out of range."""
    match = DAY.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if match is None:
        return None
    try:
        day = date(*(int(part) for part in match.groups() if part))
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
