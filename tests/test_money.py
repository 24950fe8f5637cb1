from contextlib import suppress
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from empower.money import LARGEST, decimals, for_people, is_currency, round_half_up, to_minor, to_text


@pytest.mark.parametrize(
    ("currency", "places"),
    [
        *[("USD", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("BHD", 3), ("KWD", 3), ("CLF", 4), ("UYW", 4)],
        # Where CLDR, and so Babel, says something else than ISO 4217:
        *[("IQD", 3), ("IRR", 2), ("AFN", 2), ("LAK", 2), ("RSD", 2), ("MGA", 2), ("HUF", 2), ("UGX", 0), ("ISK", 0)],
    ],
)
def test_a_currency_has_the_decimals_of_iso_4217(currency, places):
    assert decimals(currency) == places


@pytest.mark.parametrize("code", ["usd", "US", "XXX", "XTS", "XAU", "DEM", "", "USD ", None, 840])
def test_what_is_no_iso_4217_code_is_no_currency(code):
    assert not is_currency(code)
    with pytest.raises(ValidationError) as refused:
        decimals(code)
    assert refused.value.code == "currency"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("2000.00", "USD", 200_000),
        ("2000", "USD", 200_000),
        ("12.3", "USD", 1_230),
        ("0", "USD", 0),
        ("0.01", "USD", 1),
        ("007", "USD", 700),
        (" 12.34 ", "USD", 1_234),
        ("2000", "JPY", 2_000),
        ("1.234", "BHD", 1_234),
        ("1.2345", "CLF", 12_345),
        (12, "USD", 1_200),
        (12, "JPY", 12),
        (Decimal("12.34"), "USD", 1_234),
        (Decimal("1E+3"), "USD", 100_000),
    ],
)
def test_an_amount_is_read_into_minor_units(text, currency, minor):
    assert to_minor(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "1,000.00",
            "1 000",
            "1_000",
            "12,34",
            ".5",
            "5.",
            "1.2.3",
            "+5",
            "--5",
            "- 5",
            "1e3",
            "1E3",
            "0x10",
        ],
        *["١٢", "१२", "１２", "12\u00a034", "$12", "12 USD", "NaN", "nan", "inf", "Infinity", "1\n2", "½", "²"],
        *[12.5, 12.0, True, False, None, [], b"12", Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")],
    ],
)
def test_what_could_be_misread_is_refused(text):
    with pytest.raises(ValidationError) as refused:
        to_minor(text, "USD", signed=True)
    assert refused.value.code == "invalid"
    assert refused.value.messages == ["Write the amount with digits and a point, as in 12.34."]


@pytest.mark.parametrize(
    ("text", "currency", "message"),
    [
        ("12.345", "USD", "USD has 2 decimals: 12.34."),
        ("12.340", "USD", "USD has 2 decimals: 12.34."),
        ("12.3", "JPY", "JPY has no decimals: 12."),
        ("12.0", "JPY", "JPY has no decimals: 12."),
        ("1.2345", "KWD", "KWD has 3 decimals: 12.345."),
        (Decimal("12.345"), "USD", "USD has 2 decimals: 12.34."),
    ],
)
def test_too_many_decimals_are_refused_by_saying_how_many_there_are(text, currency, message):
    with pytest.raises(ValidationError) as refused:
        to_minor(text, currency)
    assert refused.value.code == "too_many_decimals"
    assert refused.value.messages == [message]


def test_a_negative_amount_is_refused_unless_it_is_asked_for():
    for text in ("-0.01", -5, Decimal("-5")):
        with pytest.raises(ValidationError) as refused:
            to_minor(text, "USD")
        assert refused.value.code == "negative"
    assert to_minor("-0.01", "USD", signed=True) == -1
    assert to_minor(-5, "USD", signed=True) == -500


