"""Titles of HTTP errors in the reader's language, for RFC 9457 problems, and messages of outages."""

from django.utils.translation import gettext_lazy as _

from spaces.actions.outages import Outage

TITLES = {
    400: _("Bad Request"),
    401: _("Unauthorized"),
    403: _("Forbidden"),
    404: _("Not Found"),
    405: _("Method Not Allowed"),
    406: _("Not Acceptable"),
    409: _("Conflict"),
    411: _("Length Required"),
    412: _("Precondition Failed"),
    413: _("Content Too Large"),
    414: _("URI Too Long"),
    415: _("Unsupported Media Type"),
    422: _("Unprocessable Content"),
    428: _("Precondition Required"),
    429: _("Too Many Requests"),
    500: _("Internal Server Error"),
    503: _("Service Unavailable"),
}
# Of an outage: title, message, and the seconds after which to retry.
OUTAGES = {
    Outage.BUSY: (
        _("Busy for a moment"),
        _("Others are writing here right now, so nothing of yours was saved. Send it again in a few seconds."),
        5,
    ),
    Outage.AWAY: (
        _("Out of service for a moment"),
        _(
            "The database does not answer. Everything that was saved before is kept. Try again in a minute. "
            "If you sent a form, look first whether it was saved."
        ),
        30,
    ),
    Outage.FULL: (
        _("Nothing can be saved right now"),
        _(
            "The server cannot store anything: its disk is full or can only be read. Nothing of yours was saved. "
            "Pages can still be read. Tell the people who run this site, and try again later."
        ),
        60,
    ),
    Outage.MISSING: (
        _("The file is not there"),
        _(
            "The record of this file is kept, but the file itself is missing on the server. "
            "Tell the people who run this site: they can put it back from a backup."
        ),
        3600,
    ),
}
NOT_COLLECTED_WORDS = _(
    "This page lacks its static files. On the server run “manage.py collectstatic” and start again."
)
