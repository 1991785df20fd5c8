"""Settings of Rolefit.

What differs between machines comes from the environment; README.md lists it.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django_prose_editor.config import process_link
from js_asset import static_lazy

from . import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

# Files of this process are closed to other accounts of the machine.
os.umask(0o077)

# What differs between machines
DEBUG = env.flag("DEBUG")
DATA_DIR = env.private_directory("DATA_DIR", BASE_DIR / "var")
BASE_URL = env.origin("BASE_URL", "http://localhost:8000")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.host_list(
    "ALLOWED_HOSTS",
    BASE_URL.split("//")[1].rsplit(":", 1)[0] + ",localhost,127.0.0.1,[::1]",
)
DATABASES = {"default": env.database("DATABASE_URL", folder=DATA_DIR)}
SECRET_KEY = env.secret_key(
    "SECRET_KEY", folder=DATA_DIR, required=bool(env.text("DATABASE_URL"))
)
SECRET_KEY_FALLBACKS = env.earlier_secret_keys("SECRET_KEY_FALLBACKS")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text(
    "MAIL_FROM", "Rolefit <webmaster@localhost>"
)
ADMINS = [("", address) for address in env.address_list("ADMINS")]
MAIL = env.mail("EMAIL_URL")
# Otherwise the console shows the mail.
MAIL_GOES_OUT = MAIL is not None
EMAIL_BACKEND = "rolefit.mail.ConsoleMail"
if MAIL:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.implicit_tls, not MAIL.implicit_tls
    EMAIL_TIMEOUT = 20
PROXIES = env.integer("PROXIES", 0, least=0, most=5)
ADDRESS_LIMIT = env.integer("ADDRESS_LIMIT", 3000, least=100, most=1_000_000)
UNFINISHED_KEPT = timedelta(days=env.integer("UNFINISHED_DAYS", 7, least=1, most=90))
FINISHED_KEPT = timedelta(days=env.integer("FINISHED_DAYS", 365, least=30, most=1095))

# The server: see __main__.py
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, least=1, most=65_535)
WORKERS = env.integer("WORKERS", 2, least=1, most=64)
THREADS = env.integer("THREADS", 4, least=1, most=64)

# Apps
INSTALLED_APPS = [
    "content",
    "assessments",
    "crispy_forms",
    "content_editor",
    "django_prose_editor",
    "js_asset",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # django.contrib.admin, with our site and front page
    "rolefit.apps.RolefitAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    # allauth's page of sessions needs it.
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "rolefit.middleware.HealthMiddleware",
    "rolefit.middleware.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "rolefit.static.StaticFiles",
    # Before ConditionalGet, so that the ETag is that of the uncompressed page. It adds
    # random bytes, against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "rolefit.middleware.PermissionsPolicyMiddleware",
    "rolefit.middleware.PolicyMiddleware",
    "rolefit.middleware.HostCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rolefit.middleware.SuspendedRequestMiddleware",
    "rolefit.middleware.AccountPagesMiddleware",
    "rolefit.middleware.NotAllowedMiddleware",
    "rolefit.middleware.SecondFactorMiddleware",
]
ROOT_URLCONF = "rolefit.urls"
WSGI_APPLICATION = "rolefit.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "content.published.context",
                "rolefit.context.site_facts",
            ],
            "builtins": ["django.templatetags.static"],
        },
    }
]
CRISPY_TEMPLATE_PACK = "rolefit"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("rolefit",)
CRISPY_FAIL_SILENTLY = not DEBUG
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CSRF_FAILURE_VIEW = "rolefit.views.csrf_failure"

# The cache has only the limits of sign-ins, used codes and used challenges. In the
# database all nodes see the same counts, and no further service is needed.
CACHES = {
    "default": {
        "BACKEND": "rolefit.cache.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    }
}

# Language and time
LANGUAGE_CODE = "en-us"
USE_I18N = True
FORMAT_MODULE_PATH = "rolefit.formats"
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = env.public_directory("STATIC_ROOT", DATA_DIR / "static")
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "rolefit.static_files.ReadableStaticFiles"
        )
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Accounts: staff and coaches only; visitors need none
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/admin/"
ACCOUNT_ADAPTER = "rolefit.accounts.InvitedOnly"
_MAILED_LINKS = "rolefit.accounts.PasswordLinkTokens"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = _MAILED_LINKS
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Whoever chooses a password by a link is signed in, after the second factor if there is
# one, and need not type it a second time.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Seconds after a sign-in, or after giving the password or factor again, in which pages
# that give or take power do not ask for it. Setting up an app for codes takes minutes.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# Not by a code in a mail, which a sign-in takes neither.
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
# Before the addresses of an account change, too: they get links to a new password.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    # By account alone: wrong passwords must not refuse others behind the same address.
    "login_failed": "5/5m/key",
    # A room of coaches may share one address.
    "login": "100/m/ip",
}
ACCOUNT_FORMS = {
    "login": "rolefit.account_forms.LoginForm",
    "add_email": "rolefit.account_forms.AddEmailForm",
    "change_password": "rolefit.account_forms.ChangePasswordForm",
    "set_password": "rolefit.account_forms.SetPasswordForm",
    "reset_password": "rolefit.account_forms.ResetPasswordForm",
    "reset_password_from_key": "rolefit.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "rolefit.account_forms.ReauthenticateForm",
}
MFA_ADAPTER = "rolefit.accounts.SecondFactors"
MFA_FORMS = {
    "authenticate": "rolefit.account_forms.SecondFactorForm",
    "reauthenticate": "rolefit.account_forms.SecondFactorAgainForm",
    "activate_totp": "rolefit.account_forms.ActivateAppForm",
    "authenticate_webauthn": "rolefit.account_forms.SecurityKeyForm",
    "reauthenticate_webauthn": "rolefit.account_forms.SecurityKeyAgainForm",
    "login_webauthn": "rolefit.account_forms.PasskeyForm",
    "add_webauthn": "rolefit.account_forms.AddKeyForm",
    "edit_webauthn": "rolefit.account_forms.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Rolefit"
# RFC 6238 section 5.2: a code may be one step old when it arrives.
MFA_TOTP_TOLERANCE = 1
# A passkey cannot be guessed.
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MIN_PASSWORD_LENGTH = 12
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "rolefit.passwords.NotLikeTheAccount"},
    {"NAME": "rolefit.passwords.NotCommon"},
    {"NAME": "rolefit.passwords.NotOnlyNumbers"},
    {
        "NAME": "rolefit.audit.LongEnough",
        "OPTIONS": {"min_length": MIN_PASSWORD_LENGTH},
    },
]

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        # The hashes of two style elements: of tiptap and of content-editor (with our
        # one region), in the versions that requirements.txt pins.
        "style-src": [
            SELF,
            "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
            "'sha256-N1v+9oYdxeZd/nv2iKYNMLWqP5BlGZff7wM0R1mK4ws='",
        ],
        # data: is allauth's picture of the second factor's secret.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
if HTTPS:
    # Browsers take cookies of these names from this very host alone.
    # `HostCookiesMiddleware` renames those of earlier releases.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# The load balancer asks for these without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Both bind other hosts of the operator, so they are off unless the operator asks.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.flag("HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = HTTPS and env.flag("HSTS_PRELOAD")
if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    raise ImproperlyConfigured("HSTS_PRELOAD needs HSTS_SUBDOMAINS=1, too.")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# With no-referrer, Chromium posts "Origin: null", which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if HTTPS and not DEBUG and not PROXIES:
    raise ImproperlyConfigured(
        "BASE_URL is https, so PROXIES must be the number of proxies in front of "
        "Rolefit (usually 1). Otherwise every page would redirect forever."
    )
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# The largest form is the admin's page of a questionnaire.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["rolefit.uploads.StaffFiles"]
# Our dialog for links in place of the library's.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [static_lazy("js/link.js")], "extensions": {"Link": process_link}}
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Failures go to ADMINS by mail where mail goes out.
_HANDLERS = ["console", "mail"] if MAIL_GOES_OUT and ADMINS else ["console"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "secrets": {"()": "rolefit.logs.HideSecrets"},
        "names": {"()": "rolefit.logs.NameRefused"},
        "one line": {"()": "rolefit.logs.NoTracebacksOfOthers"},
    },
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["one line", "names", "secrets"],
            "formatter": "line",
        },
        "mail": {
            "class": "rolefit.logs.MailAdmins",
            "filters": ["one line", "names", "secrets"],
            "formatter": "line",
        },
    },
    "root": {"handlers": _HANDLERS, "level": "INFO"},
    "loggers": {
        "django": {"handlers": _HANDLERS, "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
