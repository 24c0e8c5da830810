"""Fill an empty database with the demo province, and print how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces.management.commands.import_units import language_of_the_shell
from spaces.models import Change, Park, User
from spaces.month_ledger import folding
from spaces.values import clock
from tenants.demo import build, check, kept_forecasts
from tenants.demo.accounts import ACCOUNTS, PASSWORD

READER = "official@demo.test"


class Command(BaseCommand):
    help = "Fill an empty database with the demo province and print its accounts (only where DEBUG is on)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="First make the tables, if there are none.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(language_of_the_shell()):
            if not settings.DEBUG:
                raise CommandError(_("The demo prints its password: it runs only with DEBUG=1."))
            if options["prepare"]:  # in one process: starting another takes two seconds
                call_command("migrate", verbosity=0)
                call_command("createcachetable", verbosity=0)
            with transaction.atomic():
                if not User.objects.filter(email__in=ACCOUNTS).exists():
                    self.fill()
            self.accounts()

    def fill(self) -> None:
        if Change.objects.exists() or Park.objects.exists():
            raise CommandError(
                _("This database holds something else already: point SQLITE_FILE or DATABASE_URL at an empty one.")
            )
        today = clock.today()
        build.fill(today, self.stdout.write)
        folding.fold(today)
        wrong = list(check.mismatches(today))
        if wrong:
            raise CommandError(
                _("Nothing was written, the totals are wrong: %(totals)s") % {"totals": "; ".join(wrong)}
            )
        self.stdout.write(_("Forecasts of the months since the register began …"))
        kept_forecasts.keep(today, User.objects.get(email=READER))

    def accounts(self) -> None:
        made_on = timezone.localdate(Change.objects.earliest("pk").at)
        message = _("The demo province is of %(day)s: sample data below the published totals of October 2024.")
        self.stdout.write(message % {"day": made_on})
        for email, (_name, _role, description) in ACCOUNTS.items():
            self.stdout.write(f"  {email:20} {description}")
        self.stdout.write(_("They were made with the password: %(password)s") % {"password": PASSWORD})
