"""Send due reminders, and clear drawings that were not taken over. Run it every morning; it may run twice."""

from typing import Any

from django.core.management.base import BaseCommand

from spaces.actions import drawings, throttle
from spaces.values import clock
from tenants.actions import reminders
from tenants.worker.tasks import mail_notices


class Command(BaseCommand):
    help = "Tell people what falls due (leases, offers, checklists), and clear drawings that nobody took over."

    def handle(self, *args: Any, **options: Any) -> None:
        reminders.send(on=clock.today())
        mail_notices.enqueue()
        drawings.clear(before=clock.now() - drawings.KEPT)
        throttle.clear(before=clock.now() - throttle.KEPT)
