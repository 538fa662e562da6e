"""Django's settings, derived from `passerby.settings`; importing this needs neither the data folder nor a database.

Django runs the account rooms only: accounts, teams, sites and the pages. The store and ingest never see this module.
"""

from pathlib import Path
from urllib.parse import urlsplit

from passerby.accounts.database import database_of
from passerby.accounts.mail import mail_of
from passerby.accounts.secret import secret_key_of
from passerby.settings import read_settings

PASSERBY = read_settings()
PACKAGE = Path(__file__).parent

DEBUG = False
SECRET_KEY = secret_key_of(PASSERBY)
# Mails carry links made from the public address alone; other links may follow the Host header until that is set.
ALLOWED_HOSTS = (
    [urlsplit(PASSERBY.base_url).hostname or "", "localhost", "127.0.0.1", "[::1]"] if PASSERBY.has_base_url else ["*"]
)
ROOT_URLCONF = "passerby.urls"
WSGI_APPLICATION = "passerby.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "passerby.accounts",
    "passerby.teams",
    "passerby.sites",
]
MIDDLEWARE = [
    "passerby.accounts.middleware.SafeHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "passerby.accounts.middleware.NoZeroBytesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "passerby.accounts.middleware.SlidingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Refuse by default: a view that says nothing is for people who are logged in.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "passerby.report.questions.QuestionsEndWithTheirClientMiddleware",
    "passerby.report.pages.errors.StoreAwayMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {"default": database_of(PASSERBY)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Attempts are counted here. With Django's 300 entries, tries at other addresses would push a counter out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "passerby.accounts.passwords.MaximumLengthValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/sites"
LOGOUT_REDIRECT_URL = "/login"

ACCOUNT_ADAPTER = "passerby.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/m/ip,5/m/key", "reset_password": "5/h/ip,3/h/key"}

SESSION_ENGINE = "passerby.accounts.sessions"
SESSION_COOKIE_NAME = "passerby_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # Seconds; it slides, see SlidingSessionMiddleware.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PASSERBY.is_https
CSRF_COOKIE_NAME = "passerby_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PASSERBY.is_https
# A proxy that ends TLS speaks plain http to us; the browser's Origin header still says https.
CSRF_TRUSTED_ORIGINS = [PASSERBY.base_url]
CSRF_FAILURE_VIEW = "passerby.report.pages.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024  # Bytes; the backfill body is the largest thing anyone may send.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
STATIC_URL = "/static/"

MAIL = mail_of(PASSERBY)
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST = MAIL.host
EMAIL_PORT = MAIL.port
EMAIL_HOST_USER = MAIL.user
EMAIL_HOST_PASSWORD = MAIL.password
EMAIL_USE_TLS = MAIL.uses_starttls
EMAIL_USE_SSL = MAIL.uses_tls
EMAIL_TIMEOUT = 20  # Seconds.
DEFAULT_FROM_EMAIL = MAIL.sender
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Passerby] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PASSERBY.is_https else "http"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # Only what went wrong is logged, without the request: staff have addresses and User-Agents too.
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
