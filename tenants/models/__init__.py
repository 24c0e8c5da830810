from tenants.models.companies import Company, Member
from tenants.models.documents import Document
from tenants.models.feeds import CalendarFeed
from tenants.models.forecasts import ForecastRecord
from tenants.models.handovers import Handover, HandoverItem, TemplateItem
from tenants.models.incubation import Extension, Incubation
from tenants.models.invitations import Invitation
from tenants.models.leases import Lease, LeaseLine
from tenants.models.notices import Notice
from tenants.models.offers import Offer, OfferLine
from tenants.models.requests import Message, Review, SpaceRequest
from tenants.models.serials import AnsweredCall, Serial

__all__ = [
    "AnsweredCall",
    "CalendarFeed",
    "Company",
    "Document",
    "Extension",
    "ForecastRecord",
    "Handover",
    "HandoverItem",
    "Incubation",
    "Invitation",
    "Lease",
    "LeaseLine",
    "Member",
    "Message",
    "Notice",
    "Offer",
    "OfferLine",
    "Review",
    "Serial",
    "SpaceRequest",
    "TemplateItem",
]
