"""Policy trials: history is asked again under another rule, and the answer kept. Nothing else is written here."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower.audit.models import Position
from empower.audit.services import command, record_event
from empower.clock import as_day, now
from empower.money import LARGEST, is_currency
from empower.policies.models import Scope
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Department, Property, Role
from empower.texts import as_sent, malformed

from ..models import PolicyTrial
from ..permissions import can_run_trial, can_share_trial
from ..queries.period import EARLIEST, LATEST, Period
from ..queries.trials import Variant, answer_trial, is_hidden
from ..queries.trials.acts import Past

LONGEST_NAME = 200
MOST_VARIANTS = 4
#: More than this is not replayed in one request, which takes some four seconds, and on SQLite holds everybody's writes up
#: for as long: ask for fewer days, or for one property.
MOST_SPENDS = 100_000
_USUAL_MINUTES = 15
_LONGEST_WAIT = 366 * 24 * 60  # minutes; as of a policy
_OPTIONAL_SUMS = ("manager_up_to", "general_manager_up_to", "cap")
_RULE = {"limit", "scope", "answer_within_minutes", *_OPTIONAL_SUMS}


@command("policy_trial.run", subject="property")
def run_policy_trial(
    *, actor, name, begins_on, ends_on, variants, property=None, department=None, role="", currency=None, shared=False
):
    """Replay what was asked for on these local days (both included) under other rules. Returns the `PolicyTrial`.

    ``variants``: one to four dicts of ``limit``, ``scope`` (``incident``), ``cap`` (None), ``manager_up_to`` (2.5 times
    the limit), ``general_manager_up_to`` (12.5 times) and ``answer_within_minutes`` (15); sums in minor units.
    ``property``: the actor's own if left out, or for leaders and auditors every one of the ``currency``, which is named
    where there are several. ``department`` and ``role``: whose acts, as a policy means them.

    The property's managers, leaders and auditors: NotPermitted ``elsewhere``. NotPossible ``too_many``: more than
    100,000 spends. ValidationError names every wrong field at once (``variants.0.limit``). Event ``policy_trial.run``,
    without the name. About fifteen queries; four seconds for 100,000 spends.
    """
    if property is not None and not isinstance(property, Property):
        raise malformed("property", _("Choose one that is there."))
    if property is None and actor is not None:
        property = actor.property
    if actor is None or not can_run_trial(actor, property and property.pk):
        raise NotPermitted("elsewhere", _("Trials are run by the property's managers, leaders and auditors."))
    past, rules = _asked(actor, name, begins_on, ends_on, variants, property, department, role, currency, shared)
    count = past.spends_behind()[: MOST_SPENDS + 1].count()
    if count > MOST_SPENDS:
        raise NotPossible(
            "too_many",
            _("These days have more than %(most)d spends: ask for fewer days, or for one property.")
            % {"most": MOST_SPENDS},
            field="from",
            state={"most": MOST_SPENDS},
        )
    computed_at = now()
    trial = PolicyTrial(
        name=name,
        author=actor,
        is_shared=shared,
        property=property,
        department=department,
        role=role,
        currency=past.currency,
        begins_on=begins_on,
        ends_on=ends_on,
        variants=[_kept(rule) for rule in rules],
        position=Position.objects.order_by("-position").values_list("position", flat=True).first(),
        answer={} if is_hidden(past) else answer_trial(past, rules),
        computed_at=computed_at,
    )
    trial.save(force_insert=True)
    return _recorded(trial, actor, "policy_trial.run")


@command("policy_trial.shared", subject="trial")
def share_policy_trial(*, actor, trial, shared):
    """Share it with everyone who may run one there, or with nobody. Its author: NotPermitted ``not_yours``.

    Event ``policy_trial.shared``. Returns the `PolicyTrial`. Sharing twice changes nothing, and is no fault.
    """
    if actor is None or not can_share_trial(actor, trial):
        raise NotPermitted("not_yours", _("A trial is shared by whoever ran it."))
    if type(shared) is not bool:
        raise malformed("shared", _("Say true or false."))
    trial.refresh_from_db(from_queryset=PolicyTrial.objects.select_for_update(no_key=True))
    if trial.is_shared == shared:
        return trial
    trial.is_shared = shared
    trial.save(update_fields=["is_shared", "updated_at"])
    return _recorded(trial, actor, "policy_trial.shared")


def _asked(actor, name, begins_on, ends_on, variants, property, department, role, currency, shared):
    """The `Past` and the `Variant`s, or a ValidationError with every field that is wrong."""
    wrong = {}

    def checked(check, *given):
        try:
            return check(*given)
        except ValidationError as fault:
            wrong.update(fault.error_dict)
            return None

    wrong |= check_name(name) | check_days(begins_on, ends_on)
    if role not in ("", *Role.values):
        wrong["role"] = ValidationError(_("One of: %(roles)s."), "invalid_choice", {"roles": ", ".join(Role.values)})
    if type(shared) is not bool:
        wrong["shared"] = ValidationError(_("Say true or false."), "invalid")
    checked(_department, department, property)
    currency = checked(_currency, actor, property, currency)
    rules = checked(_variants, variants)
    if wrong:
        raise ValidationError(wrong)
    period = Period(begins_on, ends_on)
    return Past(actor, period, currency, property=property, department=department, role=role), rules


def check_name(name):
    """{field: ValidationError} of what is wrong with what a trial is called: also what a door may ask before."""
    try:
        as_sent(name, "name", longest=LONGEST_NAME, required=True)
    except ValidationError as fault:
        return {name: faults[0] for name, faults in fault.error_dict.items()}
    return {}


def check_days(begins_on, ends_on):
    """{field: ValidationError} of what is wrong with these two days, ``from`` and ``to``: also what a door may ask before."""
    wrong = {}
    for value, field in ((begins_on, "from"), (ends_on, "to")):
        try:
            as_day(value, field)
            if not EARLIEST <= value <= LATEST:
                raise malformed(
                    field, _("Give a day from %(first)s to %(last)s."), first=str(EARLIEST), last=str(LATEST)
                )
        except ValidationError as fault:
            wrong[field] = fault.error_dict[field][0]
    if not wrong and ends_on < begins_on:
        wrong["to"] = ValidationError(_("The last day comes before the first."), "before_from")
    return wrong


def _department(value, property):
    if value is None:
        return
    if not isinstance(value, Department):
        raise malformed("department", _("Choose one that is there."))
    if property is None:
        raise malformed("property", _("A department's rule names its property too."), code="required")
    if value.property_id != property.pk:
        raise malformed("department", _("This department belongs to another property."))


def _currency(actor, property, currency):
    """The one currency of what is asked about. One query where no property is named."""
    if property is not None:
        if currency not in (None, property.currency):
            raise malformed(
                "currency",
                _("%(property)s spends %(currency)s."),
                code="other_currency",
                property=property.code,
                currency=property.currency,
            )
        return property.currency
    if currency is not None and not is_currency(currency):
        raise malformed("currency", _("This is not a currency of ISO 4217."), code="currency")
    there = sorted(Property.objects.visible_to(actor).order_by().values_list("currency", flat=True).distinct())
    if currency is None and len(there) != 1:
        raise malformed(
            "currency",
            _("Name one currency, of %(there)s: sums of several are never added."),
            code="required",
            there=", ".join(there),
        )
    if currency is not None and currency not in there:
        raise malformed("currency", _("No property spends %(currency)s."), code="invalid_choice", currency=currency)
    return currency or there[0]


def _variants(variants):
    if not isinstance(variants, list) or not 1 <= len(variants) <= MOST_VARIANTS:
        raise malformed("variants", _("From one to %(most)d rules."), most=MOST_VARIANTS)
    wrong = {
        f"variants.{place}.{field}": fault
        for place, variant in enumerate(variants)
        for field, fault in check_rule(variant).items()
    }
    if wrong:
        raise ValidationError(wrong)
    return [_rule(variant) for variant in variants]


def check_rule(variant):
    """{field: ValidationError} of what is wrong with a rule to try: also what a door may ask before."""
    if not isinstance(variant, dict) or not set(variant) <= _RULE:
        return {"limit": ValidationError(_("A rule has: %(names)s."), "invalid", {"names": ", ".join(sorted(_RULE))})}
    sums = {name: variant[name] for name in _OPTIONAL_SUMS if variant.get(name) is not None}
    wrong = {
        name: ValidationError(_("An amount in minor units, not below zero."), "invalid")
        for name, value in ({"limit": variant.get("limit")} | sums).items()
        if type(value) is not int or not 0 <= value <= LARGEST
    }
    if variant.get("scope", Scope.INCIDENT.value) not in Scope.values:
        message = _("One of: %(scopes)s.")
        wrong["scope"] = ValidationError(message, "invalid_choice", {"scopes": ", ".join(Scope.values)})
    minutes = variant.get("answer_within_minutes", _USUAL_MINUTES)
    if type(minutes) is not int or not 1 <= minutes <= _LONGEST_WAIT:
        message = _("Minutes, from 1 to %(most)d.")
        wrong["answer_within_minutes"] = ValidationError(message, "invalid", {"most": _LONGEST_WAIT})
    if not wrong.keys() & {"limit", "manager_up_to", "general_manager_up_to"}:
        rule = _rule(variant)
        if not rule.limit <= rule.manager_up_to <= rule.general_manager_up_to:
            message = _("The tiers rise: from the limit to the manager's to the general manager's.")
            wrong["tiers"] = ValidationError(message, "invalid")
    return wrong


def _rule(variant):
    """A `Variant` of what was asked for, with what a policy would have where it says nothing."""
    limit = variant["limit"]
    manager, general_manager = variant.get("manager_up_to"), variant.get("general_manager_up_to")
    manager = limit * 5 // 2 if manager is None else manager
    # A manager's tier above the usual one lifts the next with it, as of a policy.
    general_manager = max(limit * 25 // 2, manager) if general_manager is None else general_manager
    scope, minutes = variant.get("scope", Scope.INCIDENT.value), variant.get("answer_within_minutes", _USUAL_MINUTES)
    return Variant(limit, str(scope), variant.get("cap"), manager, general_manager, minutes)


def _kept(rule):
    return {name: getattr(rule, name) for name in (*sorted(_RULE),)}


def _recorded(trial, actor, verb):
    record_event(
        actor=actor,
        verb=verb,
        subject=trial,
        property_id=trial.property_id,
        after={
            "property_id": trial.property_id,
            "department_id": trial.department_id,
            "role": trial.role,
            "currency": trial.currency,
            "begins_on": trial.begins_on.isoformat(),
            "ends_on": trial.ends_on.isoformat(),
            "variants": trial.variants,
            "position": trial.position,
            "is_shared": trial.is_shared,
            "is_hidden": trial.is_hidden,
        },
    )
    return trial
