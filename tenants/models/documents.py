import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Assignment, User
from spaces.models.fields import LineField
from spaces.models.people import READ_ONLY, AnyUser
from spaces.models.recorded import Recorded
from tenants.models.companies import Company
from tenants.models.handovers import HandoverItem
from tenants.models.leases import Lease
from tenants.models.requests import SpaceRequest


class DocumentKind(models.TextChoices):
    APPLICATION = "application", _("Application form")
    PLAN = "plan", _("Business plan")
    LICENCE = "licence", _("Business licence")
    PROOF = "proof", _("Proof or certificate")
    CONTRACT = "contract", _("Contract")
    PHOTO = "photo", _("Photo")
    OTHER = "other", _("Other paper")


def random_name(_document: "Document", name: str) -> str:
    """A random file name, independent of the uploaded one; the ending follows from the content."""
    return f"documents/{secrets.token_hex(20)}.{name.rpartition('.')[2]}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def kept_for(self, user: AnyUser) -> Self:
        """Files of objects that the user may see, also removed ones, of which only the row is left."""
        return self.filter(
            Q(request__in=SpaceRequest.objects.details_visible_to(user).values("pk"))
            | Q(lease__in=Lease.objects.visible_to(user).values("pk"))
            | Q(item__in=HandoverItem.objects.visible_to(user).values("pk"))
        )

    def visible_to(self, user: AnyUser) -> Self:
        return self.kept_for(user).filter(removed_at=None)

    def editable_by(self, user: AnyUser) -> Self:
        """Files sent by the user, unless the user holds a read-only role."""
        held = Assignment.objects.in_force(user).filter(role__in=READ_ONLY)
        return self.visible_to(user).filter(~models.Exists(held), created_by=user.pk)


class Document(Recorded):
    """A private file of exactly one request, lease or checklist item; served only through `visible_to`."""

    read_by = {
        "kept_for": (
            "id", "request_id", "lease_id", "item_id", "company_id", "kind", "name", "content_type", "size",
            "created_at", "created_by_id", "removed_at", "removed_by_id",
        ),
    }  # fmt: skip
    read_by_nobody = ("file", "sha256")
    why_read_by = "kept_for"

    request = models.ForeignKey(
        SpaceRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("request"),
    )
    lease = models.ForeignKey(
        Lease, on_delete=models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("lease")
    )
    item = models.ForeignKey(
        HandoverItem, on_delete=models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("item")
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("company")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=DocumentKind.choices)
    name = LineField(_("name"), max_length=150)
    file = models.FileField(_("file"), upload_to=random_name, max_length=100)
    content_type = LineField(max_length=60, editable=False)
    size = models.PositiveIntegerField(_("size (bytes)"), editable=False)
    sha256 = LineField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("sent"), editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("sent by")
    )
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("removed by")
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=False, lease=None, item=None)
                | Q(request=None, lease__isnull=False, item=None)
                | Q(request=None, lease=None, item__isnull=False),
                name="tenants_document_one_place",
                violation_error_message=_("A document belongs to one request, lease or item."),
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="tenants_document_removed_by_someone",
                violation_error_message=_("A removal has a time and a person."),
            ),
            models.UniqueConstraint(
                fields=["request", "sha256"],
                condition=Q(removed_at=None, request__isnull=False),
                name="tenants_document_same_once",
                violation_error_message=_("This very file is here already."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"
