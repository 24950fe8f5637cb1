"""Every page there is, and every list, row and form of the desk, asks PostgreSQL what it has to ask, and opens.

What they say is asked on SQLite, here and in tests/admin; how they look, in tests/browser.
"""

import pytest
from django.test import Client

from empower.staff.models import Employee
from tests import made_once
from tests.browser.happenings import a_busy_day
from tests.browser.pages import PAGES
from tests.browser.test_every_desk_page import pages_of
from tests.own_database import copied
from tests.scene import set_the_scene

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def names(django_db_setup, django_db_blocker, tmp_path_factory):
    """What of a busy day has a name."""
    with django_db_blocker.unblock():
        database, names = made_once.laid_out("a busy day", lambda: a_busy_day(set_the_scene()))
        with copied(tmp_path_factory.mktemp("day"), of=database):
            yield names


def opened_by(username, addresses):
    """{address: status}."""
    client = Client()
    if username:
        client.force_login(Employee.objects.get(username=username))
    return {address: client.get(address).status_code for address in addresses}


@pytest.mark.parametrize("who", dict.fromkeys(page.who for page in PAGES))
def test_every_page_opens(names, who):
    expected = {page.address.format(**names): page.status for page in PAGES if page.who == who}
    assert opened_by(who, expected) == expected


@pytest.mark.parametrize("who", ["omar", "chen"])
def test_every_page_of_the_desk_opens(names, who):
    addresses = pages_of(Employee.objects.get(username=who)).values()
    assert opened_by(who, addresses) == dict.fromkeys(addresses, 200)
