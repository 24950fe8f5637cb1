"""The project's settings with a workshop's changes: quick hashes, plain static files, databases of its own."""

import gc
import os

from tests import engine

# A seventh of a run went into looking for cycles among what Django and the tests loaded, which is never thrown away.
gc.set_threshold(100_000, 50, 100)

workshop = engine.prepare()
os.environ.setdefault("VAR_DIR", str(workshop / "var"))
os.environ.setdefault("SECRET_KEY", "only the tests sign with this, and any process of theirs must know it")

from ledger.settings import *  # noqa: E402, F403
from ledger.settings import DATABASES, REST_FRAMEWORK, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "ledger.static_files.NamedByContent"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A test of mail says that it leaves.
MAIL_LEAVES = False

# Sign-in is limited by address, and here everyone has the same one. A test of the limits sets them back.
ACCOUNT_RATE_LIMITS = False
# A served test that asks more in a minute than a person's token may says so: its throttling is another test's.
if "EMPOWER_TEST_UNTHROTTLED" in os.environ:
    REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
# Each process counts by itself, so that no test meets another's counts. A served test shares by its own folder.
if "EMPOWER_TEST_SHARED_CACHE" in os.environ:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": os.environ["EMPOWER_TEST_SHARED_CACHE"],
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Tests begin the log again and again, at the same moments: what one counted is not to be another's.
CACHES["pictures"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
# A drawing says all that it was drawn from.
CACHES["drawings"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "drawings"}

_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Files, not memory (tests/made_once.py names them): they are copied, and other processes open the copies.
    _database["OPTIONS"]["init_command"] = _database["OPTIONS"]["init_command"].replace("=FULL", "=OFF")
    # Who waits for others to write waits longer on a slow machine than a person should.
    _database["OPTIONS"]["timeout"] = 120
else:
    # A database with a connection left open can be neither copied nor dropped.
    _database["CONN_MAX_AGE"] = 0
    _database["CONN_HEALTH_CHECKS"] = False
