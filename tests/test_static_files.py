"""Static files that nobody collected are kept by browsers for good all the same, and go compressed; a changed one is new."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client


def asked(address, **headers):
    return Client(headers={"accept-encoding": "gzip"} | headers).get(address)


def content(answer):
    return gzip.decompress(b"".join(answer.streaming_content))


def test_a_file_is_named_by_what_is_in_it_kept_for_good_and_compressed():
    address = static("look.css")
    assert re.fullmatch(r"/static/look\.[0-9a-f]{12}\.css", address)
    answer = asked(address)
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Encoding"] == "gzip"
    with open(finders.find("look.css"), "rb") as file:
        assert content(answer) == file.read()


def test_by_its_plain_name_it_is_there_and_asked_for_again():
    answer = asked("/static/look.css")
    assert answer.status_code == 200
    assert "immutable" not in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["look.000000000000.css", "nothing.0123456789ab.css", "../manage.0123456789ab.py"])
@pytest.mark.django_db
def test_another_name_leads_nowhere(name):
    assert asked(f"/static/{name}").status_code in {400, 404}


def test_a_file_that_changes_gets_another_address(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    finders.get_finder.cache_clear()
    file = tmp_path / "own.css"
    file.write_text("a {}")
    try:
        first = static("own.css")
        file.write_text("a { color: red }")
        second = static("own.css")
        assert first != second
        assert content(asked(second)) == b"a { color: red }"
        file.unlink()
        assert static("own.css") == "/static/own.css"
    finally:
        finders.get_finder.cache_clear()


def test_a_picture_is_not_compressed_again_and_an_icon_keeps_its_part():
    assert "Content-Encoding" not in asked(static("icons/app-192.png"))
    assert static("icons.svg").endswith(".svg")
