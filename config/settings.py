"""One file; the environment decides. Every variable is described in docs/operations.md."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config import logs, mail, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="demo-only-" + "k" * 50 if DEBUG else "")
if secret_key.refusal(SECRET_KEY, debug=DEBUG):
    raise ImproperlyConfigured(secret_key.refusal(SECRET_KEY, debug=DEBUG))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name each host; * is refused.")
if DEBUG and not {"127.0.0.1", "localhost", "testserver"}.issuperset(ALLOWED_HOSTS):
    raise ImproperlyConfigured("DEBUG is for this machine only: leave ALLOWED_HOSTS at 127.0.0.1 and localhost.")

INSTALLED_APPS = [
    "frontend",
    "tenants",
    "spaces",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks_db",
]
# The admin is a back stop for repair: off unless asked for, and never the product.
ADMIN_ENABLED = env.bool("ADMIN_ENABLED", default=False)
if ADMIN_ENABLED:
    INSTALLED_APPS.append("django.contrib.admin.apps.SimpleAdminConfig")  # no autodiscovery: config/urls.py has it

MIDDLEWARE = [
    "config.access_log.AccessLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "frontend.site.compression.CompressionMiddleware",  # files too: only collected ones are compressed already
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "frontend.site.middleware.OutageMiddleware",
    "frontend.site.health.HealthMiddleware",
    "frontend.site.limits.LimitsMiddleware",
    "frontend.site.middleware.HygieneMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "frontend.site.middleware.LanguageMiddleware",
    "frontend.site.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "frontend.site.middleware.RedirectMiddleware",
    "frontend.site.middleware.LoginMiddleware",
    "frontend.accounts.second_factor.SecondFactorMiddleware",
    "frontend.site.middleware.OnceMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "frontend.site.known_on.KnownOnMiddleware",
    "frontend.site.middleware.AsOfMiddleware",
    "frontend.site.middleware.OwnErrorsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.site.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "frontend.templatetags.hatchery"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

LONGEST_WAIT_SECONDS = 5  # for a lock, on both databases
SQLITE = {
    "ENGINE": "config.sqlite",
    "NAME": env.str("SQLITE_FILE", default=str(BASE_DIR / "var/hatchery.sqlite3")),
    "CONN_MAX_AGE": 600,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": LONGEST_WAIT_SECONDS,
        # One writes and so many wait: half the threads of a process, so that the other half goes on reading.
        "most_waiting": max(1, env.int("GRANIAN_BLOCKING_THREADS", default=64) // 2 - 1),
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000;",
    },
}
# PostgreSQL compiles statements that look dear (JIT), which takes it longer than any of ours runs.
# No one waits long for what does not come: a lock, a server that is away, or a connection that was cut in silence.
POSTGRESQL = {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "options": f"-c jit=off -c lock_timeout={LONGEST_WAIT_SECONDS}s",
        "connect_timeout": LONGEST_WAIT_SECONDS,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    },
}
DATABASES = {"default": env.db("DATABASE_URL") if "DATABASE_URL" in os.environ else SQLITE}
if DATABASES["default"] is SQLITE:
    Path(SQLITE["NAME"]).parent.mkdir(parents=True, exist_ok=True)
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    of_url = DATABASES["default"]
    DATABASES["default"] = POSTGRESQL | of_url | {"OPTIONS": POSTGRESQL["OPTIONS"] | of_url.get("OPTIONS", {})}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "spaces.User"
AUTHENTICATION_BACKENDS = ["frontend.accounts.adapters.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "spaces.access.passwords.GuessableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # typed once: a mistake is mended by the mail for a new password
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Who signs up types a code from a mail before anything else: so the page can be the same for an address that has an
# account already, and nobody speaks for an address that he cannot read.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever owns an account learns of a new password or second factor
USERSESSIONS_TRACK_ACTIVITY = False  # a write on every request of everybody
ACCOUNT_FORMS = {"signup": "frontend.accounts.adapters.SignUpForm"}
# allauth's own would write an unverified address for who asks for a new password.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 a class
# By address alone: one by account would let anybody hold up its owner. spaces.actions.throttle drops mails instead.
# That of log-ins would take a full disk for one attempt too many; throttle counts those, too.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip", "login": ""}
ACCOUNT_ADAPTER = "frontend.accounts.adapters.AccountAdapter"
MFA_ADAPTER = "frontend.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# The rule guards against strangers who sign up with the address of another; here nobody signs up.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Who has one of these roles sets up a second factor before anything else. None in the demo.
STAFF_ROLES = ["park_manager", "ecosystem_officer", "provincial_official", "auditor", "system_admin"]
SECOND_FACTOR_ROLES = [role for role in env.list("SECOND_FACTOR_ROLES", default=[] if DEBUG else STAFF_ROLES) if role]
if not set(STAFF_ROLES).issuperset(SECOND_FACTOR_ROLES):
    raise ImproperlyConfigured(f"SECOND_FACTOR_ROLES takes some of {', '.join(STAFF_ROLES)}, by comma.")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MAILERS = {"default": mail.mailer(environ.FileAwareEnv(), demo=DEBUG)}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="hatchery@localhost")
# Links in mail are made from this, never from a request.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0]}")
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # no broker; worker: manage.py worker
# Shared by every worker: a used one-time code and the login limits must be known to all of them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Django's 300 could be filled by a stranger, and then codes that were used or failed would be forgotten.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# A line for each request; errors and what is refused are logged in any case.
LOGGING = logs.config(debug=DEBUG, access=env.bool("ACCESS_LOG", default=not DEBUG))

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
FORMAT_MODULE_PATH = ["frontend.site.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "var/media"))  # private: no address leads there
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var/static"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "config.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "frontend.site.static_files.CollectedStorage"},
}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "frontend.site.error_pages.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz)\Z"]  # asked by whoever watches this machine, by its address
DEVICE_COOKIE_NAME = "device"
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("HTTPS", default=True)
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    DEVICE_COOKIE_NAME = "__Host-device"
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# Places, totals and published vacancies are open to visitors; who sits where never is.
PLACES_OPEN = env.bool("PLACES_OPEN", default=True)
# People of companies make their own accounts. Staff accounts are made by a system admin in any case.
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=True)
# The description of the API, and its page, for visitors too.
API_DOCS_OPEN = env.bool("API_DOCS_OPEN", default=False)
# Where to report a weakness, for /.well-known/security.txt: addresses that begin with mailto: or https:, by comma.
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])
if any(not contact.startswith(("mailto:", "https://")) for contact in SECURITY_CONTACT):
    raise ImproperlyConfigured("SECURITY_CONTACT takes addresses that begin with mailto: or https://.")
SITE_TITLE = env.str("SITE_TITLE", default="")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["config.api.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.OpenPlaces"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.JSONInput"],
    "DEFAULT_PAGINATION_CLASS": "config.api.Pages",
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.problem",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hatchery",
    "DESCRIPTION": "Places, allocations and areas on any day. Areas are strings in m2 with two decimals.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["config.api.OpenDocs"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "KindEnum": "spaces.states.ParkKind",
        "RequestKindEnum": "tenants.states.RequestKind",
        "HandoverKindEnum": "tenants.states.HandoverKind",
        "UseEnum": "spaces.states.Use",
        "LettableUseEnum": "tenants.models.requests.LETTABLE_USE_CHOICES",
        "StateEnum": "spaces.states.UnitState",
        "RequestStateEnum": "tenants.states.RequestState",
        "OfferStateEnum": "tenants.states.OfferState",
        "LeaseStateEnum": "tenants.states.LeaseState",
        "RuleEnum": "tenants.matching.Rule",
        "TenureRuleEnum": "tenants.states.TenureRule",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api_problems.add_problems",
    ],
}
