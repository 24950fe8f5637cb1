"""Rules: the default one of a property, the next version, the end."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.money import LARGEST, decimals
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Role
from empower.staff.permissions import acts_as_system
from empower.staff.services import create_property
from empower.texts import as_sent, malformed

from ..models import Policy, Scope
from ..permissions import can_write_policy
from ..round_limits import default_limit

_LONGEST_WAIT = 366 * 24 * 60  # minutes


@command("property.opened")
def open_property(*, actor, code, name, currency, timezone="UTC", limit=None):
    """Create a property with its default policy ``default-<code>``, in its currency, in force from now.

    ``limit`` in minor units overrides the shipped table of round figures. Event ``property.opened``. By the superuser
    and the system. ValidationError names ``code``, ``name``, ``currency``, ``timezone`` or ``limit``.
    """
    property = create_property(actor=actor, code=code, name=name, currency=currency, timezone=timezone)
    # The column is as wide as the property's: a long code is cut, and its number keeps it apart.
    policy_code = f"default-{code}" if len(code) <= 56 else f"default-{code[:40]}-{property.pk}"
    policy = write_policy(
        actor=actor,
        code=policy_code,
        currency=currency,
        limit=default_limit(currency) if limit is None else limit,
        property=property,
    )
    record_event(
        actor=actor,
        verb="property.opened",
        subject=property,
        property_id=property.pk,
        after={"code": code, "currency": currency, "timezone": timezone, "policy_id": policy.pk},
    )
    return property


@command("policy.written", subject="property")
def write_policy(*, actor, property=None, **told):
    """The next version of the rule named ``code`` (version 1 if new). Never begins in the past. Event ``policy.written``.

    ``told``: as `draft_policy` takes it, which also refuses. NotPossible ``raced``: another was written meanwhile.
    """
    return _write(draft_policy(actor=actor, property=property, **told), actor)


def draft_policy(
    *, actor, code, currency, limit, property=None, department=None, role="", scope="incident", manager_up_to=None,
    general_manager_up_to=None, cap=None, second_failure_limit=None, answer_within_minutes=15,
    expires_after_minutes=1440, budget_asks=False, effective_from=None, effective_until=None,
):  # fmt: skip
    """The version that `write_policy` would write, not saved: to look at what it would change. One query.

    Amounts in minor units of ``currency``. The tiers default to 2.5 and 12.5 times the limit. By leaders, the superuser
    and the system. ValidationError names the field: the tiers rise from the limit, ``second_failure_limit`` lies
    between the limit and the manager's tier, and a version keeps the property, department, role and currency of the
    rule that it continues.
    """
    _require_writer(actor)
    now = clock.now()
    policy = Policy(
        code=as_sent(code, "code", longest=64, required=True),
        currency=currency,
        property=property,
        department=department,
        role=role,
        scope=scope,
        limit=_amount(limit, "limit"),
        manager_up_to=limit * 5 // 2 if manager_up_to is None else _amount(manager_up_to, "manager_up_to"),
        general_manager_up_to=0,
        cap=None if cap is None else _amount(cap, "cap"),
        second_failure_limit=None
        if second_failure_limit is None
        else _amount(second_failure_limit, "second_failure_limit"),
        answer_within_minutes=_minutes(answer_within_minutes, "answer_within_minutes"),
        expires_after_minutes=_minutes(expires_after_minutes, "expires_after_minutes"),
        budget_asks=budget_asks,
        effective_from=now if effective_from is None else clock.as_utc(effective_from, "effective_from"),
        effective_until=None if effective_until is None else clock.as_utc(effective_until, "effective_until"),
        recorded_at=now,
        recorded_by=actor,
    )
    if general_manager_up_to is None:
        # A manager's tier above the usual one lifts the next with it, so that the tiers still rise.
        policy.general_manager_up_to = max(limit * 25 // 2, policy.manager_up_to)
    else:
        policy.general_manager_up_to = _amount(general_manager_up_to, "general_manager_up_to")
    _check_where(policy)
    _check_when(policy, now)
    _check_amounts(policy)
    _continue(policy)
    return policy


@command("policy.withdrawn", subject="policy")
def withdraw_policy(*, actor, policy, effective_from=None):
    """End a rule by writing a withdrawn version of it: what is more general applies from then on.

    From now, or a moment to come. Who may write it may withdraw it. NotPossible ``already_withdrawn``. Event
    ``policy.withdrawn``. Returns the withdrawn version.
    """
    _require_writer(actor)
    now = clock.now()
    last = Policy.objects.filter(code=policy.code).order_by("-version").first()
    if last.is_withdrawn:
        raise NotPossible("already_withdrawn", _("This rule was withdrawn before."), state={"version": last.version})
    ending = Policy(
        **{
            field.attname: getattr(last, field.attname)
            for field in Policy._meta.concrete_fields
            if not field.primary_key
        }
    )
    ending.effective_from = now if effective_from is None else clock.as_utc(effective_from, "effective_from")
    ending.effective_until = None
    ending.recorded_at, ending.recorded_by, ending.is_withdrawn = now, actor, True
    _check_when(ending, now)
    return _write(ending, actor, verb="policy.withdrawn")


def _require_writer(actor):
    if not acts_as_system(actor) and not can_write_policy(actor):
        raise NotPermitted("write_policy", _("Rules are written by leaders and by the administrator."))


def _amount(value, field):
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise malformed(field, _("An amount in minor units, not below zero."))
    return value


def _minutes(value, field):
    if type(value) is not int or not 1 <= value <= _LONGEST_WAIT:
        raise malformed(field, _("Minutes, from 1 to %(most)d."), most=_LONGEST_WAIT)
    return value


def _check_where(policy):
    try:
        decimals(policy.currency)
    except ValidationError as error:
        raise ValidationError({"currency": error}) from None
    if policy.role not in ("", *Role.values):
        raise malformed("role", _("One of: %(roles)s; or empty, for all."), roles=", ".join(Role.values))
    if policy.scope not in Scope.values:
        raise malformed("scope", _("One of: %(scopes)s."), scopes=", ".join(Scope.values))
    property, department = policy.property, policy.department
    if department is not None and property is None:
        raise malformed("property", _("A department's rule names its property too."), code="required")
    if department is not None and department.property_id != property.pk:
        raise malformed("department", _("This department belongs to another property."))
    if property is not None and property.currency != policy.currency:
        raise malformed(
            "currency", _("%(property)s spends %(currency)s."), property=property.code, currency=property.currency
        )


def _check_when(policy, now):
    if policy.effective_from < now:
        raise malformed(
            "effective_from", _("A rule begins now or later: what was done is judged by what was in force.")
        )
    if policy.effective_until is not None and policy.effective_until <= policy.effective_from:
        raise malformed("effective_until", _("A rule ends after it begins."))


def _check_amounts(policy):
    if policy.manager_up_to < policy.limit:
        raise malformed("manager_up_to", _("The tiers rise: not below the limit."))
    if policy.general_manager_up_to < policy.manager_up_to:
        raise malformed("general_manager_up_to", _("The tiers rise: not below the manager's."))
    second = policy.second_failure_limit
    if second is not None and not policy.limit <= second <= policy.manager_up_to:
        raise malformed("second_failure_limit", _("It lifts the limit: from the limit up to the manager's tier."))
    if type(policy.budget_asks) is not bool:
        raise malformed("budget_asks", _("Say true or false."))


def _continue(policy):
    """Gives it the number after the last version of its rule, which is returned; None for a new one. One query."""
    last = Policy.objects.filter(code=policy.code).order_by("-version").first()
    policy.version = last.version + 1 if last else 1
    for field in ("property_id", "department_id", "role", "currency"):
        # Else a rule of one house would go on as another's, and leave the first without.
        if last and getattr(last, field) != getattr(policy, field):
            raise malformed(
                "code",
                _("“%(taken)s” is a rule for another %(what)s: take a new code."),
                code="taken",
                taken=policy.code,
                what=field.removesuffix("_id"),
            )
    return last


def _write(policy, actor, *, verb="policy.written"):
    last = _continue(policy)
    try:
        with transaction.atomic():
            policy.save(force_insert=True)
    except IntegrityError:
        if not Policy.objects.filter(code=policy.code, version=policy.version).exists():
            raise
        raise NotPossible(
            "raced",
            _("Someone wrote this version a moment ago: read it, and write yours after it."),
            state={"version": policy.version},
        ) from None
    record_event(
        actor=actor,
        verb=verb,
        subject=policy,
        property_id=policy.property_id,
        before=_state(last) if last else None,
        after=_state(policy),
    )
    return policy


def _state(policy):
    state = {
        field.attname: getattr(policy, field.attname)
        for field in Policy._meta.concrete_fields
        if field.attname not in ("id", "recorded_at", "recorded_by_id")
    }
    for field in ("effective_from", "effective_until"):
        state[field] = moment(state[field]) if state[field] else None
    return state
