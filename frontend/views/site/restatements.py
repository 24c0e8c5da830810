"""What has been recorded otherwise since an earlier moment, beside what was known then."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.site.access import for_roles
from frontend.site.bounded_pages import ListPaginator
from frontend.site.known_on import compares_known
from frontend.site.links import named
from spaces.access import get_visible
from spaces.knowledge.restatements import is_limited, reasons, restated, restated_parks
from spaces.ledger.standings import sums
from spaces.models import Park
from spaces.models.people import INSIDERS
from spaces.states import ParkKind

PER_PAGE = 50


@require_GET
@compares_known
@for_roles(*INSIDERS)
def restatement_list(request):
    """Of the data date: units whose state or area was known otherwise on `known_on`, and the sum; `park` narrows."""
    code = request.GET.get("park", "")
    park = get_visible(Park.objects, request.user, code=code) if code else None
    context = {"park": park}
    if request.known_on:
        rows = restated(request.known_on.moment, request.user, on=request.as_of, park=code)
        shown = ListPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        changes = reasons(shown.object_list, request.known_on.moment, request.user)
        context |= {"page": shown, "rows": [(row, changes[row.unit]) for row in shown.object_list]}
        context["lettable"], context["taken"] = sums(rows)
        context["limited"] = is_limited(request.known_on.moment, request.user, on=request.as_of)
        moved = restated_parks(request.known_on.moment, request.user, on=request.as_of, park=code)
        context["parks"] = [(row.park, _belongs(*row.then), _belongs(*row.now)) for row in moved]
    return render(request, "frontend/restatement_list.html", context)


def _belongs(ecosystem, kind):
    return f"{named(ecosystem) if ecosystem else _('No ecosystem')} · {dict(ParkKind.choices)[kind]}"
