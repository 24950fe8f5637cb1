"""A text tells who the guest is by any word of the name, however written, and by the room."""

import pytest

from empower.recognition.services.namelessness import named_in


@pytest.mark.parametrize(
    ("text", "name", "room", "found"),
    [
        ("We walked Dr Haddad up.", "Dr Haddad", "1204", "haddad"),
        ("We walked HADDAD up.", "Dr Haddad", "", "haddad"),
        ("haddad's shoes", "Dr Haddad", "", "haddad"),
        ("the Haddad-Smith party", "Dr Haddad", "", "haddad"),
        ("Layla was glad", "Layla Haddad", "", "layla"),
        ("Zoe was glad", "Zoë Núñez", "", "zoe"),
        ("Señora Nunez was glad", "Zoë Núñez", "", "nunez"),
        ("Ｈａｄｄａｄ was glad", "Haddad", "", "haddad"),
        ("Had\u200bdad was glad", "Haddad", "", "haddad"),
        ("_Haddad_ was glad", "Haddad", "", "haddad"),
        ("Herr Groß lachte", "Gross", "", "gross"),
        ("佐藤様が喜ばれた", "佐藤 花子", "", "佐藤"),
        ("قالت وحداد شكرا", "ليلى حداد", "", "حداد"),
        ("Ms Li was glad", "Li", "", "li"),
        ("Mr Van was glad", "Mr Van", "", "van"),
        ("in 1204 the shower ran cold", "Haddad", "1204", "1204"),
        ("Room 1204.", "Haddad", "1204", "1204"),
        ("room ١٢٠٤", "Haddad", "1204", "1204"),
        ("suite 12-a", "Haddad", "12-A", "12-a"),
    ],
)
def test_what_tells_is_found(text, name, room, found):
    assert named_in(text, name=name, room=room) == found


@pytest.mark.parametrize(
    ("text", "name", "room"),
    [
        ("A doctor on her way to a wedding", "Dr Haddad", "1204"),
        ("The dr. on call came", "Dr Haddad", "1204"),
        ("We gave 12045 points", "Haddad", "1204"),
        ("At 12 we rang", "Haddad", "1204"),
        ("They were haddadian", "Haddad", "1204"),
        ("A guest of the house", "Guest 12", ""),
        ("Anything at all", "", ""),
        ("The family of van drivers", "Van der Berg", ""),
    ],
)
def test_what_tells_nobody_passes(text, name, room):
    assert named_in(text, name=name, room=room) == ""
