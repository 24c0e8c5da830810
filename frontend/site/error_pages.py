"""Pages, and problem details of the API, for requests that are refused or fail: 400 to 503."""

import logging
import secrets
import sys
from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.site.problems import NOT_COLLECTED_WORDS, OUTAGES, TITLES
from frontend.site.static_files import NotCollectedError
from spaces.actions.outages import outage

logger = logging.getLogger(__name__)
PROBLEM = "application/problem+json"


def bad_request(request, exception=None):  # noqa: ARG001 Django's call
    """400, in both languages, without reading anything of the request."""
    if _is_api(request):
        return _problem(request, 400, gettext_lazy("The request holds characters or a form that cannot be read."))
    return render(None, "400.html", status=400)


def permission_denied(request, exception):
    """403 with the message of the exception, which names the right and who grants it."""
    text = str(exception) if exception.args else ""
    if _is_api(request):
        return _problem(request, 403, text or gettext_lazy("You may not do this."))
    return _page(request, "403.html", {"text": text}, 403)


def page_not_found(request, exception):  # noqa: ARG001 Django's call
    """404, with the same body for what does not exist and what this person may not see."""
    if _is_api(request):
        return _problem(request, 404, gettext_lazy("Nothing is known at this address."))
    return _page(request, "404.html", {}, 404)


def too_many_requests(request):
    """429, called by allauth, which does not pass the limit that was reached; most are per minute."""
    answer = _page(request, "429.html", {}, 429)
    answer["Retry-After"] = "60"
    return answer


def server_error(request):
    """500. No context processor, no database: whatever failed may fail again. An outage is a 503."""
    if outage(sys.exception()):
        return unavailable(request, sys.exception())
    reference = secrets.token_hex(3).upper()
    logger.error("Reference %s: %s %s", reference, request.method, request.path, exc_info=True)  # noqa: LOG014 called by Django in the handler
    with translation.override(_language(request)):
        if _is_api(request):
            text = _("It has been recorded. Quote %(reference)s when you ask for help.") % {"reference": reference}
            return _problem(request, 500, text, reference=reference)
        return render(None, "500.html", {"reference": reference}, status=500)


def unavailable(request, error):
    """503: `error` is an outage. No context processor, no session, no database: whatever failed may fail again."""
    title, text, seconds = OUTAGES[outage(error)]
    logger.error("503 (%s): %s %s: %s", outage(error).value, request.method, request.path, error)
    answer = refused(request, HTTPStatus.SERVICE_UNAVAILABLE, text, title=title)
    answer["Retry-After"] = str(seconds)
    return answer


def not_collected(request):
    """503: a page names a file that was not collected; plain text where none was collected."""
    try:
        return refused(request, HTTPStatus.SERVICE_UNAVAILABLE, NOT_COLLECTED_WORDS)
    except NotCollectedError:
        return HttpResponse(NOT_COLLECTED_WORDS, status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")


def refused(request, status, text, facts=(), *, title=""):
    """A refusal that reads only the language of the request: no context processor, session or database."""
    with translation.override(_language(request)):
        text = str(text) % facts if facts else text
        if _is_api(request):
            return _problem(request, status, text)
        page = {"number": int(status), "title": title or TITLES[status], "text": text}
        return render(None, "frontend/refused.html", page | {"sent": request.method == "POST"}, status=status)


def csrf_failure(request, reason=""):  # noqa: ARG001 Django's call
    text = _(
        "This form is no longer valid: it was open for too long, or cookies are switched off. "
        "Go back, reload the page and send it again."
    )
    return _page(request, "403.html", {"text": text}, 403)


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
