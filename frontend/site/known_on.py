"""`?known_on=`: a page as it was known at an earlier moment."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.site.error_pages import refused
from spaces import knowledge

OK, BAD, CONFLICT = 200, 400, 409
READ = ("GET", "HEAD", "OPTIONS")
READ_ONLY = gettext_lazy(
    "This page shows what was known earlier and is read-only: nothing was changed. Open it as it is known now, and do "
    "it there."
)


@dataclass(frozen=True, slots=True)
class KnownOn:
    """What `?known_on=` asks for: the moment, and the text that said so. A day alone is its end."""

    moment: datetime
    text: str

    @property
    def whole_day(self):
        return len(self.text) == len("2027-03-05")

    @property
    def day(self):
        return timezone.localdate(self.moment)

    @property
    def shown(self):
        return self.text if self.whole_day else f"{timezone.localtime(self.moment):%Y-%m-%d %H:%M}"


def data_day(request, day=None):
    """The day that a file speaks of, and what was known, as its title says it. `day`: None: the data date."""
    text = (day or request.as_of).isoformat()
    known = request.known_on
    return _("%(day)s, as known on %(moment)s") % {"day": text, "moment": known.shown} if known else text


def dated(request, name, kind, day=None):
    """The name of a file with the day that it speaks of, and what was known."""
    known = f"-known-{re.sub(r'[^0-9]+', '-', request.known_on.shown)}" if request.known_on else ""
    return f"{name}-{(day or request.as_of).isoformat()}{known}.{kind}"


def compares_known(view):
    """Mark a view that compares what was known then with what is known now: it is given both."""
    view.compares_known = True
    return view


class KnownOnMiddleware:
    """`request.known_on`: what the reader asks for and may ask; the page is made of what had been recorded by then.

    The API checks the parameter itself, with its other ones, and refuses it for a write.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.known_on, request.known_on_error = None, ""
        of_api = request.path_info.startswith("/api/")
        asked = dict.fromkeys(text.strip() for text in request.GET.getlist("known_on") if text.strip())
        typed = next(iter(asked), "")
        if not typed or request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        if request.method not in READ:
            return self.get_response(request) if of_api else refused(request, CONFLICT, READ_ONLY)
        try:
            moment = _moment(asked)
            knowledge.refuse(moment, request.user)
        except (PermissionDenied, ValidationError) as refusal:
            request.known_on_error = _error(refusal)
            return _page_or_refusal(request, self.get_response(request))
        request.known_on = KnownOn(moment, typed)
        if _compares(request.path_info):
            return self.get_response(request)
        with knowledge.as_known(moment, request.user):
            return _whole(self.get_response(request))


def _moment(asked):
    if len(asked) > 1:
        raise ValidationError(_("Give “%(name)s” once.") % {"name": "known_on"})
    return knowledge.read(next(iter(asked)))


def _page_or_refusal(request, response):
    """The response; a file that is answered, which can't say that it is of now, is refused."""
    of_api = request.path_info.startswith("/api/")
    if of_api or response.status_code != OK or response["Content-Type"].startswith("text/html"):
        return response
    return refused(request, BAD, request.known_on_error)


def _compares(path):
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return hasattr(getattr(view, "cls", view), "compares_known")


def _error(refusal):
    text = refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)
    return _("Known on: %(refusal)s The page shows what is known now.") % {"refusal": text}


def _whole(response):
    """The response, read to its end while the tables are those of then."""
    if response.streaming:
        response.streaming_content = [b"".join(response)]
    return response
