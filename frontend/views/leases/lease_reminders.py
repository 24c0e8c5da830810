"""Reminders to many companies at once: a check page with receivers and text, then the sending."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from frontend.act_page import submit
from frontend.forms.leases import RemindForm
from frontend.site.access import for_roles
from frontend.site.htmx import go_to
from frontend.site.interrupted_forms import typed
from frontend.site.limits import MOST_SELECTED, takes_selection
from frontend.site.links import page
from frontend.views.leases import lease_search
from frontend.views.leases.lease_search import current_lines
from tenants.actions import reminders
from tenants.models import Lease
from tenants.notices import recipients
from tenants.notices.notice_texts import EVENTS
from tenants.rights import LEASE
from tenants.states import LeaseState

MOST = 300  # leases of one press


@dataclass(frozen=True, slots=True)
class Receiver:
    """A lease, and the owners of its company who are reminded; `before`: they were reminded today already."""

    lease: Lease
    people: list
    before: bool


@takes_selection(MOST_SELECTED)
@require_http_methods(["GET", "POST"])
@for_roles(*LEASE["remind"])
def lease_remind(request):
    """The check page of `?lease=…&lease=…`, or with `?all=1` of all that match the filter. A POST sends."""
    leases, left_out = _chosen(request)
    form = RemindForm(typed(request))
    too_many = len(leases) > MOST

    def remind(it):
        _announce(request, reminders.remind(leases, message=it.data["words"], by=it.by, on=it.on))
        return page(request, "lease-list"), ""

    address = submit(request, form, remind, once=False) if leases and not too_many else None
    if address:
        return go_to(request, address)
    receivers = [] if too_many else _receivers(leases, request.today)
    context = {
        "form": form,
        "title": _("Remind companies of the end of their leases"),
        "numbers": ",".join(lease.number for lease in leases),
        "parts": _parts(receivers, request.today),
        "some": bool(receivers),
        "reminded": sum(bool(each.people) and not each.before for each in receivers),
        "left_out": left_out,
        "too_many": len(leases) if too_many else 0,
        "most": MOST,
        "back": page(request, "lease-list"),
        "narrow": True,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "frontend/lease_remind.html", context, status=status)


def _chosen(request):
    """(leases to remind of, how many of the chosen ones are left out: not signed, or of another park)."""
    mine = Lease.objects.editable_by(request.user, LEASE["remind"]).filter(state=LeaseState.SIGNED)
    mine = mine.select_related("company").prefetch_related(current_lines()).order_by("ends_on", "pk")
    if request.method == "GET" and request.GET.get("all"):
        it = lease_search.search(request)
        return list(mine.filter(pk__in=it.rows.order_by().values("pk"))[: MOST + 1]), 0
    sent = request.POST.get("leases", "").split(",") if request.method == "POST" else request.GET.getlist("lease")
    numbers = {number for number in sent if number}
    leases = list(mine.filter(number__in=sorted(numbers)[: MOST + 1]))
    return leases, len(numbers) - len(leases)


def _receivers(leases, today):
    owners = recipients.owners([lease.company_id for lease in leases])
    people = [user for several in owners.values() for user in several]
    before = recipients.reminded(leases, people, on=today)
    return [Receiver(lease, owners.get(lease.company_id, []), lease.pk in before) for lease in leases]


def _parts(receivers, today):
    """(heading, subject and text that the companies read, receivers): the overdue ones first."""
    late = [each for each in receivers if each.lease.ends_on <= today]
    soon = [each for each in receivers if each.lease.ends_on > today]
    facts = {"number": "…", "last_day": "…", "message": ""}
    shown = (("lease_reminder_late", pgettext("lease", "Overdue"), late), ("lease_reminder", _("Ending"), soon))
    return [
        (heading, EVENTS[event].subject % facts, (EVENTS[event].text % facts).strip(), rows)
        for event, heading, rows in shown
        if rows
    ]


def _announce(request, result):
    if result.sent:
        message = ngettext("Reminded of %(number)s lease.", "Reminded of %(number)s leases.", result.sent)
        messages.success(request, message % {"number": result.sent})
    else:
        messages.warning(request, _("Nothing was sent."))
    if result.before:
        message = ngettext("%(number)s lease: its company was reminded today already.",
                         "%(number)s leases: their companies were reminded today already.", result.before)  # fmt: skip
        messages.info(request, message % {"number": result.before})
    if result.nobody:
        message = ngettext("%(number)s lease: its company has no owner with an account. Call it.",
                         "%(number)s leases: their companies have no owner with an account. Call them.",
                         result.nobody)  # fmt: skip
        messages.warning(request, message % {"number": result.nobody})
