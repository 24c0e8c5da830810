"""Limits of the size of a request, checked before its body is read.

`takes_files` marks a view that takes files, `takes_selection` one that takes a selection of rows in its address;
every other address has the small limits. granian passes a body on only as far as it is read, so
what is refused here is neither spooled nor received.
"""

from http import HTTPStatus

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from frontend.site.error_pages import refused
from spaces.values.plain_text import shown

MEGABYTE = 1_000_000
MOST_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
MOST_VALUES = 60  # of an address; the longest filter has about 40
MOST_SELECTED = 200  # rows that can be ticked on one page
LONGEST_QUERY = 8_000  # characters as sent; proxies commonly stop there too
OTHER_ENCODING = "hatchery.other_encoding"  # set by config/wsgi.py


def takes_files(most_bytes):
    """Mark a view that takes a file of that size; up to twice as much is read, so that the form can refuse it."""

    def mark(view):
        view.most_bytes = 2 * most_bytes + MOST_BYTES
        return view

    return mark


def takes_selection(most_values):
    """Mark a view whose address may name that many rows."""

    def mark(view):
        view.most_values = most_values
        return view

    return mark


class LimitsMiddleware:
    """413 for a body, 414 and 400 for an address beyond what its view takes; 411 for a body that has no length.

    415 for another encoding than UTF-8, which config/wsgi.py has found.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return _encoding(request) or _body(request) or _address(request) or self.get_response(request)


def _encoding(request):
    charset = request.META.get(OTHER_ENCODING)
    if charset is None:
        return None
    message = _("The request must be encoded in UTF-8, not in “%(charset)s”.")
    return refused(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message, {"charset": shown(charset)})


def _body(request):
    if "HTTP_TRANSFER_ENCODING" in request.META:
        message = _("The request must state its length (Content-Length).")
        return refused(request, HTTPStatus.LENGTH_REQUIRED, message)
    length = request.META.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdecimal() and len(length) < len(str(2**63)) else 2**63
    if size <= MOST_BYTES:
        return None
    # Only a signed-in person can send files, and signing in sets a cookie.
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    most = _of_view(request, "most_bytes", MOST_BYTES) if known else MOST_BYTES
    if size <= most:
        return None
    message = _("Too much was sent: %(sent)s MB. At most %(most)s MB are taken here. Send less, or a smaller file.")
    facts = {"sent": size // MEGABYTE, "most": most // MEGABYTE}
    return refused(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message, facts)


def _address(request):
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY:
        message = _(
            "The address is too long: %(sent)s characters behind the question mark. At most %(most)s are read."
        )
        facts = {"sent": len(query), "most": LONGEST_QUERY}
        return refused(request, HTTPStatus.REQUEST_URI_TOO_LONG, message, facts)
    values = query.count("&") + 1
    if values <= MOST_VALUES or values <= (most := _of_view(request, "most_values", MOST_VALUES)):
        return None
    given = [(name, len(texts)) for name, texts in request.GET.lists()]  # empty ones are left out
    name, times = max(given, key=lambda each: each[1], default=("", values))
    message = _("The address holds %(sent)s values, “%(name)s” alone %(times)s times. At most %(most)s are read here.")
    facts = {"sent": values, "name": name[:60], "times": times, "most": most}
    return refused(request, HTTPStatus.BAD_REQUEST, message, facts)


def _of_view(request, name, fallback):
    try:
        return getattr(resolve(request.path_info).func, name, fallback)
    except Resolver404:
        return fallback
