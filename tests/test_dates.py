"""A day is written in the order and with the small words of the reader's language."""

import json
from datetime import date, datetime

import pytest
from django.utils.formats import date_format
from django.utils.translation import override
from django.views.i18n import get_formats

from empower.dates import PATTERNS, written

DAY = date(2026, 11, 18)


@pytest.mark.parametrize("like", PATTERNS)
def test_the_key_is_how_it_looks_in_english(like):
    said = written(DAY, like)
    assert said == like.replace("Saturday", "Wednesday").replace("Sat", "Wed")


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_what_a_library_writes_has_the_same_form(language):
    at = datetime(2026, 11, 18, 17, 5)
    with override(language):
        assert date_format(at) == written(at, "18 Nov 2026")
        assert date_format(at, "DATETIME_FORMAT") == f"{written(at, '18 Nov 2026')}, 17:05"
        assert json.dumps(get_formats())  # the desk's scripts are given them so
