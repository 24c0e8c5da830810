"""Companies, their members and invitations.

All raise ValidationError by field or with the rule's code: frozen, owner, own, taken, invitation, limit, unconfirmed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from spaces import changes
from spaces.access import refuse_read_only
from spaces.actions import mail, people, writing
from spaces.actions.day_bounds import not_before
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.changes.versions import Seen, as_seen
from spaces.models import Mail, User
from spaces.states import MailKind
from spaces.values import clock
from tenants.actions import invitations
from tenants.actions.locked_rows import change, lock, lock_series, next_number, next_numbers
from tenants.credit_codes import name_key, normalise
from tenants.models import Company, Invitation, Member
from tenants.states import MemberRole

FROZEN = ("name", "uscc")


@atomic_with_retry
def register(*, owner: User, by: User | None, uscc: str = "", **facts: Any) -> Company:
    """Create a company with its first owner. The people of a park verify it later."""
    _promised(facts.get("registers_by"))
    company = Company(number=next_number("QY"), uscc=normalise(uscc) or None, **facts)
    _not_known_yet(company)
    writing.create(company, "register", by=by)
    add_member(company, owner, MemberRole.OWNER, by=by)
    return company


@atomic_with_retry
def register_many(companies: Sequence[Company], *, by: User | None, why: str = "") -> None:
    """Create many companies in a few statements: all or none, each with its Change row.

    They have no owner until one is added. Each is checked as in `register`.
    """
    for company, number in zip(companies, next_numbers("QY", len(companies)), strict=True):
        company.number, company.uscc = number, normalise(company.uscc or "") or None
        writing.check(company)
    with writing.written(*companies):
        Company.objects.bulk_create(companies, batch_size=500)
    changes.record_many(companies, "register", by=by, why=why)


@atomic_with_retry
def update(company: Company, *, by: User | None, seen: Seen | None = None, **facts: Any) -> Company:
    """Change facts. Verified names and credit codes cannot be changed (`frozen`)."""
    row = lock(company)
    if "uscc" in facts:
        facts["uscc"] = normalise(facts["uscc"] or "") or None
    facts = as_seen(row, seen, facts)
    if facts.get("registers_by") != row.registers_by:
        _promised(facts.get("registers_by"))
    for name in FROZEN:
        if row.verified_at and facts.get(name, getattr(row, name)) != getattr(row, name):
            raise refusal(name, _("This was verified and can't be changed here. Ask the park."), "frozen")
    changed = Company(pk=row.pk, uscc=facts.get("uscc", row.uscc), name=facts.get("name", row.name))
    _not_known_yet(changed)
    change(row, "change", by=by, **facts)
    return row


@atomic_with_retry
def verify(company: Company, *, by: User) -> Company:
    """Record that name and credit code match the licence. Refused (`own`) for members of the company."""
    row = lock(company)
    if Member.objects.current(by).filter(company=row).exists():
        raise refusal("company", _("Nobody verifies their own company."), "own")
    change(row, "verify", by=by, verified_at=clock.now(), verified_by=by)
    return row


@atomic_with_retry
def add_member(company: Company, user: User, role: str, *, by: User | None) -> Member:
    """Add a member. Raises PermissionDenied for a holder of a read-only role."""
    refuse_read_only(user)
    lock(company)
    member = Member(company=company, user=user, role=role)
    writing.create(member, "join", by=by)
    return member


@atomic_with_retry
def invite(company: Company, *, email: str, role: str, by: User) -> str:
    """Mail an invitation and return its token. It replaces an earlier one to the same address.

    Raises `taken` for a member, `unconfirmed`, `limit` with the time to wait.
    """
    row = lock(company)
    email = email.strip().casefold()
    if row.members.filter(user__email=email, ended_on=None).exists():
        raise refusal("email", _("This person is in the company already."), "taken")
    if not User.objects.mailable().filter(pk=by.pk).exists():
        message = _(
            "Confirm your own e-mail address first: open the link in the mail that you got when you signed up."
        )
        raise refusal("email", message, "unconfirmed")
    lock_series("invite")
    _not_too_many(email, by, clock.now())
    for earlier in row.invitations.open().filter(email=email):
        _end(earlier, by=by)
    invitation = Invitation(company=row, email=email, role=role, invited_by=by)
    writing.create(invitation, "invite", by=by)
    token = invitations.token(invitation)
    with override(User.objects.language_of(email)):
        letter = invitations.letter(row, token, by)
    mail.send(kind=MailKind.INVITATION, to=email, by=by, **letter)
    return token


def _not_too_many(email: str, by: User, now: datetime) -> None:
    """Limit the mails that strangers get with another person's text, however many companies that person owns."""
    mailed = Mail.objects.filter(kind=MailKind.INVITATION, created_at__gt=now - invitations.DAY).order_by(
        "-created_at"
    )
    limits = (
        (mailed.filter(by=by), invitations.BY_ONE_PERSON, _("You have sent %(most)s invitations within 24 hours.")),
        (mailed.filter(to=email), invitations.TO_ONE_ADDRESS, _("This address got %(most)s invitations in 24 hours.")),
    )
    for found, most, message in limits:
        times = list(found.order_by("-created_at").values_list("created_at", flat=True)[:most])
        if len(times) == most:
            free = date_format(timezone.localtime(times[-1] + invitations.DAY), "Y-m-d H:i")
            again = _("It is possible again from %(time)s.") % {"time": free}
            raise refusal("email", f"{message % {'most': most}} {again}", "limit")


