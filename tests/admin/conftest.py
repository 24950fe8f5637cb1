import pytest

from .cases import lay_out


@pytest.fixture
def laid_out(scene):
    return lay_out(scene)


@pytest.fixture
def desk(client):
    """``desk(omar)`` is omar's browser."""

    def signed_in(employee):
        client.force_login(employee)
        return client

    return signed_in
