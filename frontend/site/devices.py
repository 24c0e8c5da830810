"""Browsers in which a person signed in before: failed logins elsewhere do not slow them down.

The device cookie of the OWASP page "Slow Down Online Guessing Attacks with Device Cookies": a random number and a hash
of the account, signed. It opens nothing by itself.
"""

import ipaddress
import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "hatchery.device"
KEPT_DAYS = 180
KEPT_SECONDS = KEPT_DAYS * 86400
IPV6_NETWORK = 64  # what one subscriber has


def known(request, email):
    """The id of this browser if `email` signed in here before, else ""."""
    if request.user.is_authenticated and request.user.email == email:
        return f"session of {request.user.pk}"
    try:
        number, owner = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KEPT_SECONDS
        )
    except (signing.BadSignature, ValueError):
        return ""
    return number if constant_time_compare(owner, _owner(email)) else ""


def remember(response, email):
    """Remember the browser of a person who has signed in completely, second factor included."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([secrets.token_urlsafe(16), _owner(email)], salt=SALT),
        max_age=KEPT_SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def network(address):
    """An address as limits count it: IPv6 by the network that one subscriber has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:  # noqa: PLR2004 IPv4
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, IPV6_NETWORK), strict=False).network_address)


def _owner(email):
    return salted_hmac(SALT, email, algorithm="sha256").hexdigest()[:32]
