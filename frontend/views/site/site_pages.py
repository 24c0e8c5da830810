"""Language, text size, the accessibility statement and security.txt."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from spaces.mail.composing import on_site

SECURITY_TXT_GOOD_FOR = timedelta(days=180)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_language(request):
    """Store the language `lang` (LanguageMiddleware does so if it is in the address), then go back to `next`."""
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
    """RFC 9116: where to report a vulnerability. 404 unless the operator has set it."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines += [
        f"Expires: {timezone.now() + SECURITY_TXT_GOOD_FOR:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: zh, en",
        f"Canonical: {on_site(reverse('security-txt'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
