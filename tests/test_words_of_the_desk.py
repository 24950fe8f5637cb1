"""What ships with an English name is read in the reader's language: catalogues, kinds of rows, columns, rooms."""

import pytest
from django.apps import apps

from empower.incidents.models import Category, Touchpoint
from empower.shipped import SHIPPED, in_readers_words
from empower.spending.models import Gesture
from ledger.desk_words import COLUMNS, KINDS, ROOMS

OURS = [config for config in apps.get_app_configs() if config.name.startswith("empower.")]


@pytest.mark.django_db
@pytest.mark.parametrize("catalogue", [Category, Gesture, Touchpoint])
def test_every_name_that_ships_is_a_text(catalogue):
    assert {row.name for row in catalogue.objects.all()} <= set(SHIPPED)


def test_a_name_that_a_house_gave_is_read_as_it_was_written():
    assert in_readers_words("Sake from our own cellar") == "Sake from our own cellar"


def test_every_kind_of_row_and_every_column_has_a_text_and_none_is_left_over():
    english = set()
    for config in OURS:
        assert config.label in ROOMS
        for model in config.get_models():
            meta = model._meta
            assert not isinstance(meta.verbose_name, str), f"{meta.label} has no text in KINDS"
            english.add(str(meta.verbose_name))
            for column in (*meta.fields, *meta.many_to_many):
                named = not isinstance(column.verbose_name, str) or column.primary_key or column.name == "password"
                assert named, f"{meta.label}.{column.name} has no text in COLUMNS"
                english.add(str(column.verbose_name))
    assert {*COLUMNS, *KINDS} <= english
