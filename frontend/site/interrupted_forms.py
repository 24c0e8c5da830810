"""Forms that were sent after the login had expired: kept in the session, restored once after the login."""

import secrets
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import QueryDict
from django.utils.translation import gettext as _

from frontend.site import devices
from spaces.actions import throttle

SLOT = "kept_form"
KEY = "kept"
ROOM = 100_000  # characters; the longest form has some 10,000


def keep(request):
    """Keep a POST that lacked a login, and return the address that brings it back. Secrets and files are not kept.

    A button alone holds no input: no session is made for it, as any visitor can press it.
    """
    if request.method != "POST" or "password" in "".join(request.POST):
        return request.get_full_path()
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    button_alone = not any(any(values) for _name, values in typed.lists())
    if len(text) > ROOM or (button_alone and request.session.is_empty()) or _too_many(request):
        return request.get_full_path()
    key = secrets.token_urlsafe(9)
    request.session[SLOT] = {"key": key, "path": request.path, "text": text}
    return f"{request.path}?{urlencode({KEY: key})}"


def _too_many(request):
    """Whether this address has kept too many forms: a hundred, then one a minute. Sessions fill a table."""
    return bool(throttle.form(address=devices.network(get_adapter().get_client_ip(request))))


def waits(request):
    """Whether a form was kept for this page."""
    slot = request.session.get(SLOT)
    return bool(slot) and slot["path"] == request.path and slot["key"] == request.GET.get(KEY)


def typed(request):
    """The data of the form: as posted, or as kept, with a message; None before any was sent."""
    back = request.method != "POST" and waits(request)
    if back:
        messages.info(request, _("You had been logged out. What you typed is all here: look at it and send it again."))
    return taken_up(request)


def taken_up(request):
    """The same without a message."""
    if request.method == "POST":
        return request.POST
    return QueryDict(request.session.pop(SLOT)["text"]) if waits(request) else None
