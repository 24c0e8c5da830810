"""One line for each request, and one more in the security stream for what was refused."""

import logging
import secrets
import time
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied

from config.logs import masked_path, request_id

access = logging.getLogger("hatchery.access")
security = logging.getLogger("hatchery.security")
# A form of these that is shown again instead of leading on: a wrong password or code.
PROVES_WHO = {"account_login", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate"}


class AccessLogMiddleware:
    """Stands first, so that whatever answers is seen. It asks the database nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_id.set(secrets.token_hex(8))  # and it stays: Django writes lines of its own behind the last middleware
        begun = time.perf_counter()
        answer = self.get_response(request)
        told = {
            "event": "request",
            "actor": getattr(getattr(request, "_cached_user", None), "pk", None),
            "method": request.method,
            "path": masked_path(request.path_info),
            "status": answer.status_code,
            "ms": round((time.perf_counter() - begun) * 1000),
        }
        access.info("request", extra=told)
        event = _event(request, answer)
        if event:
            security.warning(event, extra=told | {"event": event, "address": _address(request)})
        answer["X-Request-ID"] = request_id.get()
        return answer


def _event(request, answer):
    match answer.status_code:
        case HTTPStatus.FORBIDDEN:
            return "refused"
        case HTTPStatus.TOO_MANY_REQUESTS:
            return "too many"
    name = getattr(request.resolver_match, "url_name", None)
    shown_again = answer.status_code < HTTPStatus.MULTIPLE_CHOICES and "HX-Redirect" not in answer
    return "sign-in failed" if request.method == "POST" and name in PROVES_WHO and shown_again else ""


def _address(request):
    """The address of who asked, as the limits count it; "" where the proxy in front did not tell it."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""
