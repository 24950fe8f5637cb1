"""A rule, or up to four, to try on history: about whom, which days, and how much one could have given."""

from collections import Counter
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower import money
from empower.policies.models import Scope
from empower.staff.forms import OnceForm
from empower.staff.models import Department, Property, Role

from ..queries.period import last_days, today_in
from ..queries.trials.standing import rule_that_stands
from ..services.trials import check_days, check_rule

MOST_RULES = 4
#: How far back a trial looks where nobody says otherwise.
USUAL_DAYS = 90
SUMS = ("limit", "manager_up_to", "general_manager_up_to", "cap")
RULE = ("limit", "scope", "manager_up_to", "general_manager_up_to", "cap", "answer_within_minutes")
#: In place of a property's code: all that one sees of a currency.
ALL_OF = "*"


class TrialForm(OnceForm):
    """What `run_policy_trial` takes, as a person types it: sums in the currency's own writing, rules side by side.

    The fields of a rule end in its number, ``limit_1`` to ``limit_4``; one without a limit is not tried. Four queries.
    """

    name = forms.CharField(
        label=_("What do you call it?"),
        help_text=_("It is kept under this name. No guest's name."),
        max_length=200,
        strip=False,
        error_messages={"required": _("Give it a name.")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.houses = {row.code: row for row in Property.objects.visible_to(user).order_by("name", "code")}
        currencies = sorted({row.currency for row in self.houses.values()})
        if user.sees_every_property:
            places = [(code, str(row)) for code, row in self.houses.items()]
            together = [(ALL_OF + one, _("All in %(currency)s") % {"currency": one}) for one in currencies]
            self.fields["property"] = _choice(_("Where"), [*together, *places])
        departments = Department.objects.visible_to(user).select_related("property").order_by("property__name", "name")
        self.fields |= {
            "department": _Departments(departments, in_groups=user.sees_every_property),
            "role": _choice(_("Role"), [("", _("every role")), *Role.choices[:4]], required=False),
            "from": _day(_("From")),
            "to": _day(_("To")),
        }
        for number in self.numbers:
            self.fields |= {f"{name}_{number}": field for name, field in _rule(number).items()}

    @property
    def numbers(self):
        return range(1, MOST_RULES + 1)

    @property
    def rules(self):
        """[(number, whether something stands in it, its fields)], as the page shows them."""
        return [
            (number, any(self[f"{name}_{number}"].value() for name in RULE[:1]) or self._is_wrong(number),
             {name: self[f"{name}_{number}"] for name in RULE})
            for number in self.numbers
        ]  # fmt: skip

    def _is_wrong(self, number):
        return self.is_bound and any(f"{name}_{number}" in self.errors for name in RULE)

    @property
    def begins_as_a_rule(self):
        """Whether a limit stands in it from the beginning."""
        return bool(self.is_bound or self.initial.get("limit_1"))

    # --- what stands in it before somebody types ------------------------------------------------------------------

    @classmethod
    def usual(cls, user):
        """{field: value}: one's own property, or those of the currency that has the most; the last 90 days."""
        houses = list(Property.objects.visible_to(user).order_by("currency", "code"))
        of = Counter(house.currency for house in houses)
        there = [house for house in houses if of[house.currency] == max(of.values())]
        there = [house for house in there if house.currency == there[0].currency]
        yesterday = today_in([house.timezone for house in there]) - timedelta(days=1)
        period = last_days(USUAL_DAYS, today=yesterday)
        found = {"from": period.begins, "to": period.ends}
        return found | ({"property": ALL_OF + there[0].currency} if there and not user.property_id else {})

    @classmethod
    def of_trial(cls, trial):
        """{field: value} of one that was run: to change a value and run it again."""
        found = {
            "name": trial.name,
            "property": trial.property.code if trial.property else ALL_OF + trial.currency,
            "department": trial.department_id,
            "role": trial.role,
            "from": trial.begins_on,
            "to": trial.ends_on,
        }
        for number, rule in enumerate(trial.variants, start=1):
            found |= _as_typed(rule, trial.currency, number)
        return found

    def with_what_stands(self, typed):
        """``typed`` ({field: value}) with the rule that stands there now in the place of the first one. One query."""
        place, currency = self._place(typed.get("property"))
        if currency is None:
            return typed
        department = self._department(typed.get("department"))
        role = typed.get("role") or ""
        houses = [place] if place else [house for house in self.houses.values() if house.currency == currency]
        policy = rule_that_stands(self.user, currency=currency, properties=houses, department=department, role=role)
        if policy is None:
            return typed
        return typed | _as_typed({name: getattr(policy, name) for name in RULE}, currency, 1)

    # --- what was typed -------------------------------------------------------------------------------------------

    def clean(self):
        asked = super().clean()
        place, currency = self._place(asked.get("property"))
        self.slots, rules = [], []
        for number in self.numbers if currency else ():
            rule = {name: asked.get(f"{name}_{number}") for name in RULE}
            if rule["limit"] in (None, ""):
                continue
            for name in SUMS:
                rule[name] = self._minor(f"{name}_{number}", rule[name], currency)
            self.slots.append(number)
            rules.append({name: value for name, value in rule.items() if value not in (None, "")})
            self._judge(number, rules[-1])
        if {"from", "to"} <= asked.keys():
            self._add(check_days(asked["from"], asked["to"]))
        department = asked.get("department")
        if department and place is None and "property" not in self.errors:
            self.add_error("property", _("A department's rule names its property too."))
        elif department and place and department.property_id != place.pk:
            self.add_error("department", _("This department belongs to another property."))
        self.wish = {
            "name": asked.get("name"),
            "begins_on": asked.get("from"),
            "ends_on": asked.get("to"),
            "property": place,
            "department": department,
            "role": asked.get("role") or "",
            "currency": currency,
            "variants": rules,
        }
        if currency and not rules and not self.errors:
            self.add_error("limit_1", _("Say which limit to try."))
        return asked

    def _judge(self, number, rule):
        """What the service would say of a rule, told beside all else that is wrong."""
        if not any(f"{name}_{number}" in self.errors for name in RULE):
            self._add({_member(name, number): fault for name, fault in check_rule(rule).items()})

    def _add(self, faults):
        for name, fault in faults.items():
            self.add_error(name, fault)

    def turn_down(self, error):
        """What the service says of the third rule that was sent stands beside the field in which it was typed."""
        if hasattr(error, "error_dict"):
            error = ValidationError({self._named(name): errors for name, errors in error.error_dict.items()})
        super().turn_down(error)

    def _named(self, name):
        if name in ("property", "currency"):
            return "property" if "property" in self.fields else None
        if not name.startswith("variants"):
            return name
        # variants.2.tiers: of the third that was sent; variants alone: of how many there are.
        place, member = name.split(".")[1:] if "." in name else ("0", "limit")
        number = self.slots[int(place)] if self.slots else 1
        return _member(member, number)

    def _place(self, chosen):
        """(property or None, currency or None) of what was chosen, or of the person's own."""
        if "property" not in self.fields:
            house = self.user.property
            return house, house and house.currency
        if (chosen or "").startswith(ALL_OF):
            currency = chosen[len(ALL_OF) :]
            return None, currency if any(row.currency == currency for row in self.houses.values()) else None
        house = self.houses.get(chosen)
        return house, house and house.currency

    def _department(self, typed):
        there = self.fields["department"].queryset
        return there.filter(pk=typed).first() if str(typed or "").isdecimal() and len(str(typed)) < 19 else None

    def _minor(self, field, typed, currency):
        if typed in (None, ""):
            return None
        try:
            return money.to_minor(typed, currency)
        except ValidationError as wrong:
            self.add_error(field, wrong)
            return None


def _member(name, number):
    """The field of a rule's member; that of the tiers is the first of them."""
    return f"{'manager_up_to' if name == 'tiers' else name}_{number}"


class _Departments(forms.ModelChoiceField):
    """Told with their property where there are several."""

    def __init__(self, departments, *, in_groups):
        super().__init__(
            departments,
            label=_("Department"),
            required=False,
            empty_label=_("every department"),
            widget=forms.Select(attrs={"class": "select"}),
            error_messages={"invalid_choice": _("Choose one that is there.")},
        )
        self.in_groups = in_groups

    def label_from_instance(self, department):
        return f"{department.property.code} · {department}" if self.in_groups else str(department)


def _rule(number):
    """The fields of one rule, by their names."""
    several = {"required": False}
    return {
        "limit": _sum(_("Limit"), _("What one employee may give without asking.")),
        "scope": _choice(_("Counted over"), Scope.choices, **several),
        "manager_up_to": _sum(_("A manager decides up to"), _("Empty: 2.5 times the limit.")),
        "general_manager_up_to": _sum(_("A general manager decides up to"), _("Empty: 12.5 times the limit.")),
        "cap": _sum(_("All employees together"), _("For one guest on one incident. Empty: no such limit.")),
        "answer_within_minutes": forms.IntegerField(
            label=_("Minutes to answer"),
            help_text=_("Then a request goes on to somebody else. Empty: 15."),
            required=False,
            widget=forms.TextInput(attrs={"class": "input", "inputmode": "numeric"}),
            error_messages={"invalid": _("Whole minutes.")},
        ),
    }


def _as_typed(rule, currency, number):
    """{field: value} of a rule in minor units."""
    found = {f"scope_{number}": rule["scope"], f"answer_within_minutes_{number}": rule["answer_within_minutes"]}
    for name in SUMS:
        if rule[name] is not None:
            found[f"{name}_{number}"] = money.to_text(rule[name], currency)
    return found


def _sum(label, help_text):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off"}),
    )


def _choice(label, choices, *, required=True):
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={
            "invalid_choice": _("“%(value)s” is no code here."),
            "required": _("Choose one that is there."),
        },
    )


def _day(label):
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as in 2026-11-21."), "required": _("Say the day.")},
    )
