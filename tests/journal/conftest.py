import pytest

from tests.journal.books import Book, open_property


@pytest.fixture
def lax(db):
    """Los Angeles, dollars: two decimals."""
    return Book(*open_property("LAX", "USD", "America/Los_Angeles"))


@pytest.fixture
def kyo(db):
    """Kyoto, yen: no decimals."""
    return Book(*open_property("KYO", "JPY", "Asia/Tokyo"))


@pytest.fixture
def bah(db):
    """Manama, dinars: three decimals."""
    return Book(*open_property("BAH", "BHD", "Asia/Bahrain"))
