"""Pages of django-allauth that differ here, and the page of a welcome link."""

from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from frontend.forms.accounts import FirstPasswordForm
from spaces.access import welcome_links as links
from spaces.actions import people


class LogIn(LoginView):
    """allauth's login; 429 with Retry-After where a person has to wait."""

    def form_invalid(self, form):
        answer = super().form_invalid(form)
        wait = getattr(self.request, "sign_in_wait", 0)
        if wait:
            answer.status_code = 429
            answer["Retry-After"] = str(wait)
        return answer


log_in = LogIn.as_view()


@require_GET
def email(_request):
    """Redirect allauth's change of address: here the address identifies the account and stays."""
    return redirect("account_change_password")


@require_http_methods(["GET", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("password1")
def welcome(request, token):
    """The page behind a welcome link: whose account it is, and a password for it."""
    user, refusal = None, ""
    try:
        user = links.read(token)
    except ValidationError as error:
        refusal = " ".join(error.messages)
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if user and request.method == "POST" and form.is_valid():
        try:
            people.accept_welcome(token, form.cleaned_data["password1"], form.cleaned_data["name"])
        except ValidationError as error:  # the link was used meanwhile
            refusal = " ".join(error.messages)
        else:
            messages.success(request, _("Your password is set. Log in with %(email)s.") % {"email": user.email})
            return redirect("account_login")
    context = {"invited": user, "refusal": refusal, "form": form, "narrow": True}
    return render(request, "frontend/welcome.html", context, status=422 if refusal or form.errors else 200)
