"""The switches. One file for every machine: what differs comes from the environment.

============== ======================================================= =========================================
variable       what it says                                            where it is absent
============== ======================================================= =========================================
DATABASE_URL   ``sqlite:///...`` or ``postgres://...``                 ``empower.sqlite3`` in the checkout
SECRET_KEY     signs sessions and the idempotency hashes               made once, kept in ``VAR_DIR/secret_key``
SECRET_KEY_FALLBACKS the keys before it, by commas, the latest first:  none: what they signed or sealed is no longer
               sessions, PINs, drafts and webhooks made under them     believed
               hold while they stand here
DEBUG          1, true, on, yes: demo password, error pages            off
ALLOWED_HOSTS  host names, by commas                                   localhost,127.0.0.1,[::1]
PORT           the port `make run` serves on                           8000
VAR_DIR        what the product keeps beside its database: keys, cache ``var`` in the checkout
CHECKPOINT_KEY the key that signs the audit log (`seal --make-key`)    made once, kept in ``VAR_DIR/checkpoint_key``
CHECKPOINTS_FILE where the sealer remembers what it signed: best on    ``VAR_DIR/checkpoints.txt``
               a volume that whoever owns the database can't write to
CHECKPOINT_TRUSTED_KEYS public keys believed beside it, by commas      none
SECURE_COOKIES cookies are sent over TLS alone                         on unless DEBUG
SSL_REDIRECT   plain HTTP is sent on to HTTPS                          off: the proxy's work
HSTS_SECONDS   how long browsers must insist on HTTPS                  0
TRUSTED_ORIGINS origins that may post (``https://...``), by commas     none but the host itself
BEHIND_PROXY   the number of proxies before us that we trust           0
CONN_MAX_AGE   seconds a PostgreSQL connection is kept                 60
STATIC_ROOT    where `collectstatic` puts files                        ``staticfiles`` in the checkout
LOG_LEVEL      how much goes to standard error                         INFO
EMAIL_URL      ``smtp://user:password@host:587?tls=1``,            under DEBUG standard output, else no mail leaves
               ``smtps://...``, ``console:``, ``file:///folder``
EMAIL_FROM     whom mail is from                                       Empower <empower@(SITE_URL's host)>
SITE_URL       the address that links in mail begin with               http://localhost:PORT, else the first ALLOWED_HOSTS
WEBHOOKS_ALLOW_PRIVATE webhooks may lead to private, local addresses   off: to the open internet alone
WEBHOOKS_ALLOW_HTTP webhooks may go without TLS                        off: https:// alone
============== ======================================================= =========================================
"""

import os
from importlib.util import find_spec
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ledger import desk_look, mail, secret_key
from ledger.schema import schema_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")


def _on(name, otherwise=False):
    word = os.environ.get(name, "").strip().lower()
    return word in {"1", "true", "on", "yes"} if word else otherwise


def _names(name, otherwise=""):
    return [part.strip() for part in (os.environ.get(name) or otherwise).split(",") if part.strip()]


# --- who we are -------------------------------------------------------------------------------------------------

