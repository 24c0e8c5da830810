"""Invitations into a company: a signed token, mailed to one address, valid once within seven days."""

from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.mail.composing import on_site, site_title, without_addresses
from spaces.models import User
from spaces.values import clock
from tenants.models import Company, Invitation, Member
from tenants.models.invitations import GOOD_FOR

SALT = "hatchery.invitation.row"
DAY = timedelta(hours=24)
BY_ONE_PERSON, TO_ONE_ADDRESS = 10, 2  # invitations within a DAY


def token(invitation: Invitation) -> str:
    return signing.TimestampSigner(salt=SALT).sign_object(invitation.pk)


def letter(company: Company, token: str, by: User) -> dict[str, str]:
    """Subject and body. Text typed by the inviter is in the body only: short, quoted, without addresses."""
    link = on_site(f"/my/members/join/{company.number}/{token}/")
    facts = {"company": without_addresses(company.name), "person": without_addresses(str(by))}
    facts |= {"link": link, "site": site_title()}
    body = _(
        "“%(person)s” invites you to work for “%(company)s” on %(site)s.\n\nOpen this link within seven days and log "
        "in, or sign up, with the address this mail was sent to:\n%(link)s\n\nIf you do not know who invites you, "
        "leave this mail alone. It was sent by the system; please do not answer it."
    )
    return {"subject": _("[%(site)s] You are invited") % facts, "body": body % facts}


def read(text: str, user: User) -> Invitation:
    """The invitation of a token, if it is valid for the user now. Raises ValidationError `invitation`."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        rows = Invitation.objects.with_holds(clock.now()).select_related("company")
        found = rows.get(pk=signer.unsign_object(text, max_age=GOOD_FOR))
    except signing.SignatureExpired as late:
        raise _refusal(_("This invitation ran out after seven days. Ask for a new one.")) from late
    except (signing.BadSignature, Invitation.DoesNotExist) as bad:
        raise _refusal(_("This link is not complete. Open it from the mail again.")) from bad
    if found.email != user.email:
        raise _refusal(_("This invitation is for another e-mail address. Log in with the address it was sent to."))
    if Member.objects.filter(company=found.company, user=user, joined_at__gte=found.invited_at).exists():
        raise _refusal(_("This invitation was used already."))
    if found.ended_at:
        raise _refusal(_("This invitation was taken back, or a newer one was sent. Ask the company for a new one."))
    if not found.holds:
        raise _refusal(_("The person who invited you is no longer an owner of the company. Ask for a new invitation."))
    return found


def _refusal(message: str) -> ValidationError:
    return ValidationError(message, code="invitation")
