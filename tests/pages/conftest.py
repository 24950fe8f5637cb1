"""A client for each of the cast, and the forms as a browser would send them."""

from uuid import uuid4

import pytest
from django.test import Client

from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.spending.models import Gesture


@pytest.fixture
def as_(scene):
    """``as_(scene.maria)``: a client that is signed in as her."""

    def sign_in(employee):
        client = Client()
        client.force_login(employee)
        return client

    return sign_in


@pytest.fixture
def incident(scene):
    """Open, of today, of one guest at LAX; written down by maria."""
    return log_incident(
        actor=scene.maria,
        property=scene.lax,
        guests=[scene.jones],
        category=Category.objects.get(code="room_not_ready"),
        department=scene.lax_desk,
    )


def once(**fields):
    """What a form sends, with a key of its own."""
    return {"once": str(uuid4())} | fields


def gesture(code):
    return Gesture.objects.get(code=code)


def text_of(response):
    """The page's words, its blanks evened out."""
    from html import unescape
    from re import sub

    body = sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", response.content.decode())
    return unescape(sub(r"\s+", " ", sub(r"<[^>]+>", " ", body))).replace(" ,", ",").replace(" .", ".")
