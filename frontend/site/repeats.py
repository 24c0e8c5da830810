"""A form sent twice is done once: the second press is answered as the first was. Shares the API's Idempotency-Key.

The page carries a token; the same token with the same words is the same press. Other words are another wish, also when
they come from the same page by the back button.
"""

import hashlib
import json
import secrets

from tenants.actions import calls

NAME = "once"
APART = ("csrfmiddlewaretoken",)


def token(request):
    """The token of a page: the one it was sent with, as long as it comes back to be mended; else a new one."""
    return request.POST.get(NAME) or secrets.token_urlsafe(12)


def answered(request):
    """(address, words) of the press before, if this one is the same; else None."""
    if request.method != "POST" or not request.POST.get(NAME) or not request.user.is_authenticated:
        return None
    told = calls.answered(request.user, _key(request))
    return (told["address"], told["words"]) if told else None


def do(request, act, *rows):
    """(address, words) of an act that is given back by `act`, done at most once for the form that was sent.

    `rows` are those that the act is given: they are put back before it is tried again.
    """
    if not request.POST.get(NAME):
        return act()

    def answered():
        address, words = act()
        return {"address": str(address), "words": str(words)}

    told = calls.once(request.user, _key(request), answered, list(rows))
    return told["address"], told["words"]


def _key(request):
    sent = {name: values for name, values in request.POST.lists() if name not in APART}
    files = [(name, [(each.name, each.size) for each in several]) for name, several in request.FILES.lists()]
    told = json.dumps([request.path, sent, files], sort_keys=True)
    return f"form {hashlib.sha256(told.encode()).hexdigest()}"
