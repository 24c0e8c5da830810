"""Pages of django-allauth that we answer in our own way."""

from allauth.account.views import LoginView


class LogIn(LoginView):
    """Who has to wait is told so by the status, too."""

    def form_invalid(self, form):
        answer = super().form_invalid(form)
        wait = getattr(self.request, "sign_in_wait", 0)
        if wait:
            answer.status_code = 429
            answer["Retry-After"] = str(wait)
        return answer


log_in = LogIn.as_view()
