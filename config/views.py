"""The API's own pages: its schema, its documentation, and what is no address of it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.views import APIView

from spaces.api.parameters import LanguageQuery, check

# Swagger UI writes styles into its own elements; scripts stay those of this host.
DOCS_CSP = settings.SECURE_CSP | {"style-src": [CSP.SELF, CSP.UNSAFE_INLINE]}

swagger = csp_override(DOCS_CSP)(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))


@login_not_required
def docs(request):
    """The page of the API; who must log in first is led there, as from any other page."""
    if request.user.is_authenticated or (settings.API_DOCS_OPEN and settings.PLACES_OPEN):
        return swagger(request)
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


@login_not_required
def nowhere(request):  # noqa: ARG001 Django's call
    """With DEBUG on: an address that is none meets the product's own page, as it does without."""
    raise Http404


class SchemaView(SpectacularJSONAPIView):
    """OpenAPI 3.1 as JSON, in the language of `?lang=` or Accept-Language."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        check(request.query_params, LanguageQuery, None, ())


class NotHere(APIView):
    """Whatever is no address of the API: a problem like any other, in every method and with DEBUG on too."""

    schema = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise Http404