DEBUG = _on("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key.kept_in(VAR_DIR)
SECRET_KEY_FALLBACKS = _names("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = _names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
PORT = int(os.environ.get("PORT") or 8000)

ROOT_URLCONF = "ledger.urls"
WSGI_APPLICATION = "ledger.wsgi.application"

# The review desk's looks, where they are installed; without them it is Django's own admin, and works as well. The
# basic configuration: the other one puts a site of its own in the place of ours.
UNFOLD_APPS = ["unfold.apps.BasicAppConfig"] if find_spec("unfold") else []
UNFOLD = desk_look.UNFOLD

INSTALLED_APPS = [
    # The domain, highest floor first.
    "empower.insights",
    "empower.recognition",
    "empower.spending",
    "empower.incidents",
    "empower.policies",
    "empower.journal",
    "empower.notices",
    "empower.devices",
    "empower.staff",
    "empower.audit",
    # What it is built with. unfold replaces the admin's templates, so it comes before it.
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    *UNFOLD_APPS,
    "ledger.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ledger.static_files.CompressedFiles",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ledger.compressing.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "ledger.content_security.looser_where_needed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "empower.devices.middleware.shared_phones",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- what it keeps ----------------------------------------------------------------------------------------------

# No ATOMIC_REQUESTS: a service opens its own transaction, and records a refusal after that one is rolled back.
DATABASES = {
    "default": dj_database_url.parse(os.environ.get("DATABASE_URL") or f"sqlite:///{BASE_DIR / 'empower.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
        # DEFERRED begins as a reader and fails at once when it meets another writer; IMMEDIATE waits its turn.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    # READ COMMITTED, PostgreSQL's default: the conditional UPDATE of the authority needs no more.
    DATABASES["default"]["CONN_MAX_AGE"] = int(os.environ.get("CONN_MAX_AGE") or 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The audit log's proof (docs/proof.md). The key is read, or made, when it is first needed.
CHECKPOINT_KEY = os.environ.get("CHECKPOINT_KEY", "").strip()
CHECKPOINT_TRUSTED_KEYS = _names("CHECKPOINT_TRUSTED_KEYS")
CHECKPOINTS_FILE = Path(os.environ.get("CHECKPOINTS_FILE") or VAR_DIR / "checkpoints.txt")

# Sign-in attempts and API calls are counted here, so every worker must see the same cache.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
    # Panels of the dashboard as they were counted, in a place of their own: they push out no count of a sign-in.
    "pictures": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "pictures",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    # Its drawings, each by what it shows: no commit makes one stale, so the panels that come and go push none out.
    "drawings": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "drawings",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

# --- who may come in --------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "staff.Employee"
AUTHENTICATION_BACKENDS = ["ledger.sign_in.PasswordBackend", "ledger.sign_in.PinBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

ACCOUNT_ADAPTER = "ledger.sign_in.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
# allauth's own limits hold besides: 30 sign-ins a minute from one address, 5 failures in 5 minutes for one account.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("BEHIND_PROXY") or 0)

# --- what a browser may do --------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

SECURE_COOKIES = _on("SECURE_COOKIES", otherwise=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = _names("TRUSTED_ORIGINS")

SECURE_SSL_REDIRECT = _on("SSL_REDIRECT")
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS") or 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- language, time, files --------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "ledger.formats"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ledger.static_files.FindByContent",
]
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # The manifest exists only after `collectstatic`, which nobody runs while developing.
        "BACKEND": "ledger.static_files.NamedByContent"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# --- what leaves the house --------------------------------------------------------------------------------------

# With the first, whoever may set up a webhook has this machine send to its neighbours: databases, clouds' metadata.
WEBHOOKS_ALLOW_PRIVATE = _on("WEBHOOKS_ALLOW_PRIVATE")
WEBHOOKS_ALLOW_HTTP = _on("WEBHOOKS_ALLOW_HTTP")

MAIL = mail.read(os.environ.get("EMAIL_URL", "").strip() or ("console:" if DEBUG else ""))
MAIL_LEAVES = MAIL is not None
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend" if MAIL is None else MAIL.pop("EMAIL_BACKEND")
globals().update(MAIL or {})
EMAIL_TIMEOUT = 15
SITE_URL = (os.environ.get("SITE_URL") or mail.site_of(DEBUG, PORT, ALLOWED_HOSTS)).rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or f"Empower <empower@{mail.host_of(SITE_URL)}>"

# --- the API ----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # The token first: its way in is what a 401 names.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "empower.staff.api_authentication.BearerToken",
        "empower.staff.api_authentication.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "empower.scoping.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["empower.throttling.RequestsOfAToken"],
    "DEFAULT_PAGINATION_CLASS": "empower.paging.CursorPaging",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["empower.wire.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "ledger.problems.problem_response",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    # `format` is a parameter of the reports, and none of REST framework's.
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "DEFAULT_SCHEMA_CLASS": "ledger.schema.drawing.DoorSchema",
}
SPECTACULAR_SETTINGS = schema_settings.SPECTACULAR_SETTINGS

# --- what it says of itself -------------------------------------------------------------------------------------

# To standard error. Django logs a request by its path, without query string or body, and so do we.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "ledger.logs.NothingPersonal", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL") or "INFO"},
    "loggers": {
        # Django's own configuration would add a console under DEBUG and e-mail to admins otherwise.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # Each of its eight steps at INFO.
        "weasyprint": {"level": "ERROR"},
        # It quotes what a webhook's receiver answered.
        "urllib3": {"level": "ERROR"},
    },
}
