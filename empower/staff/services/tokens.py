"""Tokens: made, found by their secret, taken back."""

import secrets
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.refusals import NotPermitted, NotPossible
from empower.texts import as_sent, malformed

from .. import scopes as known_scopes
from ..models import ApiToken
from ..permissions import acts_as_system, makes_tokens_for, sets_up

#: A scanner of leaked secrets finds them by it.
PREFIX = "emp"

# "Last used" tells whether a token can be taken back without harm: a minute's precision, not a write a request.
_BETWEEN_NOTES = timedelta(minutes=1)


@command("token.issued", subject="employee")
def issue_token(*, actor, employee, name, scopes=None, expires_at=None, made_with=None):
    """(ApiToken, secret). The secret is shown once; only its digest is kept. Event ``token.issued``.

    By oneself (`permissions.makes_tokens_for`), for a service account by the superuser, and by the system. All scopes
    the person may have when ``scopes`` is None. ValidationError names ``name``, ``scopes`` or ``expires_at``;
    NotPermitted ``not_yours``, ``scope`` for one that the person may not have; NotPossible ``not_active``.

    ``made_with``: the token that signed for this. The new one has no scope beyond it (NotPermitted ``scope``), lives no
    longer (NotPermitted ``outlives``; where no end is told, its end), and is taken back with it.
    """
    if not acts_as_system(actor) and not makes_tokens_for(actor, employee):
        message = (
            _("The tokens of a service account are made by the administrator.")
            if employee.is_service
            else _("A token is made by the person who signs with it.")
        )
        raise NotPermitted("not_yours", message)
    if not employee.is_active:
        raise NotPossible("not_active", _("This account is closed: it can't have a token."))
    as_sent(name, "name", longest=100, required=True)
    if scopes is not None and not (isinstance(scopes, list | tuple) and all(isinstance(one, str) for one in scopes)):
        raise malformed("scopes", _("A list of scopes."))
    may = known_scopes.may_have(employee)
    if made_with is not None:
        made_with.refresh_from_db(from_queryset=ApiToken.objects.select_for_update(no_key=True))
        if made_with.revoked_at is not None:
            raise NotPermitted("revoked", _("The token that signed this has been taken back."))
        may = [scope for scope in may if scope in made_with.scopes]
    scopes = may if scopes is None else list(dict.fromkeys(scopes))
    for scope in scopes:
        if scope not in known_scopes.ALL:
            raise malformed(
                "scopes",
                _("“%(scope)s” is not a scope. There are: %(all)s."),
                code="invalid_choice",
                scope=scope,
                all=", ".join(known_scopes.ALL),
            )
        if scope not in may:
            raise NotPermitted(
                "scope",
                _("This token may not have “%(scope)s”; it may have: %(may)s.")
                % {"scope": scope, "may": ", ".join(may)},
                field="scopes",
            )
    if expires_at is not None and clock.as_utc(expires_at, "expires_at") <= clock.now():
        raise malformed("expires_at", _("A moment to come."))
    if made_with is not None and made_with.expires_at is not None:
        expires_at = expires_at or made_with.expires_at
        if expires_at > made_with.expires_at:
            raise NotPermitted(
                "outlives", _("A token does not outlive the one that it was made with."), field="expires_at"
            )
    lookup = secrets.token_hex(8)
    secret = f"{PREFIX}_{lookup}_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        employee=employee, name=name, lookup=lookup, digest=_digest(secret), scopes=scopes, expires_at=expires_at,
        created_at=clock.now(), made_with=made_with,
    )  # fmt: skip
    token.clean_fields(exclude=["employee", "made_with"])
    token.save(force_insert=True)
    record_event(
        actor=actor,
        verb="token.issued",
        subject=token,
        property_id=employee.property_id,
        about_id=employee.pk,
        after={
            "employee_id": employee.pk,
            "is_service": employee.is_service,
            "scopes": scopes,
            "expires_at": expires_at and moment(expires_at),
            "made_with_id": made_with and made_with.pk,
        },
    )
    return token, secret


@command("token.revoked", subject="token")
def revoke_token(*, actor, token):
    """It opens nothing from now on, nor what was made with it. Event ``token.revoked``.

    By its person, the superuser or the system. NotPossible ``already_revoked``.
    """
    if not acts_as_system(actor) and actor.pk != token.employee_id and not sets_up(actor):
        raise NotPermitted("not_yours", _("A token is taken back by its person or the administrator."))
    token.refresh_from_db(from_queryset=ApiToken.objects.select_for_update(no_key=True))
    if token.revoked_at is not None:
        raise NotPossible("already_revoked", _("This token was taken back before."))
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    taken_along = _revoke_offspring(token)
    record_event(
        actor=actor,
        verb="token.revoked",
        subject=token,
        property_id=token.employee.property_id,
        about_id=token.employee_id,
        facts={"taken_along_ids": taken_along},
    )
    return token


def _revoke_offspring(token):
    """Takes back all that was made with the token, and with those; their ids. Two queries for each generation."""
    found, parents = [], [token.pk]
    while parents:
        made = ApiToken.objects.filter(made_with__in=parents, revoked_at=None)
        parents = list(made.order_by("pk").values_list("pk", flat=True))
        # Before the next generation is looked for: this waits for whoever is just signing for one more of it.
        ApiToken.objects.filter(pk__in=parents).update(revoked_at=token.revoked_at)
        found += parents
    return found


def find_token(*, secret):
    """The living ApiToken (with its active employee) for a secret, or None. Constant-time compare; one query.

    Once a minute a second one: the note of its last use.
    """
    parts = secret.split("_", 2) if isinstance(secret, str) and secret.isascii() else []
    if len(parts) != 3 or parts[0] != PREFIX or len(parts[1]) != 16 or "\x00" in secret:
        return None
    now = clock.now()
    token = (
        ApiToken.objects.alive(now)
        .filter(lookup=parts[1], employee__is_active=True)
        .select_related("employee__property", "employee__department")
        .first()
    )
    # Compared even when there is none: the time taken tells nobody which lookups exist.
    if not compare_digest(token.digest if token else "0" * 64, _digest(secret)):
        return None
    if token.last_used_at is None or token.last_used_at <= now - _BETWEEN_NOTES:
        # Several requests at once: the first notes it.
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - _BETWEEN_NOTES)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token


def _digest(secret):
    # No salt and no slow hash: the secret is 256 random bits, which nobody guesses.
    return sha256(secret.encode()).hexdigest()
