"""Send what falls due, and clear drawings that nobody took over. Run it every morning; twice is harmless."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from spaces.actions import drawings, throttle
from tenants.actions import reminders
from tenants.worker.tasks import mail_notices


class Command(BaseCommand):
    help = "Tell people what falls due (leases, offers, checklists), and clear drawings that nobody took over."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        reminders.send(on=timezone.localdate())
        mail_notices.enqueue()
        drawings.clear(before=timezone.now() - drawings.KEPT)
        throttle.clear(before=timezone.now() - throttle.KEPT)
