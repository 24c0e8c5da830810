"""The inbox of the user, in the user's language."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from spaces.api.parameters import DayQuery
from spaces.api.reads import Listing, Rows
from spaces.api.representations import ComputedText
from tenants.models import Notice
from tenants.notices import notice_texts


class NoticeRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    event = serializers.CharField()
    subject = ComputedText(notice_texts.subject)
    text = ComputedText(notice_texts.text)
    link = serializers.CharField(help_text=gettext_lazy("The page that it is about."))
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class NoticeQuery(DayQuery):
    unread = serializers.BooleanField(required=False)


class NoticeList(Listing):
    """One's own notices, newest first."""

    permission_classes = [IsAuthenticated]
    own_rows = True
    query = NoticeQuery
    row = NoticeRow

    def rows(self) -> Rows:
        rows = Notice.objects.visible_to(self.request.user)
        if "unread" in self.asked:
            rows = rows.filter(read_at__isnull=self.asked["unread"])
        return rows.order_by("-created_at", "-pk")
