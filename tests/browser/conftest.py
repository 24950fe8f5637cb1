"""What several browser tests begin with."""

import pytest
from django.db import connection

from tests import made_once
from tests.browser.happenings import a_busy_day
from tests.scene import set_the_scene


@pytest.fixture
def busy(own_database):
    """The names of what happened on the day of test_every_page.py, which is made once; here it may be changed."""
    database, names = made_once.laid_out("a busy day", lambda: a_busy_day(set_the_scene()))
    made_once.copy(database, connection.settings_dict["NAME"])
    return names
