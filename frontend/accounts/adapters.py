"""Adapters for django-allauth: login, sign-up, mail, second factor."""

import base64
import math
from functools import lru_cache

from allauth.account import forms as allauth_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, StringAgg, Subquery, Value
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from frontend.accounts import second_factor
from frontend.forms.fields import OwnNameField
from frontend.site import devices, formatting
from frontend.site.access import landing
from spaces.actions import mail, people, throttle
from spaces.mail.composing import on_site, site_title
from spaces.models import Assignment, User
from spaces.states import MailKind

CAUSED_BY_ANYBODY = {"password_reset_key", "unknown_account", "account_already_exists"}


class Backend(AuthenticationBackend):
    """allauth's backend; its user query also reads the unread notices and the roles that every page shows."""

    def get_user(self, user_id):
        user = _people(timezone.localdate()).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


@lru_cache(maxsize=2)
def _people(day):
    """All users with these columns. Built once a day: every request needs it, and building is slower than SQLite."""
    waiting = Count("notices", filter=Q(notices__read_at=None))
    held = Assignment.objects.on(day).filter(user=OuterRef("pk")).order_by().values("user")
    roles = Subquery(held.annotate(names=StringAgg("role", delimiter=Value(","))).values("names"))
    return User.objects.annotate(unread_notices=waiting, roles_held=roles, has_second_factor=second_factor.HAS_ONE)


class AccountAdapter(DefaultAccountAdapter):
    """After login people land on their own first page, unless a safe `next` leads elsewhere."""

    def is_open_for_signup(self, request):  # noqa: ARG002 allauth's call
        """People of companies sign up; an account alone sees no more than a visitor."""
        return settings.SIGNUP_OPEN

    def save_user(self, request, user, form, commit=True):  # noqa: ARG002, FBT002 allauth's call
        """Create the account by the action, like any other write."""
        language = get_language()
        return people.add_user(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password1"],
            language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
            by=None,
        )

    def get_login_stages(self):
        """allauth's stages; only people who signed up themselves must confirm their address."""
        ours = {"allauth.account.stages.EmailVerificationStage": "frontend.accounts.adapters.ConfirmSignup"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def pre_authenticate(self, request, **credentials):
        """Refuse an attempt that comes too soon, before the password is hashed (a third of a second)."""
        wait = throttle.sign_in(**self._whence(request, credentials["email"]))
        if wait:
            request.sign_in_wait = math.ceil(wait.total_seconds())
            message = _(
                "Too many wrong passwords came from here. Try again in %(wait)s, "
                "or set a new password by mail: that works at once."
            )
            raise ValidationError(
                message % {"wait": formatting.duration(request.sign_in_wait)}, code="too_many_login_attempts"
            )

    def _rollback_login_failed_rl_usage(self):
        """allauth calls this when the password was right. Its own count is not used."""

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user:
            throttle.signed_in(**self._whence(request, credentials["email"]))
        return user

    def set_password(self, user, password):
        """Set a password after a reset or a change, which proves the owner: the pause after failed logins ends."""
        people.set_password(user, password, by=user)
        throttle.forget(**self._whence(self.request, user.email))

    def _whence(self, request, email):
        email = email.strip().casefold()
        address = devices.network(self.get_client_ip(request))
        return {"account": email, "address": address, "device": devices.known(request, email)}

    def post_login(self, request, user, **kwargs):
        answer = super().post_login(request, user, **kwargs)
        devices.remember(answer, user.email)
        return answer

    def format_email_subject(self, subject):
        return _("[%(site)s] %(subject)s") % {"site": site_title(), "subject": subject}

    def send_mail(self, template_prefix, email, context):
        """Put the mail into the outbox: no page waits for the mail server or fails with it.

        Written in the language of the recipient; who has no account gets that of the page. Links and names are those
        of SITE_URL: the request's Host is whatever its sender wrote there. Mails that anybody can cause are few for
        each address; the page does not show whether one is sent.
        """
        kind = template_prefix.rpartition("/")[2]
        if kind in CAUSED_BY_ANYBODY and not throttle.mail(kind=kind, email=email.casefold()):
            return
        links = {"password_reset_url": reverse("account_reset_password")}
        links |= {name: link for name, link in context.items() if name.endswith("_url")}
        with override(User.objects.language_of(email)):
            facts = {"request": self.request, "email": email, **context, "current_site": {"name": site_title()}}
            facts |= {name: on_site(link) for name, link in links.items()}
            message = self.render_mail(template_prefix, email, facts)
        mail.send(kind=MailKind.ACCOUNT, to=email, subject=message.subject, body=message.body)

    def get_signup_redirect_url(self, request):
        return resolve_url(landing(request.user))

    def get_login_redirect_url(self, request):
        return resolve_url(landing(request.user))

    def is_safe_url(self, url):
        """This host only: allauth would also trust every other ALLOWED_HOSTS and CSRF_TRUSTED_ORIGINS."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )


class ConfirmSignup(EmailVerificationStage):
    """Ask people who signed up for a code sent by mail. The address of any other account was vouched for."""

    def handle(self):
        user = self.login.user
        if user and not EmailAddress.objects.filter(user=user, verified=False).exists():
            return None, True
        return super().handle()


class SignUpForm(allauth_forms.SignupForm):
    """Answer an address that has an account like any other one, in the same time."""

    name = OwnNameField()
    field_order = ("name", "email", "password1")

    def try_save(self, request):
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class MFAAdapter(DefaultMFAAdapter):
    """TOTP secrets and the seeds of recovery codes lie encrypted in the database."""

    def get_totp_issuer(self):
        return site_title()

    def can_delete_authenticator(self, authenticator):
        """False for people who must have a second factor; a system admin lets them set up another phone."""
        return not second_factor.required(authenticator.user)

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher():
    """Keys from SECRET_KEY, which encrypts, and its fallbacks, which still decrypt after a change of key."""
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret):
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hatchery: second factors")
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))
