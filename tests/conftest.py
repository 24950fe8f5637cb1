"""What every test may ask for. Databases: tests/own_database.py; the server: tests/served.py; pages: below."""

import gc
import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

from tests import engine

settings.register_profile("quick", deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("quick"), max_examples=1000)
settings.load_profile("long" if os.environ.get("TEST_LONG") else "quick")


# --- which tests run ----------------------------------------------------------------------------------------------


def pytest_report_header():
    return f"database: {engine.name_and_version()}"


#: The fixtures that open a database.
DATABASES = {"db", "django_db_setup", "own_database"}

#: Modules with tests that take ten seconds and more: begun first, so that nobody waits for one of them at the end.
LONGEST = (
    "api/test_api_schemathesis", "audit/test_proof_page", "browser/test_every_page", "browser/test_every_desk_page",
    "browser/test_keyboard", "browser/test_offline", "insights/test_as_of", "insights/test_drill_down",
    "insights/test_roll_ups", "insights/test_demo_again", "races/test_retries", "races/test_limit_race",
)  # fmt: skip


def pytest_collection_modifyitems(config, items):
    """Leaves out what belongs to the other engine, or to `make test-long`; skips what this machine can't do."""
    from django.db import connection

    on_postgresql = connection.vendor == "postgresql"
    kept, left_out = [], []
    for item in items:
        has = item.get_closest_marker
        if on_postgresql:
            out = has("sqlite") or (has("browser") and not has("postgres"))
            # Who may not ask the database (pytest-django refuses it) can't be told by its engine.
            out = out or not (os.environ.get("TEST_LONG") or has("django_db") or DATABASES & set(item.fixturenames))
        else:
            out = has("postgres") and not has("browser")
        if not os.environ.get("TEST_LONG"):
            out = out or any(not mark.args or connection.vendor in mark.args for mark in item.iter_markers("long"))
        (left_out if out else kept).append(item)
        if has("browser") and not chromium():
            item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
    items.sort(key=lambda item: not item.nodeid.partition(".py")[0].endswith(LONGEST))


def pytest_collection_finish(session):
    """All that is loaded by now stays to the end: it is looked through for cycles no more (see tests/settings.py)."""
    gc.collect()
    gc.freeze()


def chromium():
    """The browser's path, or None. The one without a screen takes half of a processor's time, and draws the same."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


# --- people and places --------------------------------------------------------------------------------------------


@pytest.fixture
def scene(db):
    """The small cast of tests/scene.py, by name: ``scene.maria``, ``scene.lax``, ``scene.jones``."""
    from tests.scene import set_the_scene

    return set_the_scene()


# --- databases and servers ----------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Counts of the rate limits, whatever else is cached, and the language of the last request end with their test."""
    from django.core.cache import cache
    from django.utils import translation

    from empower.insights.queries.moment import forget

    yield
    cache.clear()
    forget()
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """In the place of pytest-django's: the shared database of this process is a copy of the run's migrated one."""
    from tests import made_once

    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    with django_db_blocker.unblock():
        shared = made_once.name_of(f"shared_{worker}")
        made_once.copy(made_once.migrated(), shared)
        with made_once.pointed_at(shared), django_db_blocker.block():
            yield
        made_once.drop(shared)


def pytest_sessionfinish(session):
    """The process that started the others takes down what they shared."""
    from tests import made_once

    if not hasattr(session.config, "workerinput"):
        made_once.drop_all()


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, tmp_path):
    """A fresh copy of the migrated database, on the default connection of this test: what commits, stays.

    Without the ``db`` fixture and the ``django_db`` mark. Threads must close their connection when they end
    (``django.db.connections.close_all()``). Other processes: ``own_database.url``, ``.run_manage``, ``.start_manage``.
    """
    from tests.own_database import copied

    with django_db_blocker.unblock(), copied(tmp_path) as database:
        yield database


@pytest.fixture
def serve(own_database, tmp_path):
    """Starts servers on own_database: ``serve(workers=2, threads=4, DEBUG="1")`` answers a Served (``url``)."""
    from contextlib import ExitStack

    from tests.served import serving

    with ExitStack() as stack:

        def start(**options):
            folder = tmp_path / f"server-{len(list(tmp_path.glob('server-*')))}"
            folder.mkdir()
            return stack.enter_context(serving(own_database, folder, **options))

        yield start


@pytest.fixture
def served(serve):
    """A real server on own_database, as production is (DEBUG off): ``.url``, ``.database``, ``.said()``."""
    return serve()


@pytest.fixture
def site(request):
    """The server that `open_page` opens pages of: ``served`` where the test asks for it, else one in this process."""
    from tests.served import serving_here

    if "served" in request.fixturenames:
        yield request.getfixturevalue("served")
    else:
        with serving_here(request.getfixturevalue("own_database")) as here:
            yield here


# --- the browser --------------------------------------------------------------------------------------------------

#: Milliseconds that a page may take for anything, on a machine however busy.
A_LONG_WHILE = 90_000

DEVICES = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 3,
        "is_mobile": True,
        "has_touch": True,
    },
}


@pytest.fixture(scope="session")
def browser():
    """One Chromium for each worker."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=A_LONG_WHILE)
    # Playwright's loop counts as running in this thread, and Django would refuse every query beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    arguments += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield chrome
        chrome.close()


@pytest.fixture
def open_page(browser, site):
    """Opens a page in a context of its own: ``open_page("phone", colour_scheme="dark", locale="ar", employee=maria)``.

    ``employee`` is signed in. Addresses are relative to the server (``page.goto("/")``). When the test ends, a page
    that broke the CSP, logged an error or asked another host for something fails it; what the test provokes it says
    before: ``page.watch.expect("status of 409")``.
    """
    from tests.watch import Watch

    contexts = []

    def open_one(device="desktop", *, colour_scheme="light", locale="en-US", employee=None, **options):
        context = browser.new_context(
            # The worker fetches pages by itself: who looks at it asks for it, ``service_workers="allow"``.
            **DEVICES[device]
            | {"base_url": site.url, "color_scheme": colour_scheme, "locale": locale, "service_workers": "block"}
            | options
        )
        context.set_default_timeout(A_LONG_WHILE)
        watch = Watch(context, site.url)
        contexts.append((context, watch))
        if employee is not None:
            context.add_cookies([{"url": site.url, "name": "sessionid", "value": _session_of(employee)}])
        page = context.new_page()
        page.watch = watch
        return page

    yield open_one
    problems = []
    for context, watch in contexts:
        context.close()
        problems += watch.unexpected()
    assert problems == []


@pytest.fixture
def page(open_page):
    """A desktop page, nobody signed in."""
    return open_page()


@pytest.fixture
def phone(open_page):
    """A phone's page, nobody signed in."""
    return open_page("phone")


def _session_of(employee):
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = employee._meta.pk.value_to_string(employee)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = employee.get_session_auth_hash()
    session.create()
    return session.session_key
