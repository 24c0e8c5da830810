"""The addresses of the product with the repair desk switched on."""

from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns
from spaces.admin.site import desk

__all__ = ["handler400", "handler403", "handler404", "handler500"]
# First: in DEBUG the last pattern of the product catches whatever ends with a slash.
urlpatterns = [path("dj-admin/", desk.urls), *urlpatterns]
