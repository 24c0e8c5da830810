"""The settings of the tests: those of the product, made fast and deaf to the developer's own environment."""

import os

OWN = "ALLOWED_HOSTS ADMIN_ENABLED PLACES_OPEN SIGNUP_OPEN SITE_TITLE TRUSTED_PROXY_COUNT DEFAULT_FROM_EMAIL"
for name in [*OWN.split(), *(name for name in os.environ if name.startswith("MAIL_"))]:
    os.environ.pop(name, None)
# DATABASE_URL is left: it says on which database the tests run. SQLITE_FILE is the one a careless test would write to.
os.environ.update(DEBUG="1", SECRET_KEY="tests-only-" + "k" * 50, SQLITE_FILE=":memory:")

from config.settings import *  # noqa: E402, F403 - the environment must be set first, and all names are wanted

(BASE_DIR / "var").mkdir(exist_ok=True)  # noqa: F405 the test database lies there
LANGUAGE_CODE = "en"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
WHITENOISE_AUTOREFRESH = True
