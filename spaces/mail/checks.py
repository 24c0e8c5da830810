"""System checks of the mail settings. `manage.py check_mail` tries the server itself."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import mailers
from django.core.validators import validate_email

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@checks.register(checks.Tags.mail)
def check_mailer(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 Django's call
    """Errors: the mailer can't be built, its login is incomplete, or the sender is not an address."""
    try:
        mailers.default  # noqa: B018 building it is the check
    except (ImproperlyConfigured, TypeError, ValueError) as error:
        hint = "Set MAIL_HOST, and leave MAIL_BACKEND away."
        return [checks.Error(f"The mailer cannot be built: {error}", hint=hint, id="spaces.E001")]
    found: list[checks.CheckMessage] = []
    options = settings.MAILERS["default"].get("OPTIONS", {})
    if bool(options.get("username")) != bool(options.get("password")):
        hint = "Set both, or neither where the server takes mail without a login."
        found.append(checks.Error("Only one of MAIL_USER and MAIL_PASSWORD is set.", hint=hint, id="spaces.E002"))
    try:
        validate_email(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    except ValidationError:
        message = f"DEFAULT_FROM_EMAIL is not an address: {settings.DEFAULT_FROM_EMAIL!r}."
        found.append(checks.Error(message, hint="Set it to hatchery@example.org, say.", id="spaces.E003"))
    return found


@checks.register(checks.Tags.mail, deploy=True)
def check_sender(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 Django's call
    """Warnings about settings that work but are unsafe. Mail that is not delivered is Django's own mail.E001."""
    options = settings.MAILERS["default"].get("OPTIONS", {})
    if not options:
        return []
    found: list[checks.CheckMessage] = []
    encrypted = options.get("use_tls") or options.get("use_ssl")
    if options.get("password") and not encrypted and options["host"] not in LOOPBACK:
        message = "MAIL_TLS is none: the password of the mail server travels in clear."
        found.append(checks.Warning(message, hint="Set MAIL_TLS to starttls or ssl.", id="spaces.W001"))
    if settings.MAIL_DOMAIN == "localhost":
        message = "Mail is sent from localhost: most servers refuse or hide it."
        found.append(checks.Warning(message, hint="Set DEFAULT_FROM_EMAIL to an address of yours.", id="spaces.W002"))
    return found
