"""What people write is stored letter for letter, or refused by name."""

import pytest
from django.core.exceptions import ValidationError

from empower.texts import as_sent


@pytest.mark.parametrize("text", ["", "  two spaces  ", "a\nb\t", "مرحبا", "😀", "e\u0301", "\u202e"])
def test_a_text_comes_back_letter_for_letter(text):
    assert as_sent(text, "note") == text


@pytest.mark.parametrize(
    ("value", "limits", "code"),
    [
        ("a\x00b", {}, "null_characters"),
        ("\ud83d", {}, "null_characters"),
        (7, {}, "invalid"),
        (None, {}, "invalid"),
        ("abc", {"longest": 2}, "too_long"),
        (" \n", {"required": True}, "required"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_the_name_of_its_field(value, limits, code):
    with pytest.raises(ValidationError) as refused:
        as_sent(value, "note", **limits)
    assert [(field, error.code) for field, [error] in refused.value.error_dict.items()] == [("note", code)]
