"""Who is told what. Notices are rows of the same transaction; the mail follows after commit (tenants/tasks.py)."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from spaces.models import User
from tenants.models import Notice


def tell(users: Iterable[User], event: str, *, key: str, link: str, **facts: Any) -> None:
    """Put one notice in each inbox; the same `key` for the same person again adds nothing."""
    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(user=user, event=event, key=f"{event}:{key}", facts=facts, link=link, created_at=now)
            for user in users
        ],
        ignore_conflicts=True,
    )
