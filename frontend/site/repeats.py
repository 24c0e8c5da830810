"""A form sent twice is done once; the second press gets the answer of the first. Stored as the API's Idempotency-Key.

The page carries a token; the same token with the same data is the same press. Other data is another act, also when
they come from the same page by the back button.
"""

import hashlib
import json
import secrets

from tenants.actions import calls

NAME = "once"
APART = ("csrfmiddlewaretoken",)


def token(request):
    """The token of a page: the one it was sent with while it is refused, else a new one."""
    return request.POST.get(NAME) or secrets.token_urlsafe(12)


def answered(request):
    """(address, message) of the press before, if this one is the same; else None."""
    if request.method != "POST" or not request.POST.get(NAME) or not request.user.is_authenticated:
        return None
    answer = calls.answered(request.user, _key(request))
    return (answer["address"], answer["message"]) if answer else None


def do(request, act, *rows):
    """(address, message) that `act` returned; it runs at most once for the form that was sent.

    `rows`: the rows that the act was given, restored before a retry.
    """
    if not request.POST.get(NAME):
        return act()

    def answered():
        address, message = act()
        return {"address": str(address), "message": str(message)}

    answer = calls.once(request.user, _key(request), answered, list(rows))
    return answer["address"], answer["message"]


def fingerprint(request, apart=APART):
    """A digest of what a form sent and where, without the fields `apart`."""
    sent = {name: values for name, values in request.POST.lists() if name not in apart}
    files = [(name, [(each.name, each.size) for each in several]) for name, several in request.FILES.lists()]
    content = json.dumps([request.path, sent, files], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _key(request):
    return f"form {fingerprint(request)}"
