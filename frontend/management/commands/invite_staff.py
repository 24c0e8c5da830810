"""Grant a role for a park, an ecosystem or the province, and mail a link to set the password."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces.access import welcome_links
from spaces.actions import mail as outbox
from spaces.actions import people
from spaces.mail.composing import on_site, site_title
from spaces.models import Assignment, Ecosystem, Park, User
from spaces.states import MailKind, Role


class Command(BaseCommand):
    help = "Give somebody a role from today on. Who has no password yet is mailed a link to set one: for 7 days, once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--park", default="", metavar="CODE", help="of a park manager")
        parser.add_argument(
            "--ecosystem", default="", metavar="CODE", help="of an ecosystem officer; left out: the whole province"
        )
        parser.add_argument("--name", default="", help="what the pages call this person")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))
        parser.add_argument("--by", default="", metavar="EMAIL", help="the system admin who says so, for the record")

    def handle(self, *args, **options):
        try:
            user = people.invite_staff(
                email=options["email"],
                name=options["name"],
                role=options["role"],
                park=_found(Park, options["park"]),
                ecosystem=_found(Ecosystem, options["ecosystem"]),
                starts_on=timezone.localdate(),
                by=_admin(options["by"]),
                language=options["language"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with translation.override(user.language):
            self._mail(user, Role(options["role"]).label)

    def _mail(self, user, role):
        fresh = not user.has_usable_password()
        token = welcome_links.token(user, welcome_links.STAFF)
        link = on_site(reverse("account-welcome", args=[token]) if fresh else reverse("account_login"))
        facts = {"site": site_title(), "role": role, "link": link}
        subject = _("[%(site)s] Your account: %(role)s") % facts
        first = _("Open this link within seven days and set your password:") if fresh else _("Log in:")
        body = _("You have a role on %(site)s: %(role)s.") % facts
        outbox.send(kind=MailKind.ACCOUNT, to=user.email, subject=subject, body=f"{body}\n\n{first}\n{link}\n")
        self.stdout.write(f"{user.email}: {role}. A mail is on its way; check_mail shows whether it was sent.")


def _found(model, code):
    if not code:
        return None
    row = model.objects.filter(code=code).first()
    if row is None:
        raise CommandError(f"There is no {model._meta.verbose_name} “{code}”.")
    return row


def _admin(email):
    if not email:
        return None
    user = User.objects.filter(email=email.strip().casefold()).first()
    if user is None or not Assignment.objects.in_force(user).filter(role=Role.SYSTEM_ADMIN).exists():
        raise CommandError(f"“{email}” is no system admin.")
    return user
