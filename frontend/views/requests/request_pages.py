"""Space requests: the park's queue, the page that both sides share, and the acts on it."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.act_page import Act, answer, known
from frontend.forms import concurrent_edits
from frontend.forms import reviews as forms
from frontend.site.access import for_roles
from frontend.site.bounded_pages import ListPaginator
from frontend.site.documents import documents_of
from frontend.site.htmx import render_page
from frontend.site.interrupted_forms import typed
from frontend.site.links import page
from frontend.views.requests import request_timeline
from spaces.access import get_editable, get_visible, ids_to_edit, may_edit
from spaces.access.disclosure import readable
from spaces.models import Park, User
from spaces.models.people import EDITORS, INSIDERS
from spaces.values import masks
from tenants import matching
from tenants.actions import requests as actions
from tenants.asking import reviews, worklists
from tenants.filters import RequestFilter
from tenants.leasing import contracts
from tenants.models import Company, Offer, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.models.requests import REQUEST_FEATURES
from tenants.notices import recipients
from tenants.rights import MANAGER, OFFER, OWNER, REQUEST
from tenants.states import OfferState, RequestState

PER_PAGE = 25
REVIEWED = {RequestState.SUBMITTED, RequestState.IN_REVIEW}
OPEN = {RequestState.RETURNED, RequestState.ADMITTED}
GOES_ON = {state for state in RequestState if state.can_become(RequestState.WITHDRAWN)} - {RequestState.DRAFT}


ACTS = {
    "receive": Act(
        _("Accept for review"),
        lambda it: actions.receive(it.row, by=it.by, on=it.on, park=it.data.get("park")),
        _("accepted for review."),
    ),
    "review": Act(_("Review"), lambda it: actions.review(it.row, by=it.by, on=it.on, **it.data), _("decided.")),
    "assign": Act(
        _("Assign"),
        lambda it: actions.assign(it.row, by=it.by, seen=it.seen, **it.data),
        _("assigned."),
        edits=True,
    ),
    "close": Act(
        _("Let it lapse"),
        lambda it: actions.close(it.row, by=it.by, **it.data),
        _("lapsed."),
        forms.WhyForm,
        danger=True,
    ),
    "note": Act(
        _("Save the note"),
        lambda it: actions.note(it.row, it.data["text"], by=it.by, seen=it.seen),
        _("note saved."),
        forms.NoteForm,
        initial=lambda it: {"text": it.row.internal_note},
        edits=True,
    ),
    "say": Act(
        _("Send the message"),
        lambda it: actions.say(it.row, it.data["text"], by=it.by, on=it.on),
        _("message sent."),
        forms.SayForm,
    ),
    "withdraw": Act(
        _("Withdraw the request"),
        lambda it: actions.withdraw(it.row, by=it.by, on=it.on, **it.data),
        _("withdrawn."),
        forms.WhyForm,
        _("Offers are given back and held units are free at once. A withdrawn request cannot be opened again."),
        danger=True,
    ),
}


@require_GET
@for_roles(*INSIDERS)
def request_list(request):
    """The queue, with the states as tabs and their counts."""
    seen = SpaceRequest.objects.visible_to(request.user).filter(submitted_at__isnull=False)
    found = RequestFilter(request.GET, queryset=seen, request=request)
    right = found.is_valid()
    rows = found.qs if right else seen.none()
    listed = rows.select_related("company", "park", "ecosystem", "officer").order_by("submitted_at", "pk")
    query = request.GET.copy()
    for name in ("tab", "page"):
        query.pop(name, None)
    counts = worklists.tab_counts(seen, on=request.today)
    shown = ListPaginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    fits = matching.fit_numbers(shown.object_list, on=request.today)
    context = {
        "filter": found,
        "faults": [field for field in found.form if field.errors],
        "tabs": [(name, word, counts[name], _tab_url(query, name)) for name, word in worklists.TABS.items()],
        "everything": _tab_url(query, ""),
        "tab": request.GET.get("tab", ""),
        "page": shown,
        "rows": [(wanted, fits.get(wanted.pk)) for wanted in shown.object_list],
        "nothing": not any(counts.values()),
    }
    return render_page(
        request, "frontend/request_list.html", context, fragment="results", status=200 if right else 400
    )


def _tab_url(query, tab):
    query = query.copy()
    if tab:
        query["tab"] = tab
    return f"?{query.urlencode()}"


@require_GET
def request_detail(request, number):
    """The page of a request: facts, timeline, offers, messages and acts, as far as the reader may see them."""
    rows = SpaceRequest.objects.select_related("company", "park", "ecosystem", "officer", "submitted_by")
    wanted = get_visible(rows, request.user, number=number)
    own = SpaceRequest.objects.owned_by(request.user).filter(pk=wanted.pk).exists()
    staff = SpaceRequest.objects.editable_by(request.user, EDITORS).filter(pk=wanted.pk).exists()
    reads = readable(wanted, request.user)
    both = own or staff
    step = reviews.current_step(wanted)
    context = {
        "wanted": wanted,
        "own": own,
        "staff": staff,
        "step": step,
        "stops": request_timeline.of(wanted, request.today, near=both),
        "returned": reviews.last_return(wanted),
        "withdrawable": _withdrawable(wanted, request.user),
        "offers": wanted.offers.select_related("created_by").prefetch_related("lines__unit").order_by("-pk"),
        "shown_messages": wanted.messages.select_related("sent_by").order_by("pk") if both else None,
        "message_number": None if both else wanted.messages.count(),
        "company_people": set(wanted.company.members.values_list("user", flat=True)),
        "requested_units": wanted.requested_units.select_related("floor__building__park").order_by("code_order"),
        "place": reviews.queue_place(wanted) if own else None,
        "contact": masks.contact(wanted, near=reads >= masks.CONTACT),
        "shows_people": "people" in reads,
        "shows_note": "internal_note" in reads,
        "company_url": _company_url(request, wanted),
        "features": [
            SpaceRequest._meta.get_field(name).verbose_name for name in REQUEST_FEATURES if getattr(wanted, name)
        ],
        "can_match": _can_match(wanted, request.user, request.today),
        "acts": acts_of(wanted, request.user, step, own=own),
        "say": forms.SayForm() if both and not request.known_on else None,
        "note": _note_form(wanted) if staff and "internal_note" in reads and not request.known_on else None,
        "lease": contracts.lease_of(wanted),
        **documents_of("request", wanted, request.user, held="people" not in reads),
    }
    return render(request, "frontend/request_detail.html", context)


def _withdrawable(wanted, user):
    """The ids of the offers that this person may take back."""
    sent = Offer.objects.filter(request=wanted, state=OfferState.SENT)
    return ids_to_edit(sent, user, roles=OFFER["withdraw"])


def _can_match(wanted, user, today):
    ready = SpaceRequest.objects.filter(worklists.tabs(today)["to_match"])
    return may_edit(ready, user, roles=MANAGER, pk=wanted.pk)


def _note_form(wanted):
    return concurrent_edits.carry_version(forms.NoteForm(initial={"text": wanted.internal_note}), wanted)


def _company_url(request, wanted):
    seen = Company.objects.visible_to(request.user).filter(pk=wanted.company_id).exists()
    return page(request, "company-detail", wanted.company.code) if seen else None


def acts_of(wanted, user, step, *, own):
    """(verb, title) of the acts that this person may do on a request in its state."""
    state = RequestState(wanted.state)
    verbs = []
    if may_edit(SpaceRequest.objects, user, roles=MANAGER, pk=wanted.pk) and not own:
        if state == RequestState.SUBMITTED:
            verbs.append("receive")
        if state in REVIEWED and wanted.park_id:
            verbs.append("review")
        if state not in worklists.CLOSED and wanted.park_id:
            verbs.append("assign")
        if state in OPEN:
            verbs.append("close")
    titles = [(verb, f"{ACTS[verb].title}: {step.label}" if verb == "review" and step else ACTS[verb].title)
             for verb in verbs]  # fmt: skip
    if own and state in GOES_ON and may_edit(SpaceRequest.objects, user, roles=OWNER, pk=wanted.pk):
        titles.append(("withdraw", ACTS["withdraw"].title))
    return titles


@require_http_methods(["GET", "POST"])
def request_act(request, number, verb):
    act = known(ACTS, verb)
    rows = SpaceRequest.objects.select_related("company", "park", "ecosystem")
    roles = REQUEST[verb]
    if verb == "say" and SpaceRequest.objects.owned_by(request.user).filter(number=number).exists():
        roles = ANYONE_OF_IT
    wanted = get_editable(rows, request.user, roles=roles, number=number)
    return answer(
        request,
        act,
        wanted,
        form=_form(request, verb, wanted),
        back=page(request, "request-detail", number),
        title=f"{number}: {act.title}",
        subject=wanted.company.name,
    )


def _form(request, verb, wanted):
    """The form of an act that needs more than initial values; None for the others."""
    if verb == "receive":
        parks = Park.objects.editable_by(request.user, MANAGER).of_ecosystems([wanted.ecosystem_id], request.today)
        return forms.ReceiveForm(typed(request), parks=None if wanted.park_id else parks.order_by("code_order"))
    if verb == "review":
        first = {"step": lambda: next(iter(reviews.open_steps(wanted)), None)}  # not read for a form that was sent
        return forms.ReviewForm(typed(request), state=wanted.state, initial=first)
    if verb == "assign":
        officers = recipients.managers_of(wanted.park, on=request.today) if wanted.park else User.objects.none()
        return forms.AssignForm(typed(request), officers=officers, initial={"officer": wanted.officer_id})
    return None
