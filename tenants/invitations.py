"""Invitations into a company: a signed token that is mailed, good for seven days, for one address, once."""

from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.mailing import on_site, site_title, without_addresses
from spaces.models import User
from tenants.models import Company, Member
from tenants.states import MemberRole

SALT = "hatchery.invitation"
GOOD_FOR = timedelta(days=7)
DAY = timedelta(hours=24)
BY_ONE_PERSON, TO_ONE_ADDRESS = 10, 2  # invitations within a DAY


@dataclass(frozen=True, slots=True)
class Invitation:
    company_id: int
    email: str
    role: str
    invited_by: int


def token(invitation: Invitation) -> str:
    return signing.TimestampSigner(salt=SALT).sign_object(astuple(invitation), compress=True)


def letter(company: Company, token: str, by: User) -> dict[str, str]:
    """Subject and body. What the inviter typed stands in the body alone, short, in quotes, without an address."""
    link = on_site(f"/my/members/join/{company.number}/{token}/")
    told = {"company": without_addresses(company.name), "person": without_addresses(str(by))}
    told |= {"link": link, "site": site_title()}
    body = _(
        "“%(person)s” invites you to work for “%(company)s” on %(site)s.\n\nOpen this link within seven days and log "
        "in, or sign up, with the address this mail was sent to:\n%(link)s\n\nIf you do not know who invites you, "
        "leave this mail alone. It was sent by the system; please do not answer it."
    )
    return {"subject": _("[%(site)s] You are invited") % told, "body": body % told}


def read(text: str, user: User) -> Invitation:
    """The invitation behind a token, if it holds for this person now. Raises ValidationError `invitation`."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        found = Invitation(*signer.unsign_object(text, max_age=GOOD_FOR))
    except signing.SignatureExpired as late:
        raise _refuse(_("This invitation ran out after seven days. Ask for a new one.")) from late
    except signing.BadSignature as bad:
        raise _refuse(_("This link is not complete. Open it from the mail again.")) from bad
    if found.email != user.email:
        raise _refuse(_("This invitation is for another e-mail address. Log in with the address it was sent to."))
    if not _still_owner(found):
        raise _refuse(_("Who invited you is no longer owner of the company. Ask for a new invitation."))
    if Member.objects.filter(company=found.company_id, user=user, joined_at__gte=_made_at(text)).exists():
        raise _refuse(_("This invitation was used already."))
    return found


def _still_owner(found: Invitation) -> bool:
    inviter = Member.objects.filter(user=found.invited_by, user__is_active=True, role=MemberRole.OWNER, ended_on=None)
    return inviter.filter(company=found.company_id).exists()


def _made_at(text: str) -> datetime:
    """When a token was signed, in whole seconds: its middle part, base 62."""
    return datetime.fromtimestamp(signing.b62_decode(text.rsplit(":", 2)[1]), tz=UTC)


def _refuse(words: str) -> ValidationError:
    return ValidationError(words, code="invitation")
