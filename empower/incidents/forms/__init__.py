"""What a person types about an incident, and shows of it."""

from .lists import KNOWN, STANDING, FilterForm
from .logging import (
    FEELINGS,
    NEW_GUEST,
    AddGuestForm,
    ChangeForm,
    LocalMomentField,
    LogForm,
    on_the_clock_of,
)
from .photos import PhotoField, PhotoForm

__all__ = [
    "FEELINGS",
    "KNOWN",
    "NEW_GUEST",
    "STANDING",
    "AddGuestForm",
    "ChangeForm",
    "FilterForm",
    "LocalMomentField",
    "LogForm",
    "PhotoField",
    "PhotoForm",
    "on_the_clock_of",
]
