from django.apps import AppConfig

from frontend import collected  # noqa: F401 registers its check


class FrontendConfig(AppConfig):
    name = "frontend"
