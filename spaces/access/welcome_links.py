"""Signed links to set the first password of an account: valid for a limited time and once."""

from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from spaces.models import User

SALT = "hatchery.welcome"
FIRST_ADMIN, STAFF = timedelta(minutes=30), timedelta(days=7)


def token(user: User, good_for: timedelta) -> str:
    payload = [user.pk, _fingerprint(user), int(good_for.total_seconds())]
    return signing.TimestampSigner(salt=SALT).sign_object(payload, compress=True)


def read(text: str) -> User:
    """The account whose password the link may set. Raises ValidationError `welcome`."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        pk, fingerprint, seconds = signer.unsign_object(text)
        signer.unsign_object(text, max_age=seconds)
    except signing.SignatureExpired as late:
        raise _refusal(_("This link has expired. Ask the person who invited you for a new one.")) from late
    except (signing.BadSignature, ValueError) as bad:
        raise _refusal(_("This link is not complete. Open it from the mail again.")) from bad
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not constant_time_compare(fingerprint, _fingerprint(user)):
        raise _refusal(_("This link was used already. Log in, or ask for a new password by mail."))
    return user


def _fingerprint(user: User) -> str:
    """Changes as soon as a password is set; an unusable password holds a random mark, too."""
    return salted_hmac(SALT, f"{user.email}\n{user.password}", algorithm="sha256").hexdigest()[:32]


def _refusal(message: str) -> ValidationError:
    return ValidationError(message, code="welcome")
