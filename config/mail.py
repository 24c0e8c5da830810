"""The mailer of the environment: by SMTP where MAIL_HOST is set. The variables: docs/operations.md."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

SMTP = "django.core.mail.backends.smtp.EmailBackend"
NOWHERE = "django.core.mail.backends.dummy.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
# Mode -> port. Django's backend has the same ports, and two switches that must not both be on.
PORTS = {"starttls": 587, "ssl": 465, "none": 25}
HIGHEST_PORT = 65535


def mailer(env: Env, *, demo: bool) -> dict[str, Any]:
    """One entry of MAILERS. Raises ImproperlyConfigured where a variable holds what cannot be meant.

    Without a server mail is printed; that of the demo is not: /demo/mail/ shows it.
    """
    host = env.str("MAIL_HOST", default="").strip()
    if not host:
        return {"BACKEND": env.str("MAIL_BACKEND", default=NOWHERE if demo else CONSOLE)}
    tls = env.str("MAIL_TLS", default="starttls").strip().lower()
    if tls not in PORTS:
        raise ImproperlyConfigured(f"MAIL_TLS is {tls!r}. Set it to starttls, ssl or none.")
    options = {
        "host": host,
        "port": _number(env, "MAIL_PORT", PORTS[tls], HIGHEST_PORT),
        "username": env.str("MAIL_USER", default="").strip() or None,
        "password": env.str("MAIL_PASSWORD", default="").rstrip("\r\n") or None,
        "use_tls": tls == "starttls",
        "use_ssl": tls == "ssl",
        "timeout": _number(env, "MAIL_TIMEOUT", 10, 300),
    }
    return {"BACKEND": SMTP, "OPTIONS": options}


def _number(env: Env, name: str, default: int, highest: int) -> int:
    typed = env.str(name, default=str(default)).strip()
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= highest):
        raise ImproperlyConfigured(f"{name} is {typed!r}. Set it to a whole number from 1 to {highest}.")
    return int(typed)
