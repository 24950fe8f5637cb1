"""What a request for a policy trial may say: one rule, or up to four beside each other."""

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.fields import get_error_detail

from empower.incidents.serializers import found
from empower.policies.models import Scope
from empower.staff.models import Department, Property, Role
from empower.wire import AmountAsSent, Code, Strict, Text, minor_units

from ..services.trials import check_days, check_name, check_rule

_DECIDERS = [Role.MANAGER, Role.GENERAL_MANAGER, Role.LEADER]


class NewTier(Strict):
    role = serializers.ChoiceField(
        choices=[role.value for role in _DECIDERS], help_text="Who decides: `manager`, `general_manager` or `leader`."
    )
    up_to = AmountAsSent(allow_null=True, help_text="Up to this cumulative amount; null of the leader, without end.")
    currency = serializers.CharField(required=False, help_text="The currency of the trial, if it is said at all.")


class NewVariant(Strict):
    """A rule to try."""

    limit = AmountAsSent(help_text="What one employee may give in the scope without asking.")
    scope = serializers.ChoiceField(
        choices=Scope.values, required=False, help_text="`incident`, if left out, or `guest_day`."
    )
    cap = AmountAsSent(
        required=False,
        allow_null=True,
        help_text="The most that all employees together may give the guest on one incident.",
    )
    tiers = NewTier(
        many=True, required=False, help_text="Who decides above it; 2.5 and 12.5 times the limit if left out."
    )
    answer_within_minutes = serializers.IntegerField(
        required=False, help_text="How long a request may wait before it goes on; 15 if left out."
    )


_RULE = tuple(NewVariant._declared_fields)


class NewPolicyTrial(NewVariant):
    """``variants``, or one rule by its members."""

    name = Text(help_text="What you call it. No guest's name: it is not emptied when a guest is erased.")
    property = Code(required=False, help_text="The code of the property; one's own, or all that one sees, if left out.")
    department = Code(required=False, allow_null=True, help_text="Only the acts of this department's people.")
    role = serializers.ChoiceField(
        choices=Role.values, required=False, help_text="Only the acts of people in this role."
    )
    currency = serializers.CharField(
        required=False, max_length=3, help_text="Which currency, where several are seen: they are never added."
    )
    shared = serializers.BooleanField(required=False, help_text="Whether everyone who may run one there may read it.")
    limit = AmountAsSent(required=False, help_text="What one employee may give in the scope without asking.")
    variants = NewVariant(many=True, required=False, help_text="Up to four rules, in place of one by its members.")

    def get_fields(self):
        fields = super().get_fields()
        fields["from"] = serializers.DateField(source="begins_on", help_text="The first local day.")
        fields["to"] = serializers.DateField(source="ends_on", help_text="The last local day, included.")
        return fields

    def look_up(self, said, errors):
        user = self.context["request"].user
        alone = {name: said.pop(name) for name in _RULE if name in said}
        place = user.property
        if "property" in said:
            place = said["property"] = found(Property, "property", said["property"], errors)
        if said.get("department") is not None and place is not None:
            said["department"] = found(Department, "department", said["department"], errors, property=place)
        elif said.get("department") is not None:
            errors.setdefault("property", [_fault(_("A department's rule names its property too."), "required")])
        if "name" in said:
            _add(errors, check_name(said["name"]))
        if {"begins_on", "ends_on"} <= said.keys():
            _add(errors, check_days(said["begins_on"], said["ends_on"]))
        currency = place.currency if place else said.get("currency") or _only_currency(user)
        if currency is None and not errors.keys() & {"property", "currency"}:
            errors["currency"] = [_fault(_("Name one: sums of several currencies are never added."), "required")]
        is_alone = "variants" not in said and "variants" not in errors
        if alone and not is_alone:
            errors["variants"] = [_fault(_("Either these, or one rule by its members."), "two_ways")]
        elif is_alone and "limit" not in alone:
            errors.setdefault("limit", [_fault(_("Say which limit to try."), "required")])
        elif currency is not None:
            # One that stands alone names its faults by its members.
            rules = (
                {"": alone} if is_alone else {f"variants.{n}.": one for n, one in enumerate(said.get("variants", ()))}
            )
            said["variants"] = [_in_minor_units(rule, currency, path, errors) for path, rule in rules.items()]
        said["stands_alone"] = is_alone


class SharedWith(Strict):
    shared = serializers.BooleanField(help_text="Whether everyone who may run one there may read it.")


def _in_minor_units(rule, currency, path, errors):
    """The rule as the service takes it; what is wrong is added to ``errors``."""
    told = {name: rule[name] for name in ("scope", "answer_within_minutes") if name in rule}
    for name in ("limit", "cap"):
        if rule.get(name) is not None:
            told[name] = minor_units(rule[name], currency, field=path + name, errors=errors)
    if "tiers" in rule:
        roles = [tier["role"] for tier in rule["tiers"]]
        if len(set(roles)) < len(roles):
            errors[f"{path}tiers"] = [_fault(_("Each role once."), "twice")]
        for number, tier in enumerate(rule["tiers"]):
            where = f"{path}tiers.{number}"
            if tier.get("currency", currency) != currency:
                errors[f"{where}.currency"] = [_fault(_("The trial is in another currency."), "other_currency")]
            if (tier["up_to"] is None) != (tier["role"] == Role.LEADER):
                message = _("A leader decides without end, and nobody else does.")
                errors[f"{where}.up_to"] = [_fault(message, "invalid")]
            elif tier["up_to"] is not None:
                told[f"{tier['role']}_up_to"] = minor_units(
                    tier["up_to"], currency, field=f"{where}.up_to", errors=errors
                )
    if None not in told.values():
        _add(errors, check_rule(told), path)
    return told


def _add(errors, faults, path=""):
    """To the ``errors``, by field, what the service finds wrong, {field: ValidationError}."""
    for name, fault in faults.items():
        errors.setdefault(f"{path}{name}", get_error_detail(fault))


def _only_currency(user):
    there = set(Property.objects.visible_to(user).order_by().values_list("currency", flat=True).distinct())
    return there.pop() if len(there) == 1 else None


def _fault(message, code):
    return exceptions.ErrorDetail(message, code)
