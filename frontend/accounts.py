"""Our answers to what django-allauth asks of a site."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.db.models import Count, OuterRef, Q, StringAgg, Subquery, Value
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from frontend.access import landing
from frontend.context import site_title
from spaces.actions import mail, people
from spaces.models import Assignment, User
from spaces.states import MailKind


class Backend(AuthenticationBackend):
    """allauth's, but for one thing: it brings along what every page shows, the bell and the menu of the roles."""

    def get_user(self, user_id):
        waiting = Count("notices", filter=Q(notices__read_at=None))
        held = Assignment.objects.on(timezone.localdate()).filter(user=OuterRef("pk")).order_by().values("user")
        roles = Subquery(held.annotate(told=StringAgg("role", delimiter=Value(","))).values("told"))
        user = User.objects.annotate(unread_notices=waiting, roles_told=roles).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    """After login people land on their own first page, unless a safe `next` leads elsewhere."""

    def is_open_for_signup(self, request):  # noqa: ARG002 allauth's call
        """People of companies sign up; an account alone sees no more than a visitor."""
        return settings.SIGNUP_OPEN

    def save_user(self, request, user, form, commit=True):  # noqa: ARG002, FBT002 allauth's call
        """A new account goes through the action, like any other write. The name can be changed later."""
        email = form.cleaned_data["email"]
        language = get_language()
        return people.add_user(
            email=email,
            name=email.partition("@")[0][:100],
            password=form.cleaned_data["password1"],
            language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
            by=None,
        )

    def send_mail(self, template_prefix, email, context):
        """Into the outbox: no page waits for the mail server, or breaks with it."""
        told = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, told | context)
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


class MFAAdapter(DefaultMFAAdapter):
    """TOTP secrets and the seeds of recovery codes lie encrypted in the database."""

    def get_totp_issuer(self):
        return site_title()

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
