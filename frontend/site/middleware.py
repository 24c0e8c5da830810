"""The middleware."""

import re
import sys
import unicodedata
from datetime import date
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import Http404, HttpResponsePermanentRedirect, QueryDict
from django.middleware.common import CommonMiddleware
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from frontend.site import repeats
from frontend.site.access import KEEP_AND_ASK, has_role
from frontend.site.error_pages import bad_request, not_collected, page_not_found, unavailable
from frontend.site.htmx import VARY, go_to, wants_fragment
from frontend.site.interrupted_forms import keep
from frontend.site.static_files import NotCollectedError
from spaces.access import AHEAD
from spaces.actions.outages import outage
from spaces.models.people import INSIDERS
from spaces.values import clock
from spaces.values.days import FIRST, LAST
from spaces.values.plain_text import FORBIDDEN

# Of what is typed into a form only NUL, which no database takes: the form's fields refuse the rest by name and value,
# and nothing that was typed is lost.
POISON = re.compile(r"\x00")
# Python takes digits of every script for numbers, where an address has one spelling; no key of ours has 20 digits, and
# Python and both databases refuse longer numbers each in a way of its own.
NO_KEY = re.compile(r"[^\D0-9]|[0-9]{20}")
FOLLOWED = (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)


class OutageMiddleware:
    """503 for an outage that no handler caught: with DEBUG on, Django answers those of a middleware itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        error = getattr(request, "failed_by", None)
        failed = answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
        return unavailable(request, error) if failed and outage(error) else answer


@receiver(got_request_exception)
def remember(request, **_told):
    """Remember the error: Django turns it into a response where it was raised, so no middleware sees it."""
    request.failed_by = sys.exception()


class HygieneMiddleware:
    """400 for addresses and names with characters that nobody enters, and for NUL in cookies."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        typed = [text for _name, texts in _posted(request).lists() for text in texts] + [*request.COOKIES.values()]
        if any(FORBIDDEN.search(text) for text in _names(request)) or any(POISON.search(text) for text in typed):
            return bad_request(request)
        if NO_KEY.search(request.path_info):
            return page_not_found(request, None)
        return self.get_response(request)


def _posted(request):
    return request.POST if request.method == "POST" and request.content_type in FORMS else QueryDict()


def _names(request):
    """The address with its query, and the names of fields and files."""
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


class SlashMiddleware(CommonMiddleware):
    """Redirect an address without its slash to the one with it, keeping a POST (308)."""

    response_redirect_class = staticmethod(partial(HttpResponsePermanentRedirect, preserve_request=True))

    def get_full_path_with_slash(self, request):
        """Without Django's error for a POST while DEBUG is on: nothing that was sent is lost here."""
        return escape_leading_slashes(request.get_full_path(force_append_slash=True))


class LoginMiddleware(LoginRequiredMiddleware):
    """A login for every view, but for open places while they are open; signed-in responses are not cached, except
    private files, which the browser stores and revalidates.

    A form that was sent after the session had ended is kept, and comes back filled after the login: interrupted_forms.
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
        failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR  # reading the user could fail too
        if failed or (request.user.is_authenticated and response.get("Cache-Control") != KEEP_AND_ASK):
            patch_cache_control(response, private=True, no_store=True)
        return response


class RedirectMiddleware:
    """Turn a redirect after a form sent by htmx into a page load: fetch would follow it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.htmx and request.method == "POST" and response.status_code in FOLLOWED:
            response.status_code = HTTPStatus.OK
            response["HX-Redirect"] = response["Location"]
            del response["Location"]
        if "HX-Redirect" in response:
            response["HX-Redirect"] = _loaded_anew(response["HX-Redirect"], request)
        return response


def _loaded_anew(url, request):
    """The address without a fragment of the current page: a browser would only scroll there and load nothing."""
    plain, _sign, _place = url.partition("#")
    shown, _sign, _place = (request.htmx.current_url_abs_path or "").partition("#")
    return plain if plain == shown else url


class OnceMiddleware:
    """Answer the second press of a form like the first, where the view refuses an act that is no longer due."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not HTTPStatus(response.status_code).is_client_error:
            return response
        answer = repeats.answered(request)
        if answer is None:
            return response
        address, message = answer
        if message:
            messages.success(request, message)
        return go_to(request, address)


class AsOfMiddleware:
    """`request.today`, and `request.as_of`: the day that the pages speak of, today unless `?as_of=` names another."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.today = request.as_of = clock.today()
        request.as_of_error = ""
        typed = request.GET.get("as_of", "").strip()
        if typed and not request.path_info.startswith(("/api/", settings.STATIC_URL)):
            day = read_day(typed)
            if day and day > request.today and not _looks_ahead(request.user):
                message = _("Data date: %(refusal)s The page shows today.")
                request.as_of_error = message % {"refusal": AHEAD % {"day": day}}
            elif day:
                request.as_of = day
            else:
                request.as_of_error = _(
                    "Data date: “%(value)s” is not a day from 2000-01-01 to 2099-12-31. "
                    "Enter it as 2027-03-05. The page shows today."
                ) % {"value": typed[:40]}
        return self.get_response(request)


class OwnErrorsMiddleware:
    """Our own 404 page, with DEBUG on too: strangers meet the product by way of the demo. And 503 for an outage."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if outage(exception):
            return unavailable(request, exception)
        if isinstance(exception, NotCollectedError):
            return not_collected(request)
        return page_not_found(request, exception) if isinstance(exception, Http404) else None


def _looks_ahead(user):
    """`spaces.access.looks_ahead`, with the roles that came with the login."""
    return user.is_authenticated and has_role(user, INSIDERS)


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
