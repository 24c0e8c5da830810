"""Private files of requests, leases and checklist items. Raise ValidationError with the code file, quota or move."""

import hashlib
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from spaces.actions import writing
from spaces.actions.locks import lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.models import User
from spaces.values import clock
from tenants.actions import uploads
from tenants.actions.locked_rows import lock, not_now
from tenants.models import Document, HandoverItem, Lease, SpaceRequest
from tenants.models.requests import WRITABLE

DAILY_BYTES = 200 * 1024 * 1024

type DocumentOwner = SpaceRequest | Lease | HandoverItem


def add(owner: DocumentOwner, *, name: str, content: bytes, kind: str, by: User) -> Document:
    """Check a file, write it, then its row."""
    return store(owner, read(name, content, by=by), kind=kind, by=by)


def read(name: str, content: bytes, *, by: User) -> uploads.Clean:
    """The checked file; slow, so called before any transaction."""
    _within_quota(by, len(content))  # before the file is read; again under the lock
    return uploads.inspect(name, content)


def store(owner: DocumentOwner, clean: uploads.Clean, *, kind: str, by: User) -> Document:
    """Write the file, then its row; if the row is refused, the file is deleted."""
    document = Document(
        kind=kind,
        name=clean.name,
        content_type=clean.content_type,
        size=len(clean.content),
        sha256=hashlib.sha256(clean.content).hexdigest(),
        created_at=clock.now(),
        created_by=by,
        **_place(owner),
    )
    document.file.save(clean.name, ContentFile(clean.content), save=False)
    try:
        _keep(document, by=by)
    except Exception:
        document.file.delete(save=False)
        raise
    return document


@atomic_with_retry
def remove(document: Document, *, by: User) -> Document:
    """Remove a file: the row stays, the file is deleted after commit."""
    if document.request:
        _still_written(document.request)
    row = lock(document)
    if row.removed_at:
        return row  # someone else was faster
    writing.change(row, "remove", by=by, removed_at=clock.now(), removed_by=by)
    stored = str(row.file.name)
    transaction.on_commit(lambda: row.file.storage.delete(stored))
    return row


@atomic_with_retry
def _keep(document: Document, *, by: User) -> None:
    lock_row(by)
    _within_quota(by, document.size)
    if document.request:
        _still_written(document.request)
    writing.create(document, "add", by=by)


def _within_quota(by: User, size: int) -> None:
    since = clock.now() - timedelta(days=1)
    sent = Document.objects.filter(created_by=by, created_at__gte=since).aggregate(bytes=Sum("size"))["bytes"] or 0
    if sent + size > DAILY_BYTES:
        raise refusal("file", _("You have sent 200 MB within a day. Go on tomorrow."), "quota")


def _still_written(wanted: SpaceRequest) -> None:
    """Refuse to change the files of a submitted request: the park decides on them."""
    row = lock(wanted)
    if row.state not in WRITABLE:
        message = _("The request was submitted: its files stay as they are. Ask the park to return it for changes.")
        raise not_now(row, message)


def _place(owner: DocumentOwner) -> dict[str, object]:
    match owner:
        case SpaceRequest():
            return {"request": owner, "company": owner.company}
        case Lease():
            return {"lease": owner, "company": owner.company}
        case HandoverItem():
            return {"item": owner, "company": owner.handover.lease.company}
