"""The switches: what a machine gets that says nothing, and what DEBUG alone opens."""

import os
import stat
import subprocess
import sys

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.test import override_settings

from ledger import secret_key
from tests.own_database import CHECKOUT

ASK = "from django.conf import settings; print(settings.{})"

# Where these are tested the processes are new, and nothing of them is asked of a database: once is enough.
pytestmark = pytest.mark.sqlite


def setting(*names, **environment):
    """What a fresh process, told only ``environment``, reads for these settings: one line each."""
    done = subprocess.run(
        [sys.executable, "-c", "; ".join(ASK.format(name) for name in names)],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "ledger.settings", "SECRET_KEY": "x"} | environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_debug_is_off_unless_it_is_asked_for():
    assert setting("DEBUG") == "False"
    assert setting("DEBUG", DEBUG="0") == "False"
    assert setting("DEBUG", DEBUG="yes") == "True"


def test_the_database_is_a_file_in_the_checkout_and_a_writer_waits_its_turn():
    file, mode, command = setting(
        "DATABASES['default']['NAME']",
        "DATABASES['default']['OPTIONS']['transaction_mode']",
        "DATABASES['default']['OPTIONS']['init_command']",
    ).splitlines()
    assert file == str(CHECKOUT / "empower.sqlite3")
    assert mode == "IMMEDIATE"
    assert "synchronous=FULL" in command


def test_cookies_travel_over_tls_alone_unless_debugging():
    assert setting("SESSION_COOKIE_SECURE") == "True"
    assert setting("SESSION_COOKIE_SECURE", DEBUG="1") == "False"


def test_processes_that_start_together_agree_on_one_secret_key(tmp_path):
    ask = [sys.executable, "-c", ASK.format("SECRET_KEY")]
    told = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "ledger.settings", "VAR_DIR": str(tmp_path / "var")}
    started = [subprocess.Popen(ask, env=told, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    keys = {process.communicate(timeout=300)[0].strip() for process in started}
    assert keys == {secret_key.kept_in(tmp_path / "var")}
    assert len(keys.pop()) > 50
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_the_keys_before_the_secret_key_come_from_the_environment():
    assert setting("SECRET_KEY_FALLBACKS") == "[]"
    assert setting("SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS=" last-one, the-one-before ,") == (
        "['last-one', 'the-one-before']"
    )


@pytest.mark.django_db
def test_the_demo_password_opens_nothing_unless_debug_is_on():
    person = get_user_model()(username="somebody")
    person.set_password("demo")
    person.save()
    with override_settings(DEBUG=False):
        assert authenticate(None, username="somebody", password="demo") is None
    with override_settings(DEBUG=True):
        assert authenticate(None, username="somebody", password="demo") == person


def test_the_content_security_policy_is_strict(client, db):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert directives["default-src"] == directives["script-src"] == directives["style-src"] == ["'self'"]
    assert directives["frame-ancestors"] == directives["object-src"] == ["'none'"]
    assert directives["form-action"] == ["'self'"]


def test_only_the_admin_may_use_inline_styles(client, db):
    policy = client.get("/admin/").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "frame-ancestors 'none'" in policy


def test_nobody_signs_up(client, db):
    client.post(
        "/accounts/signup/", {"username": "stranger", "password1": "a-long-secret", "password2": "a-long-secret"}
    )
    assert not get_user_model().objects.filter(username="stranger").exists()


def test_production_passes_djangos_own_deployment_check(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            "SSL_REDIRECT": "1",
            "HSTS_SECONDS": "31536000",
            "ALLOWED_HOSTS": "empower.example",
        },
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_mail_leaves_where_the_operator_says_how():
    assert setting("MAIL_LEAVES") == "False"
    assert setting("EMAIL_BACKEND").endswith("dummy.EmailBackend")
    assert setting("EMAIL_BACKEND", DEBUG="1").endswith("console.EmailBackend")
    said = {"EMAIL_URL": "smtp://us%40er:pa%2Fss@mail.example:587?tls=1"}
    assert setting(
        "EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_HOST, settings.EMAIL_PORT", **said
    ) == ("us@er pa/ss mail.example 587")
    assert setting("EMAIL_USE_TLS, settings.EMAIL_USE_SSL", **said) == "True False"
    assert setting("EMAIL_PORT, settings.EMAIL_USE_SSL", EMAIL_URL="smtps://mail.example") == "465 True"
    assert setting("SITE_URL", ALLOWED_HOSTS="localhost,empower.example") == "https://empower.example"
