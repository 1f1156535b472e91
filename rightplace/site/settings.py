"""Settings of the Django project; everything an installation may change comes from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from rightplace.foundation.access.sign_on import sign_on_services
from rightplace.site.database import NO_DATABASE, THIS_MACHINE, data_folder, database_url, django_database
from rightplace.site.logs import to_standard_error

ROOT = Path(__file__).resolve().parent.parent
DEBUG = os.environ.get("RIGHTPLACE_DEBUG") == "1"


def _secret_key() -> str:
    """The key in RIGHTPLACE_SECRET_KEY, or one made once and kept in the data folder (readable by its owner only)."""
    if chosen := os.environ.get("RIGHTPLACE_SECRET_KEY"):
        return chosen
    kept = data_folder() / "secret_key"
    if kept.exists():
        return kept.read_text().strip()
    kept.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(50)
    kept.touch(mode=0o600)
    kept.write_text(made)
    return made


IS_BARE = os.environ.get("RIGHTPLACE_NO_DATABASE") == "1"
SECRET_KEY = os.environ.get("RIGHTPLACE_SECRET_KEY", "only-for-checking-types") if IS_BARE else _secret_key()
DATABASES = {"default": django_database(NO_DATABASE if IS_BARE else database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ALLOWED_HOSTS = os.environ.get("RIGHTPLACE_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("RIGHTPLACE_ORIGINS", "").split(",") if origin]
IS_SECURE = os.environ.get("RIGHTPLACE_HTTPS") == "1"
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
if IS_SECURE:
    # The product speaks plain HTTP to the proxy before it, which says over what the browser came.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = True
# 12 hours whatever happens; foundation/access/sessions.py ends a session earlier, after 30 minutes without a request.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_ENGINE = "rightplace.foundation.access.sessions"
if IS_SECURE:
    # Names that a browser takes only over HTTPS and from this very host.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "rightplace.desks.layout.errors.csrf_failure"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "rightplace.foundation.organisations",
    "rightplace.foundation.access",
    "rightplace.foundation.audit",
    "rightplace.foundation.notices",
    "rightplace.foundation.files",
    "rightplace.foundation.safeguards",
    "rightplace.foundation.tokens",
    "rightplace.foundation.webhooks",
    "rightplace.foundation.retention",
    "rightplace.register.children",
    "rightplace.register.carers",
    "rightplace.register.providers",
    "rightplace.register.concerns",
    "rightplace.register.frameworks",
    "rightplace.register.visits",
    "rightplace.register.prices",
    "rightplace.register.buying",
    "rightplace.register.services",
    "rightplace.register.fostering",
    "rightplace.register.duty",
    "rightplace.journey.requests",
    "rightplace.journey.search",
    "rightplace.journey.offers",
    "rightplace.journey.decisions",
    "rightplace.journey.placements",
    "rightplace.journey.court_orders",
    "rightplace.journey.packages",
    "rightplace.journey.pathways",
    "rightplace.journey.invitations",
    "rightplace.journey.contracts",
    "rightplace.journey.payments",
    "rightplace.journey.invoices",
    "rightplace.journey.ledger",
    "rightplace.journey.funding",
    "rightplace.journey.blocks",
    "rightplace.journey.panels",
    "rightplace.journey.reviews",
    "rightplace.oversight.simulations",
    "rightplace.oversight.sufficiency",
    "rightplace.oversight.performance",
    "rightplace.oversight.budgets",
    "rightplace.oversight.savings",
    "rightplace.oversight.boards",
    "rightplace.exchange.cost_check",
    "rightplace.exchange.published_payments",
    "rightplace.exchange.ocds",
    "rightplace.exchange.ssda903",
    "rightplace.exchange.case_recording",
    "rightplace.exchange.uasc_claim",
    "rightplace.api",
    "rightplace.desks.layout",
    "rightplace.desks.components",
    "rightplace.desks.social_work",
    "rightplace.desks.brokerage",
    "rightplace.desks.panel",
    "rightplace.desks.finance",
    "rightplace.desks.commissioning",
    "rightplace.desks.governance",
    "rightplace.desks.region",
    "rightplace.desks.portal",
    "rightplace.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rightplace.site.floods.FloodMiddleware",
    "csp.middleware.CSPMiddleware",
    "rightplace.site.room.RoomMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rightplace.site.middleware.ActorMiddleware",
    "rightplace.site.middleware.OnceMiddleware",
]

# Nothing inline, nothing from elsewhere: a script in any text cannot run.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "object-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

ROOT_URLCONF = "rightplace.site.urls"
WSGI_APPLICATION = "rightplace.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "rightplace.desks.layout.context.layout",
            ],
            "builtins": ["rightplace.desks.components.templatetags.components"],
        },
    }
]
FORM_RENDERER = "rightplace.desks.components.forms.Renderer"

AUTH_USER_MODEL = "access.User"
LOGIN_URL = "/sign-in/"
AUTHENTICATION_BACKENDS = ["rightplace.foundation.access.backend.NameOrEmailBackend"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": "rightplace.foundation.access.passwords.GuessableValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60

# django-allauth keeps second steps, passkeys, single sign-on and the counting of attempts; pages and flow are ours.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RIGHTPLACE_PROXIES", "0"))
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords and codes: by account 5 in 5 minutes and 50 a day, by address (an office is one) 60 in 5 minutes.
    "login_failed": "5/5m/key,50/1d/key,60/5m/ip",
    "reset_password": "5/1h/key,60/1h/ip",
    "open_link": "60/5m/ip",
}
MFA_ADAPTER = "rightplace.foundation.access.second_steps.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_ISSUER = "Rightplace"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_ADAPTER = "rightplace.foundation.access.sign_on_asking.SignOnAdapter"
SIGN_ON = sign_on_services(os.environ)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [each.as_app() for each in SIGN_ON.values()]}}
# What is counted together by all web processes. Many rows are kept, so that a flood of names pushes no count out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_counted",
        "OPTIONS": {"MAX_ENTRIES": 200_000, "CULL_FREQUENCY": 10},
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = None

STATIC_URL = "/static/"
STATIC_ROOT = None  # whitenoise serves them from where they are
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Uploads: anything over this is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# Without a mail server named, messages are files in the data folder.
EMAIL_FILE_PATH = data_folder() / "mail"
# What one session may ask for in a second (four times as much at once); 0 where a proxy in front does this.
REQUESTS_A_SECOND = float(os.environ.get("RIGHTPLACE_REQUESTS_A_SECOND", "10"))
# Heads of the audit trail, written every hour: keep this folder on another machine.
AUDIT_ANCHORS = Path(os.environ.get("RIGHTPLACE_ANCHORS") or data_folder() / "anchors")
_MAIL = "smtp" if "RIGHTPLACE_EMAIL_HOST" in os.environ else "filebased"
EMAIL_BACKEND = os.environ.get("RIGHTPLACE_EMAIL_BACKEND", f"django.core.mail.backends.{_MAIL}.EmailBackend")
EMAIL_HOST = os.environ.get("RIGHTPLACE_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("RIGHTPLACE_EMAIL_PORT", "25"))
EMAIL_TIMEOUT = 5
EMAIL_HOST_USER = os.environ.get("RIGHTPLACE_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RIGHTPLACE_EMAIL_PASSWORD", "")
# Encrypted on its way, and the server's certificate checked, unless the server is this machine or the operator says otherwise.
_MAIL_TLS = os.environ.get("RIGHTPLACE_EMAIL_TLS") or ("off" if EMAIL_HOST in THIS_MACHINE else "starttls")
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL_TLS == "starttls", _MAIL_TLS == "tls"
DEFAULT_FROM_EMAIL = os.environ.get("RIGHTPLACE_EMAIL_FROM", "rightplace@example.org")
SITE_ADDRESS = os.environ.get("RIGHTPLACE_ADDRESS", "http://127.0.0.1:8000")

# Other systems: how often a token may ask, and (in tests and development only) webhooks to this machine itself.
API_REQUESTS_A_MINUTE = int(os.environ.get("RIGHTPLACE_API_REQUESTS_A_MINUTE", "600"))
# Where case systems leave their nightly files, a folder for each authority by its GSS code; none: no exchange.
CASE_FOLDER = os.environ.get("RIGHTPLACE_CASE_FOLDER", "")
WEBHOOKS_TO_LOOPBACK = os.environ.get("RIGHTPLACE_WEBHOOKS_TO_LOOPBACK") == "1"

LOGGING = to_standard_error(os.environ.get("RIGHTPLACE_LOG", "WARNING"))

PROCRASTINATE_IMPORT_PATHS = [
    "rightplace.journey.tasks",
    "rightplace.api.tasks",
    "rightplace.exchange.case_recording.tasks",
    "rightplace.foundation.retention.tasks",
    "rightplace.oversight.simulations.tasks",
    "rightplace.oversight.performance.tasks",
    "rightplace.oversight.budgets.tasks",
    "rightplace.oversight.boards.tasks",
]
# Whether a whole domain is on the browsers' preload list is for whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
