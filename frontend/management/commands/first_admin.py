"""Create the first account of an installation and print the link that sets its password."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from spaces.access import welcome_links
from spaces.actions import people
from spaces.actions.conflicts import codes_of
from spaces.mail.composing import on_site


class Command(BaseCommand):
    help = "Make a system admin and print a link by which this person sets a password: for 30 minutes, once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="what the pages call this person")
        parser.add_argument("--another", action="store_true", help="although a system admin can log in already")

    def handle(self, *args, **options):
        try:
            user = people.first_admin(
                email=options["email"],
                name=options["name"],
                starts_on=timezone.localdate(),
                another=options["another"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages) + _hint(error)) from error
        link = on_site(reverse("account-welcome", args=[welcome_links.token(user, welcome_links.FIRST_ADMIN)]))
        self.stdout.write(f"Open this link within 30 minutes and set the password of {user.email}:\n{link}")


def _hint(error):
    return " Say --another for one more." if "exists" in codes_of(error) else ""
