"""The mail of the demo, which is not sent but shown here. 404 where DEBUG is off."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from frontend.site.bounded_pages import ListPaginator
from spaces.models import Mail

PER_PAGE = 50


def in_the_demo(view):
    """For everybody, as a visitor needs the code of a sign-up. DEBUG is refused on any public host."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(never_cache(guarded))


@require_GET
@in_the_demo
def demo_mail(request):
    found = Mail.objects.defer("body").order_by("-created_at", "-pk")
    page = ListPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "frontend/demo_mail.html", {"page": page})


@require_GET
@in_the_demo
def demo_mail_message(request, pk):
    return render(request, "frontend/demo_mail_message.html", {"mail": get_object_or_404(Mail, pk=pk), "narrow": True})
