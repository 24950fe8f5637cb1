"""How people come in: by username and password; accounts are made by the house, never by a visitor."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

DEMO_PASSWORD = "demo"  # noqa: S105 - the demo accounts' published password


class ClosedSignUp(DefaultAccountAdapter):
    """allauth without sign-up."""

    def is_open_for_signup(self, request):
        return False


class PasswordBackend(AuthenticationBackend):
    """Username and password. ``demo`` opens nothing unless DEBUG is on, whoever's password it is.

    allauth hashes a password that was not looked at, so the time taken tells nothing about the account.
    """

    def user_can_authenticate(self, user):
        # Asked of every session too: a service account has no pages, whatever way in is added beside the password.
        return super().user_can_authenticate(user) and not user.is_service

    def _check_password(self, user, password):
        if password == DEMO_PASSWORD and not settings.DEBUG:
            return None
        return super()._check_password(user, password)
