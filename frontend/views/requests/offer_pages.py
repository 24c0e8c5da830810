"""An offer as the company reads and answers it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from frontend.act_page import Act, status_of, submit
from frontend.forms.offers import AcceptForm, DeclineForm, WithdrawOfferForm
from frontend.site import repeats
from frontend.site.interrupted_forms import taken_up, typed
from frontend.site.links import named
from spaces.access import get_editable, get_visible, may_edit
from spaces.values.days import days_left, last_day
from tenants.actions import offers
from tenants.actions.offers import SIGN_DAYS
from tenants.models import Offer, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.rights import MANAGER, OFFER, OWNER

ROWS = Offer.objects.select_related("request__company", "park", "decided_by")


ANSWERS = {
    "accept": Act(
        gettext_lazy("Accept offer"),
        lambda it: offers.accept(it.row, by=it.by, on=it.on),
        gettext_lazy("Accepted. The units stay held for you until the lease is signed."),
        AcceptForm,
    ),
    "decline": Act(
        gettext_lazy("Decline"),
        lambda it: offers.decline(it.row, reason=it.data["decline_reason"], by=it.by, on=it.on),
        gettext_lazy("Declined. Your request waits for another offer."),
        DeclineForm,
    ),
    "withdraw": Act(
        gettext_lazy("Withdraw offer"),
        lambda it: offers.withdraw(it.row, why=it.data["why"], by=it.by, on=it.on),
        gettext_lazy("Withdrawn. The units are free again."),
        WithdrawOfferForm,
    ),
}


@require_GET
def offer_detail(request, number):
    """Units, terms, days left to answer, and the answers that this person may give."""
    offer = get_visible(ROWS, request.user, number=number)
    context = _facts(request, offer) | {
        "owner": _may(request, offer, OWNER),
        "member": _may(request, offer, ANYONE_OF_IT),
        "manager": _may(request, offer, MANAGER),
    }
    return render(request, "frontend/offer_detail.html", context)


@require_http_methods(["GET", "POST"])
def offer_answer(request, number, answer):
    """The check page of an answer: consequences, a reason where one is required, a button."""
    act = ANSWERS[answer]
    offer = get_editable(ROWS, request.user, roles=OFFER[answer], number=number)
    form = act.form(typed(request))

    def run(it):
        act.run(it)
        return reverse("offer-detail", args=[number]), act.done

    address = submit(request, form, run, offer, guards=offer)
    if address:
        return redirect(address)
    context = {"form": form, "act": act, "verb": answer, "sign_days": SIGN_DAYS, "narrow": True}
    return render(request, "frontend/offer_answer.html", _facts(request, offer) | context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def offer_visit(request, number):
    """想看现场: ask to see the units; for anyone of the company. Without input, so a GET only redirects."""
    offer = get_editable(ROWS, request.user, roles=ANYONE_OF_IT, number=number)
    if taken_up(request) is not None:
        try:
            _address, message = repeats.do(request, lambda: _visit_asked(request, offer), offer)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, message)
    return redirect("offer-detail", number)


def _visit_asked(request, offer):
    offers.ask_visit(offer, by=request.user, on=request.today)
    return reverse("offer-detail", args=[offer.number]), _(
        "The park has been informed that you would like to see the units."
    )


def _facts(request, offer):
    lines = (
        offer.lines.select_related("unit__floor__building")
        .prefetch_related("unit__periods")
        .order_by("unit__code_order")
    )
    return {
        "offer": offer,
        "lines": lines,
        "area": sum((line.unit.usable_area for line in lines if line.unit.usable_area is not None), 0),
        "left": days_left(offer.held_until, request.today),
        "answer_by": last_day(offer.held_until),
        "lapsed": offer.lapsed(request.today),
        "open": offer.is_open(request.today),
        "park_name": named(offer.park),
        "request_open": SpaceRequest.objects.waiting().filter(pk=offer.request_id).exists(),
    }


def _may(request, offer, roles):
    return may_edit(Offer.objects, request.user, roles=roles, pk=offer.pk)
