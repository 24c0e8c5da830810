"""The page of the own account: facts, notices, sign-in, sessions, deletion."""

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontend.act_page import status_of, submit
from frontend.forms.accounts import CHOICES, DeleteForm, PersonForm
from frontend.site.interrupted_forms import typed
from spaces.actions import people
from spaces.models import User
from tenants.actions import accounts


@require_http_methods(["GET", "POST"])
def profile(request):
    user = User.objects.get(pk=request.user.pk)
    mailed = [topic for topic, _label in CHOICES if topic not in user.muted]
    initial = {"name": user.name, "phone": user.phone, "language": user.language, "mailed": mailed}
    form = PersonForm(typed(request), initial=initial)

    def save(it):
        people.update_user(user, by=user, seen=it.seen, **form.facts())
        return reverse("profile"), _("Saved.")

    address = submit(request, form, save, user, edits=user)
    if address:
        return redirect(address)
    context = {"form": form, "sessions": _sessions(request), "narrow": True}
    return render(request, "frontend/profile.html", context, status=status_of(form))


def _sessions(request):
    """(session, whether it is the current one) of the person, newest first."""
    running = Session.objects.filter(expire_date__gt=timezone.now()).values("pk")
    found = UserSession.objects.filter(user=request.user, session_key__in=running).order_by("-created_at", "-pk")
    return [(row, row.session_key == request.session.session_key) for row in found]


@require_GET
def sessions(_request):
    """Redirect allauth's list of sessions to the page of the account."""
    return redirect("profile")


@require_POST
def sessions_end(request):
    number = people.end_other_sessions(request.user, keep=request.session.session_key, by=request.user)
    message = ngettext(
        "%(number)s other session was signed out.", "%(number)s other sessions were signed out.", number
    )
    messages.success(request, message % {"number": number})
    return redirect("profile")


@require_http_methods(["GET", "POST"])
@reauthentication_required
def profile_delete(request):
    """What deletion removes and keeps, and a button; the password was entered just before."""
    form = DeleteForm(request.POST if request.method == "POST" else None)

    def delete(it):
        accounts.delete(it.by, by=it.by)
        return reverse("home"), ""

    address = submit(request, form, delete, once=False)
    if address:
        logout(request)  # a message given before would go with the session
        messages.success(request, _("Your account was deleted."))
        return redirect(address)
    context = {"form": form, "alone": accounts.led_alone(request.user), "narrow": True}
    return render(request, "frontend/profile_delete.html", context, status=status_of(form))