@atomic_with_retry
def join(company: Company, user: User, *, token: str, name: str = "") -> Member:
    """Accept an invitation; `name` is for an account that has none yet.

    Raises `invitation` with the reason why it is not valid.
    """
    lock(company)
    found = invitations.read(token, user)
    if found.company_id != company.pk:
        raise ValidationError(_("This invitation is for another company."), code="invitation")
    _end(found, by=user)
    if name:
        people.update_user(user, by=user, name=name)
    return add_member(company, user, found.role, by=user)


@atomic_with_retry
def invite_again(invitation: Invitation, *, by: User) -> str:
    """Mail an invitation again with a new link, valid for seven days from now; return its token."""
    lock(invitation.company)
    row = lock(invitation)
    _still_open(row)
    return invite(row.company, email=row.email, role=row.role, by=by)


@atomic_with_retry
def end_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Withdraw an invitation: its link becomes invalid."""
    lock(invitation.company)
    row = lock(invitation)
    _still_open(row)
    _end(row, by=by)
    return row


def _end(invitation: Invitation, *, by: User) -> None:
    writing.change(invitation, "end", by=by, ended_at=clock.now(), ended_by=by)


def _still_open(invitation: Invitation) -> None:
    if invitation.ended_at:
        message = _("This invitation was taken up or taken back at %(time)s.")
        params = {"time": f"{timezone.localtime(invitation.ended_at):%Y-%m-%d %H:%M}"}
        raise refusal("invitation", message % params, "stale")


@atomic_with_retry
def change_role(member: Member, role: str, *, by: User | None, seen: Seen | None = None) -> Member:
    lock(member.company)
    row = lock(member)
    _still_in(row)
    _keeps_an_owner(row, role)
    writing.change(row, "change", by=by, **as_seen(row, seen, {"role": role}))
    return row


@atomic_with_retry
def end_member(member: Member, *, ended_on: date, by: User | None) -> Member:
    """End a membership. Refused (`owner`) for the last owner."""
    lock(member.company)
    row = lock(member)
    _still_in(row)
    _keeps_an_owner(row, "")
    writing.change(row, "leave", by=by, ended_on=ended_on)
    return row


def _still_in(member: Member) -> None:
    if member.ended_on:
        message = _("This person left the company on %(day)s.") % {"day": member.ended_on}
        raise refusal("member", message, "stale")


def _promised(registers_by: date | None) -> None:
    """Check that a new promise is for a day to come; a recorded one may have passed."""
    if registers_by is not None:
        not_before(registers_by, clock.today(), "registers_by")


def _not_known_yet(company: Company) -> None:
    others = Company.objects.exclude(pk=company.pk)
    message = _("This company is registered already. Ask its owner to invite you, or the park to help.")
    if company.uscc and others.filter(uscc=company.uscc).exists():
        raise refusal("uscc", message, "taken")
    if others.filter(name_key=name_key(company.name)).exists():
        raise refusal("name", message, "taken")


def _keeps_an_owner(member: Member, role: str) -> None:
    others = member.company.members.filter(role=MemberRole.OWNER, ended_on=None).exclude(pk=member.pk)
    if member.role == MemberRole.OWNER and role != MemberRole.OWNER and not others.exists():
        raise refusal("member", _("A company keeps at least one owner. Make someone else owner first."), "owner")
