"""Units that a visitor has in mind, in the web session: at most five, before any login."""

from spaces.models import Unit
from tenants.actions.requests import MOST_WISHED

SLOT = "basket"


def codes(request):
    return request.session.get(SLOT, [])


def add(request, more):
    """All of them or none: False when they do not find room."""
    chosen = codes(request)
    together = list(dict.fromkeys([*chosen, *(unit.code for unit in more)]))
    if len(together) > MOST_WISHED:
        return False
    request.session[SLOT] = together
    return True


def remove(request, fewer):
    gone = {unit.code for unit in fewer}
    request.session[SLOT] = [code for code in codes(request) if code not in gone]


def clear(request):
    request.session.pop(SLOT, None)


def shown(request):
    """What the bar at the foot of a page tells, of this page and of the fragments that it asks for."""
    return {"basket": codes(request), "most": MOST_WISHED}


def offered(request, units, *, staff):
    """What the button beside `units` of one page puts in or takes out; None where nobody may ask for one of them.

    A unit that is not published is not offered, nor is any to `staff`, who answer requests.
    """
    asked = [unit.code for unit in units if unit.published]
    return {"codes": asked, "chosen": set(asked) <= set(codes(request))} if asked and not staff else None


def units(request):
    """The units themselves, in the order chosen; one that is no longer published is left out."""
    chosen = codes(request)
    if not chosen:
        return []
    rows = Unit.objects.visible_to(request.user).filter(code__in=chosen, published=True)
    found = {unit.code: unit for unit in rows.select_related("floor__building__park__ecosystem")}
    return [found[code] for code in chosen if code in found]
