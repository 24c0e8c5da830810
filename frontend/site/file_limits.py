"""Files for visitors: so many from one network, as writing a large one takes a second."""

import math
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.utils.translation import gettext_lazy

from frontend.site import devices
from frontend.site.error_pages import refused
from frontend.site.formatting import duration
from spaces.actions import throttle


def too_many(request):
    """The refusal of one more file (429), or None. Who has signed in is not limited."""
    if request.user.is_authenticated:
        return None
    wait = throttle.file(address=devices.network(get_adapter().get_client_ip(request)))
    if not wait:
        return None
    seconds = math.ceil(wait.total_seconds())
    message = gettext_lazy(
        "Too many files were asked for from here without signing in. Sign in, or try again in %(wait)s."
    )
    answer = refused(request, HTTPStatus.TOO_MANY_REQUESTS, message, {"wait": duration(seconds)})
    answer["Retry-After"] = str(seconds)
    return answer
