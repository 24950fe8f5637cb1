from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from json import loads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empower.canonical import canonical, moment

words = st.text(st.characters(exclude_categories=["Cs"]))
things = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=20,
)


def test_the_bytes_are_these_and_will_be_these():
    thing = {"b": [1, -2, None, True, False], "a": {"é": '“né”\n\t\u0000"\\/', "A": 2**60}, "": ""}
    assert canonical(thing) == (
        '{"":"","a":{"A":1152921504606846976,"é":"“né”\\n\\t\\u0000\\"\\\\/"},"b":[1,-2,null,true,false]}'.encode()
    )


def test_names_are_sorted_as_in_the_example_of_rfc_8785_below_the_surrogates():
    names = {"\u20ac": 0, "\r": 0, "1": 0, "\u0080": 0, "\u00f6": 0}
    assert list(loads(canonical(names))) == ["\r", "1", "\u0080", "\u00f6", "\u20ac"]


@given(things)
def test_what_is_written_reads_back_and_is_written_the_same(thing):
    assert loads(canonical(thing)) == thing
    assert canonical(loads(canonical(thing))) == canonical(thing)


@given(st.dictionaries(words, st.integers()))
def test_the_order_in_which_a_dict_was_made_is_not_seen(made):
    assert canonical(dict(reversed(made.items()))) == canonical(made)


@pytest.mark.parametrize(
    "thing",
    [
        1.0,
        float("nan"),
        Decimal("1"),
        datetime.now(UTC),
        b"x",
        (1,),
        {1},
        {1: 2},
        {None: 1},
        {True: 1},
        object(),
        "\ud800",
    ],
)
def test_what_has_no_one_form_is_refused_and_its_place_is_named(thing):
    with pytest.raises(TypeError, match=r"\$\.spend\[1\]"):
        canonical({"spend": [0, thing]})


def test_a_moment_is_utc_with_six_digits():
    assert moment(datetime(2026, 11, 21, 22, 51, 10, 123456, UTC)) == "2026-11-21T22:51:10.123456Z"
    assert moment(datetime(2026, 11, 22, 0, 0, tzinfo=timezone(timedelta(hours=2)))) == "2026-11-21T22:00:00.000000Z"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        moment(datetime(2026, 11, 21))
