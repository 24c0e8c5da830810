"""Subjects and texts of notices for inbox and mail, in the active language."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spaces.mail.composing import without_addresses
from spaces.states import UnitState
from spaces.values import names
from spaces.values.days import last_day
from tenants.models import Notice
from tenants.states import HandoverKind, LeaseIntent, OfferState, RequestState, Topic


@dataclass(frozen=True, slots=True)
class EventText:
    """Subject and text of one event, formatted with the facts of the notice."""

    subject: Promise
    text: Promise


EVENTS = {
    "request_submitted": EventText(
        _("New space request: %(number)s"),
        _("%(company)s asks for space with request %(number)s. Accept it for review, or return it."),
    ),
    "request_returned": EventText(
        _("Request %(number)s needs changes"), _("The park returned request %(number)s: %(message)s")
    ),
    "request_decided": EventText(
        _("Request %(number)s: %(state)s"), _("Request %(number)s is now “%(state)s”. %(message)s")
    ),
    "request_withdrawn": EventText(
        _("Request %(number)s was withdrawn"), _("%(company)s withdrew request %(number)s.")
    ),
    "message": EventText(_("New message on request %(number)s"), _("There is a new message on request %(number)s.")),
    "offer_sent": EventText(
        _("Offer %(number)s waits for your answer (up to and including %(until)s)"),
        _("The park holds units for request %(request)s. Answer offer %(number)s by %(until)s."),
    ),
    "offer_lapsing": EventText(
        _("Offer %(number)s can be answered up to and including %(until)s"),
        _("Offer %(number)s for request %(request)s was not answered yet. It lapses after %(until)s."),
    ),
    "offer_answered": EventText(
        _("Offer %(number)s: %(state)s"), _("Offer %(number)s for request %(request)s: %(state)s. %(message)s")
    ),
    "offer_withdrawn": EventText(
        _("Offer %(number)s was withdrawn"),
        _("The park withdrew offer %(number)s for request %(request)s: %(message)s"),
    ),
    "visit_asked": EventText(
        _("A visit is asked for: %(number)s"), _("The company would like to see the units of offer %(number)s.")
    ),
    "lease_signed": EventText(
        _("Lease %(number)s is signed"),
        _("Lease %(number)s is signed and starts on %(starts_on)s. The move-in is open."),
    ),
    "lease_discarded": EventText(
        _("Lease %(number)s was not signed"), _("Lease %(number)s was dropped before it was signed: %(message)s")
    ),
    "lease_intent": EventText(
        _("Lease %(number)s: %(intent)s"), _("%(company)s on lease %(number)s: %(intent)s. Please act on it.")
    ),
    "notice_given": EventText(
        _("Notice for lease %(number)s"), _("The last day of lease %(number)s is %(ends_on)s. The move-out is open.")
    ),
    "lease_renewed": EventText(
        _("Lease %(number)s was renewed"), _("The last day of the new lease %(number)s is %(ends_on)s.")
    ),
    "relocated": EventText(_("Lease %(number)s: new unit"), _("Lease %(number)s now has unit %(unit)s.")),
    "handed_over": EventText(_("%(kind)s %(number)s is complete"), _("%(kind)s %(number)s was completed on %(day)s.")),
    "item_overdue": EventText(
        _("Overdue in %(number)s: %(item)s"), _("“%(item)s” of %(number)s was due on %(due_on)s.")
    ),
    "not_moved_in": EventText(
        _("Signed, not moved in: lease %(number)s"),
        _("Lease %(number)s was signed on %(signed_on)s and nobody has moved in."),
    ),
    "lease_ending": EventText(
        _("Lease %(number)s ends on %(ends_on)s"),
        _("The last day of lease %(number)s of %(company)s is %(ends_on)s. Renew it, or prepare the move-out."),
    ),
    "lease_overdue": EventText(
        _("Lease %(number)s is over"),
        _("The last day of lease %(number)s of %(company)s was %(ends_on)s, and the units are not handed back."),
    ),
    "digest": EventText(
        _("The week to %(day)s: overdue requests %(requests)s, overdue leases %(leases)s"),
        _(
            "Requests past their due date: %(requests)s. Leases past their end and not handed back: %(leases)s. "
            "Offers that lapse within 7 days: %(offers)s. Usable area (m²) since %(since)s: %(areas)s."
        ),
    ),
    "lease_reminder": EventText(
        _("Please tell us: what comes after lease %(number)s?"),
        _("Its last day is %(last_day)s. Tell the park whether you wish to renew it or to leave. %(message)s"),
    ),
    "lease_reminder_late": EventText(
        _("Lease %(number)s is over: please act"),
        _("Its last day was %(last_day)s and the units are not handed back. Renew it or hand them back. %(message)s"),
    ),
    "graduated": EventText(_("%(company)s graduated"), _("%(company)s graduated on %(day)s.")),
}
# All other events require an act of the reader, most of them by a day.
TOPICS = {
    Topic.REQUESTS: {"request_decided", "request_withdrawn", "offer_withdrawn", "visit_asked"},
    Topic.LEASES: {"lease_discarded", "lease_renewed", "relocated", "handed_over", "graduated"},
    Topic.MESSAGES: {"message"},
    Topic.DIGEST: {"digest"},
}
TYPED = ("company", "item", "message")  # facts that other people typed
ENDS = {"until", "ends_on"}  # exclusive, as in the data: people read the last day
LABELS: dict[str, Any] = {"intent": LeaseIntent, "kind": HandoverKind}


def topic(event: str) -> Topic:
    return next((topic for topic, events in TOPICS.items() if event in events), Topic.DUTY)


def is_mailed(notice: Notice) -> bool:
    """Whether the notice is mailed. A duty always is, whatever the settings of the reader."""
    about = topic(notice.event)
    return about is Topic.DUTY or about not in notice.user.muted


def subject(notice: Notice) -> str:
    return str(EVENTS[notice.event].subject) % _facts(notice)


def mail_subject(notice: Notice) -> str:
    """The subject for a mail: text typed by other people is quoted, short, and without addresses."""
    facts = _facts(notice)
    quoted = {
        name: _("“%(message)s”") % {"message": without_addresses(facts[name])} for name in TYPED if facts.get(name)
    }
    return str(EVENTS[notice.event].subject) % (facts | quoted)


def text(notice: Notice) -> str:
    return (str(EVENTS[notice.event].text) % _facts(notice)).strip()


def _facts(notice: Notice) -> dict[str, str]:
    """The facts as shown to a reader; a text that the event does not have is empty."""
    facts = {"message": "", "company": ""} | {
        name: _displayed(notice.event, name, it) for name, it in notice.facts.items()
    }
    if "item" in facts:
        facts["item"] = names.localized(facts["item"], facts.get("item_en", ""))
    return {name: str(it) for name, it in facts.items()}


def _displayed(event: str, name: str, value: Any) -> Any:
    if name == "state":
        return (OfferState if event.startswith("offer") else RequestState)(value).label
    if name == "areas":  # in the order of UnitState: PostgreSQL sorts the keys of JSON
        parts = (
            f"{state.label} {Decimal(value[state]):+,.2f}".replace("-", "−") for state in UnitState if state in value
        )
        return str(_(", ")).join(parts) or _("no change")
    if name in LABELS:
        return LABELS[name](value).label
    if name in ENDS:
        return last_day(date.fromisoformat(value)).isoformat()
    return value
