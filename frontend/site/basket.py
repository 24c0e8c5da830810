"""The units that a visitor has chosen, kept in the web session: at most five, before any login."""

from spaces.models import Unit
from tenants.actions.requests import MOST_REQUESTED_UNITS

SLOT = "basket"


def codes(request):
    return request.session.get(SLOT, [])


def add(request, more):
    """Add all of them or none; False where they do not fit."""
    chosen = codes(request)
    together = list(dict.fromkeys([*chosen, *(unit.code for unit in more)]))
    if len(together) > MOST_REQUESTED_UNITS:
        return False
    request.session[SLOT] = together
    return True


def remove(request, fewer):
    gone = {unit.code for unit in fewer}
    request.session[SLOT] = [code for code in codes(request) if code not in gone]


def clear(request):
    request.session.pop(SLOT, None)


def shown(request):
    """The context of the bar at the foot of a page and of its fragments."""
    return {"basket": [] if request.known_on else codes(request), "most": MOST_REQUESTED_UNITS}


def offered(request, units, *, staff):
    """The context of the button that adds or removes `units`; None where one of them cannot be requested.

    A unit that is not published is not offered, nor is any to `staff`, who answer requests, nor as known earlier.
    """
    asked = [] if staff or request.known_on else [unit.code for unit in units if unit.published]
    return {"codes": asked, "chosen": set(asked) <= set(codes(request))} if asked else None


def units(request):
    """The units themselves, in the order chosen; one that is no longer published is left out."""
    chosen = codes(request)
    if not chosen:
        return []
    rows = Unit.objects.visible_to(request.user).with_facts(request.today).filter(code__in=chosen, published=True)
    found = {unit.code: unit for unit in rows.select_related("floor__building__park")}
    return [found[code] for code in chosen if code in found]
