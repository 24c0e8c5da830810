from django.conf import settings
from django.urls import include, path, re_path

from config import views
from frontend.views.accounts import account_pages, profile_page
from tenants.admin import desk

urlpatterns = [
    path("", include("frontend.urls")),
    path("accounts/login/", account_pages.log_in, name="account_login"),
    # In front of allauth's own page, which would change addresses past the actions and doubt those of all accounts.
    path("accounts/email/", account_pages.email, name="account_email"),
    path("accounts/sessions/", profile_page.sessions, name="usersessions_list"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("spaces.api.urls")),
    path("api/v1/", include("tenants.api.urls")),
    path("api/schema/", views.SchemaView.as_view(), name="api-schema"),
    path("api/docs/", views.docs, name="api-docs"),
    re_path(r"^api/", views.NotHere.as_view(), name="api-nowhere"),
]
if settings.ADMIN_ENABLED:
    urlpatterns.append(path("dj-admin/", desk.urls))

if settings.DEBUG:
    urlpatterns.append(re_path(r"^.*/\Z", views.nowhere, name="nowhere"))

handler400 = "frontend.site.error_pages.bad_request"
handler403 = "frontend.site.error_pages.permission_denied"
handler404 = "frontend.site.error_pages.page_not_found"
handler429 = "frontend.site.error_pages.too_many_requests"  # asked by allauth
handler500 = "frontend.site.error_pages.server_error"
