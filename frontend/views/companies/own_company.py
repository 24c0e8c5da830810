from django.shortcuts import get_object_or_404

from spaces.access import refuse_read_only
from tenants.models import Company
from tenants.models.companies import ANYONE_OF_IT


def own_company(request):
    """The company that `?company=` names, or the first one of this person; None without any."""
    refuse_read_only(request.user)
    mine = Company.objects.owned_by(request.user, ANYONE_OF_IT).order_by("pk")
    number = request.GET.get("company")
    if number:
        return get_object_or_404(mine, number=number)
    return mine.first()
