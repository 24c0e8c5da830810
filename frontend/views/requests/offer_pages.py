"""An offer as the company reads and answers it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from frontend.forms import concurrent_edits
from frontend.forms.offers import AcceptForm, DeclineForm, WithdrawOfferForm
from frontend.site import repeats
from frontend.site.interrupted_forms import taken_up, typed
from frontend.site.links import named
from frontend.views.units.unit_acts import add_refusal
from spaces.access import get_editable, get_visible
from spaces.states import Role
from spaces.values.days import days_left, last_day
from tenants.actions import offers
from tenants.actions.locked_rows import unchanged
from tenants.actions.offers import SIGN_DAYS
from tenants.models import Offer, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.states import MemberRole, OfferState

OWNER = (MemberRole.OWNER,)
ROWS = Offer.objects.select_related("request__company", "park", "decided_by")


@dataclass(frozen=True, slots=True)
class Answer:
    """A way to answer an offer: its check page and what it does."""

    verb: str
    title: object
    form: type
    roles: tuple
    run: object
    done: object


ANSWERS = {
    "accept": Answer(
        "accept", gettext_lazy("Accept offer"), AcceptForm, OWNER,
        lambda offer, _data, by, on: offers.accept(offer, by=by, on=on),
        gettext_lazy("Accepted. The units stay held for you until the lease is signed."),
    ),
    "decline": Answer(
        "decline", gettext_lazy("Decline"), DeclineForm, OWNER,
        lambda offer, data, by, on: offers.decline(offer, reason=data["decline_reason"], by=by, on=on),
        gettext_lazy("Declined. Your request waits for another offer."),
    ),
    "withdraw": Answer(
        "withdraw", gettext_lazy("Withdraw offer"), WithdrawOfferForm, (Role.PARK_MANAGER,),
        lambda offer, data, by, on: offers.withdraw(offer, why=data["why"], by=by, on=on),
        gettext_lazy("Withdrawn. The units are free again."),
    ),
}  # fmt: skip


@require_GET
def offer_detail(request, number):
    """Unit facts, terms, how long it holds in words, and the answers that this person may give."""
    offer = get_visible(ROWS, request.user, number=number)
    context = _facts(request, offer) | {
        "owner": _may(request, offer, OWNER),
        "member": _may(request, offer, ANYONE_OF_IT),
        "manager": _may(request, offer, (Role.PARK_MANAGER,)),
    }
    return render(request, "frontend/offer_detail.html", context)


@require_http_methods(["GET", "POST"])
def offer_answer(request, number, answer):
    """The check page of an answer: what it does, a reason where one is needed, a button that names the act."""
    answer = ANSWERS[answer]
    offer = get_editable(ROWS, request.user, roles=answer.roles, number=number)
    form = answer.form(typed(request))

    def run():
        answer.run(offer, form.cleaned_data, request.user, request.today)
        return reverse("offer-detail", args=[number]), answer.done

    if request.method == "POST" and form.is_valid():
        try:
            address, words = repeats.do(
                request, lambda: unchanged(offer, concurrent_edits.seen_if_told(request), run), offer
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, words)
            return redirect(address)
    concurrent_edits.carry_version(form, offer)
    context = _facts(request, offer) | {"form": form, "answer": answer, "sign_days": SIGN_DAYS, "narrow": True}
    return render(request, "frontend/offer_answer.html", context, status=concurrent_edits.status_of(form))


@require_http_methods(["GET", "POST"])
def offer_visit(request, number):
    """想看现场: anyone of the company may ask to see the units. Nothing is typed, so a GET has nothing to show."""
    offer = get_editable(ROWS, request.user, roles=ANYONE_OF_IT, number=number)
    if taken_up(request) is not None:
        try:
            _address, words = repeats.do(request, lambda: _visit_asked(request, offer), offer)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, words)
    return redirect("offer-detail", number)


def _visit_asked(request, offer):
    offers.ask_visit(offer, by=request.user, on=request.today)
    return reverse("offer-detail", args=[offer.number]), _("The park was told that you would like to see the units.")


def _facts(request, offer):
    lines = offer.lines.select_related("unit__floor__building").order_by("unit__code_order")
    left = days_left(offer.held_until, request.today)
    return {
        "offer": offer,
        "lines": lines,
        "area": sum((line.unit.usable_area for line in lines if line.unit.usable_area is not None), 0),
        "left": left,
        "answer_by": last_day(offer.held_until),
        "lapsed": offer.lapsed(request.today),
        "open": offer.state == OfferState.SENT and left >= 0,
        "park_name": named(offer.park),
        "request_open": SpaceRequest.objects.waiting().filter(pk=offer.request_id).exists(),
    }


def _may(request, offer, roles):
    return Offer.objects.editable_by(request.user, roles).filter(pk=offer.pk).exists()
