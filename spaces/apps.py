from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from spaces.mail import checks

__all__ = ["SpacesConfig", "checks"]


class SpacesConfig(AppConfig):
    name = "spaces"
    verbose_name = _("Spaces")
