"""A day is written in the order and with the small words of the reader's language."""

from datetime import date

import pytest

from empower.dates import PATTERNS, written

DAY = date(2026, 11, 18)


@pytest.mark.parametrize("like", PATTERNS)
def test_the_key_is_how_it_looks_in_english(like):
    said = written(DAY, like)
    assert said == like.replace("Saturday", "Wednesday").replace("Sat", "Wed")