def test_the_largest_amount_passes_and_one_minor_unit_more_is_too_large():
    assert to_minor(to_text(LARGEST, "USD"), "USD") == LARGEST
    for text in (to_text(LARGEST + 1, "USD"), "9" * 100_000, "-" + "9" * 100_000, 10**30, 10**10_000, -(10**10_000)):
        with pytest.raises(ValidationError) as refused:
            to_minor(text, "USD", signed=True)
        assert refused.value.code == "too_large"
    assert to_minor("0" * 100_000 + "1", "USD") == 100


def test_a_bigint_holds_the_sum_of_nine_hundred_thousand_of_the_largest():
    assert 900_000 * LARGEST < 2**63


def test_a_decimal_with_a_monstrous_exponent_is_refused_at_once():
    for text in (Decimal("1E+999999999"), Decimal("1E-999999999")):
        with pytest.raises(ValidationError):
            to_minor(text, "USD")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (200_000, "USD", "2000.00"),
        (5, "USD", "0.05"),
        (-5, "USD", "-0.05"),
        (0, "USD", "0.00"),
        (2_000, "JPY", "2000"),
        (0, "JPY", "0"),
        (2_000_000, "BHD", "2000.000"),
        (1, "CLF", "0.0001"),
    ],
)
def test_an_amount_is_written_with_all_of_its_decimals(minor, currency, text):
    assert to_text(minor, currency) == text


@pytest.mark.parametrize("minor", [1.0, True, "1", None, Decimal(1)])
def test_minor_units_are_nothing_but_an_int(minor):
    with pytest.raises(TypeError):
        to_text(minor, "USD")


@given(minor=st.integers(-LARGEST, LARGEST), currency=st.sampled_from(["JPY", "USD", "BHD", "CLF"]))
def test_what_is_written_reads_back_as_the_same(minor, currency):
    assert to_minor(to_text(minor, currency), currency, signed=True) == minor
    assert to_minor(Decimal(to_text(minor, currency)), currency, signed=True) == minor


@given(text=st.text(max_size=30))
def test_whatever_the_text_it_is_an_amount_or_a_validation_error(text):
    with suppress(ValidationError):
        assert 0 <= to_minor(text, "USD") <= LARGEST


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (185_000, "USD", "en", "$1,850.00"),
        (-185_000, "USD", "en", "-$1,850.00"),
        (185_000, "EUR", "fr", "1\u202f850,00\u00a0€"),
        (185_000, "BRL", "pt-br", "R$\u00a01.850,00"),
        (30_000, "JPY", "en", "¥30,000"),
        (1_850_000, "IQD", "en", "IQD1,850.000"),
        (185_000, "USD", "ar", "\u20661,850.00\u00a0US$\u2069"),
    ],
)
def test_people_read_it_in_their_own_way_with_the_decimals_of_iso(minor, currency, locale, text):
    assert for_people(minor, currency, locale) == text


def test_zero_cents_can_be_dropped_and_others_never_are():
    assert for_people(185_000, "USD", drop_zero_cents=True) == "$1,850"
    assert for_people(185_050, "USD", drop_zero_cents=True) == "$1,850.50"
    assert for_people(185_001, "USD", drop_zero_cents=True) == "$1,850.01"


@pytest.mark.parametrize(
    ("minor", "numerator", "denominator", "result"),
    [
        (10_000, 3_500, 10_000, 3_500),
        (1, 5_000, 10_000, 1),
        (3, 5_000, 10_000, 2),
        (-1, 5_000, 10_000, -1),
        (1, 4_999, 10_000, 0),
        (0, 9_999, 10_000, 0),
        (10**13, 9_999, 10_000, 9_999_000_000_000),
    ],
)
def test_a_half_is_rounded_away_from_zero(minor, numerator, denominator, result):
    assert round_half_up(minor, numerator, denominator) == result


@given(minor=st.integers(0, LARGEST), ratio=st.integers(0, 20_000))
def test_a_reversal_mirrors_its_original_to_the_cent(minor, ratio):
    assert round_half_up(-minor, ratio, 10_000) == -round_half_up(minor, ratio, 10_000)


def test_scaling_takes_no_float():
    with pytest.raises(TypeError):
        round_half_up(100, 0.35, 1)
