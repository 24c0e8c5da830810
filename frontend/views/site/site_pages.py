"""The frame's own pages: language, text size, plain pages, errors."""

import logging
import secrets
import sys
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from frontend.site.problems import NOT_COLLECTED_WORDS, OUTAGES, TITLES
from frontend.site.static_files import NotCollectedError
from spaces.actions.outages import outage
from spaces.mail.composing import on_site

logger = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
SECURITY_TXT_GOOD_FOR = timedelta(days=180)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_language(request):
    """`lang` is remembered (LanguageMiddleware sees to it when it stands in the address), then back to `next`."""
    answer = _back(request)
    asked = request.POST.get("lang")
    if asked in dict(settings.LANGUAGES):
        request.asked_language = asked
    return answer


@login_not_required
@require_safe
def set_text_size(request):
    """Large letters on or off for this browser; app.js does the same without the round trip."""
    answer = _back(request)
    if request.GET.get("size") == "lg":
        answer.set_cookie("fs", "lg", max_age=365 * 86400, secure=request.is_secure(), samesite="Lax")
    else:
        answer.delete_cookie("fs", samesite="Lax")
    return answer


def _back(request):
    to = request.POST.get("next") or request.GET.get("next") or "/"
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=hosts, require_https=request.is_secure()):
        to = "/"
    return HttpResponseRedirect(to, status=303)


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "frontend/accessibility.html")


@login_not_required
@require_safe
def security_txt(request):  # noqa: ARG001 Django's call
    """RFC 9116: where to report a weakness. 404 unless the operator says where."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines += [
        f"Expires: {timezone.now() + SECURITY_TXT_GOOD_FOR:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: zh, en",
        f"Canonical: {on_site(reverse('security-txt'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def bad_request(request, exception=None):  # noqa: ARG001 Django's call
    """400. Perhaps nothing of the request can be trusted: a page that asks nothing of it, in both languages."""
    if _is_api(request):
        return _problem(request, 400, gettext_lazy("The request holds characters or a form that cannot be read."))
    return render(None, "400.html", status=400)


def permission_denied(request, exception):
    """403. The exception's words name the right and who grants it."""
    words = str(exception) if exception.args else ""
    if _is_api(request):
        return _problem(request, 403, words or gettext_lazy("You may not do this."))
    return _page(request, "403.html", {"words": words}, 403)


def page_not_found(request, exception):  # noqa: ARG001 Django's call
    """404, with the same body for what does not exist and what this person may not see."""
    if _is_api(request):
        return _problem(request, 404, gettext_lazy("Nothing is known at this address."))
    return _page(request, "404.html", {}, 404)


def too_many_requests(request):
    """429, from allauth: it does not tell which limit it was. Most are of a minute."""
    answer = _page(request, "429.html", {}, 429)
    answer["Retry-After"] = "60"
    return answer


def server_error(request):
    """500. No context processor, no database: whatever failed may fail again. An outage is a 503."""
    if outage(sys.exception()):
        return unavailable(request, sys.exception())
    reference = secrets.token_hex(3).upper()
    logger.error("Reference %s: %s %s", reference, request.method, request.path, exc_info=True)  # noqa: LOG014
    with translation.override(_language(request)):
        if _is_api(request):
            words = _("It has been recorded. Quote %(reference)s when you ask for help.") % {"reference": reference}
            return _problem(request, 500, words, reference=reference)
        return render(None, "500.html", {"reference": reference}, status=500)


def unavailable(request, error):
    """503: `error` is an outage. No context processor, no session, no database: whatever failed may fail again."""
    title, words, seconds = OUTAGES[outage(error)]
    logger.error("503 (%s): %s %s: %s", outage(error).value, request.method, request.path, error)
    answer = refused(request, HTTPStatus.SERVICE_UNAVAILABLE, words, title=title)
    answer["Retry-After"] = str(seconds)
    return answer


def not_collected(request):
    """503: a page names a file that `collectstatic` has not seen. Words alone, where it has seen none at all."""
    try:
        return refused(request, HTTPStatus.SERVICE_UNAVAILABLE, NOT_COLLECTED_WORDS)
    except NotCollectedError:
        return HttpResponse(NOT_COLLECTED_WORDS, status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")


def refused(request, status, words, told=(), *, title=""):
    """A refusal that asks nothing of the request but its language: no context processor, session or database."""
    with translation.override(_language(request)):
        words = str(words) % told if told else words
        if _is_api(request):
            return _problem(request, status, words)
        page = {"number": int(status), "title": title or TITLES[status], "words": words}
        return render(None, "frontend/refused.html", page | {"sent": request.method == "POST"}, status=status)


def csrf_failure(request, reason=""):  # noqa: ARG001 Django's call
    words = _(
        "This form is no longer valid: it was open for too long, or cookies are switched off. "
        "Go back, reload the page and send it again."
    )
    return _page(request, "403.html", {"words": words}, 403)


def _page(request, template, context, status):
    """An error page. A refusal in front of LanguageMiddleware has no language yet."""
    with translation.override(_language(request)):
        answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ("Cookie", "Accept-Language"))
    return answer


def _language(request):
    return getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)


def _is_api(request):
    return request.path_info.startswith("/api/")


def _problem(request, status, detail, **more):
    with translation.override(_language(request)):
        body = {"type": "about:blank", "title": str(TITLES[status]), "status": status, "detail": str(detail), **more}
        return JsonResponse(body, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})
