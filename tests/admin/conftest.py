import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages
from django.urls import reverse

from tests.remembered import remembered

from .cases import lay_out


def address(row_or_model, page="changelist", *args):
    """``address(spend, "change", spend.pk)``: a page of the desk."""
    opts = row_or_model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


class Browser:
    """Somebody's browser at the desk."""

    def __init__(self, client):
        self.client = client
        self.get, self.post = client.get, client.post

    def see(self, row):
        return self.get(address(row, "change", row.pk))

    def lists(self, model, **asked):
        return self.get(address(model), asked)

    def said(self, response):
        """The sentences on the page after."""
        return [str(message) for message in get_messages(response.wsgi_request)]

    def ask(self, verb, *rows):
        """The page that asks."""
        return self.post(address(rows[0]), {"action": verb, ACTION_CHECKBOX_NAME: [row.pk for row in rows]})

    def answer(self, verb, *rows, **answers):
        """The answer to that page: one says that it was read by sending the versions it showed."""
        shown = {f"version_{row.pk}": row.version for row in rows if hasattr(row, "version")}
        return self.post(
            address(rows[0]),
            {"action": verb, ACTION_CHECKBOX_NAME: [row.pk for row in rows], "desk_confirmed": "yes"} | shown | answers,
        )


@pytest.fixture
def laid_out(scene):
    return remembered("what lies on the desk", lambda: lay_out(scene))


@pytest.fixture
def desk(client):
    """``desk(omar)`` is omar's browser."""

    def signed_in(employee):
        client.force_login(employee)
        return Browser(client)

    return signed_in
