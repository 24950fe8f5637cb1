"""How people come in: by username and password, or on a shared phone by staff number and PIN.

Accounts are made by the house, never by a visitor.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from empower.devices.middleware import device_of
from empower.devices.services import sign_in_with_pin

DEMO_PASSWORD = "demo"  # noqa: S105 - the demo accounts' published password


class ClosedSignUp(DefaultAccountAdapter):
    """allauth without sign-up."""

    def is_open_for_signup(self, request):
        return False


class _PeopleAlone:
    """A service account has no pages, whatever way in is added: asked at each sign-in, and of every session."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not user.is_service


class PasswordBackend(_PeopleAlone, AuthenticationBackend):
    """Username and password. ``demo`` opens nothing unless DEBUG is on, whoever's password it is.

    allauth hashes a password that was not looked at, so the time taken tells nothing about the account.
    """

    def _check_password(self, user, password):
        if password == DEMO_PASSWORD and not settings.DEBUG:
            return None
        return super()._check_password(user, password)


class PinBackend(_PeopleAlone, ModelBackend):
    """Staff number and PIN, on an enrolled phone. Every session that began so is marked as such on its person."""

    def authenticate(self, request, staff_number=None, secret_pin=None, **credentials):
        if request is None or staff_number is None or secret_pin is None:
            return None
        person = sign_in_with_pin(device=device_of(request), staff_number=staff_number, pin=secret_pin)
        return person if person is not None and self.user_can_authenticate(person) else None

    def get_user(self, user_id):
        person = super().get_user(user_id)
        if person is not None:
            person.signed_with_pin = True
        return person
