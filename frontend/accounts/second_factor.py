"""People who must have a second factor and have none can only set it up."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from frontend.site.access import roles_of
from frontend.site.error_pages import permission_denied
from frontend.site.htmx import wants_fragment

SET_UP = "mfa_activate_totp"
# The set-up with its password check, the log-out, and pages that anybody may read.
STILL_OPEN = {
    SET_UP, "account_reauthenticate", "account_logout", "set-language", "set-text-size", "help", "help-role",
    "accessibility",
    "privacy", "security-txt",
}  # fmt: skip
# Part of the query that reads the user of a request. Recovery codes alone are no factor.
HAS_ONE = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP))


def required(user):
    """Whether a role of this person, or the right to the repair desk, asks for a second factor."""
    asked = settings.SECOND_FACTOR_ROLES
    return bool(asked) and (user.is_staff or not roles_of(user).isdisjoint(asked))


class SecondFactorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):  # noqa: ARG002 Django's call
        user = request.user
        if not user.is_authenticated or user.has_second_factor or not required(user):
            return None
        if request.resolver_match.url_name in STILL_OPEN:
            return None
        message = _(
            "Your role needs a second factor. Set it up first: it takes an app that makes codes, and a minute."
        )
        if request.path_info.startswith("/api/"):
            return permission_denied(request, PermissionDenied(message))
        if wants_fragment(request):
            return HttpResponseClientRedirect(resolve_url(SET_UP))
        messages.warning(request, message)
        return redirect(SET_UP)
