"""What HTTP calls a refusal, in the reader's language: the title of an RFC 9457 problem."""

from django.utils.translation import gettext_lazy as _

TITLES = {
    400: _("Bad Request"),
    401: _("Unauthorized"),
    403: _("Forbidden"),
    404: _("Not Found"),
    405: _("Method Not Allowed"),
    406: _("Not Acceptable"),
    409: _("Conflict"),
    412: _("Precondition Failed"),
    413: _("Content Too Large"),
    415: _("Unsupported Media Type"),
    422: _("Unprocessable Content"),
    428: _("Precondition Required"),
    429: _("Too Many Requests"),
    500: _("Internal Server Error"),
    503: _("Service Unavailable"),
}
BUSY_WORDS = _("Others are writing here right now, so nothing of yours was saved. Send it again in a few seconds.")
BUSY_SECONDS = 5
NOT_COLLECTED_WORDS = _(
    "This page lacks its static files. On the server run “manage.py collectstatic” and start again."
)
