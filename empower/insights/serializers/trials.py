"""How a policy trial is told: shares with what they are out of, sums as decimal text, times in seconds."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from empower.policies.serializers import TierSerializer
from empower.staff.models import Role
from empower.wire import Amount, CodeOf, Id, Moment, OrNull

from .asking import NewPolicyTrial, SharedWith

__all__ = ["NewPolicyTrial", "PolicyTrialSerializer", "SharedWith"]

#: The words of `queries.trials.ASSUMPTIONS`.
ASSUMES = {
    "same_wishes": _("People would have asked for and given the same, in the same order, whatever the rule."),
    "whole_acts": _("An act above the rule waits whole; what was split then stays split where it was."),
    "given_in_full": _(
        "What would have posted at once is given as it was asked for, also where it was in fact declined, taken back or "
        "approved for less; what was reversed is given back at its moment."
    ),
    "measured_waits": _(
        "Waiting takes as long as the requests of these days took: half of those of the same property at the same hour of "
        "its day; where there were none, of its whole day, else of all. Who got no answer is counted for as long as they "
        "waited; imported ones are left out."
    ),
    "today_merged": _("Records of one guest that are merged today were one guest all along."),
    "today_people": _("Department and role are the employees' own, as they are today."),
    "no_budgets": _("A budget that has run out holds nothing up."),
    "no_second_failures": _("A rule that is tried does not lift the limit at a second failure."),
    "verbal_yes_waits": _("What posted on a verbal yes needed a yes, and counts as waiting."),
    "not_a_saving": _("The money above the line is not a saving: people act differently under another limit."),
}


class ShareSerializer(serializers.Serializer):
    """How many of how many."""

    value = serializers.FloatField(allow_null=True, help_text="The share, 0 to 1; null where it is out of nothing.")
    numerator = serializers.IntegerField(help_text="How many.")
    denominator = serializers.IntegerField(help_text="Out of how many.")
    n = serializers.IntegerField(help_text="On how many it rests.")
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="The 95 % interval of the share (Wilson)."
    )


class AskedOfSerializer(serializers.Serializer):
    """Whose yes would have been needed, by the cumulative total."""

    manager = ShareSerializer(help_text="Of what waits, up to the manager's tier.")
    general_manager = ShareSerializer(help_text="Of what waits, up to the general manager's tier.")
    leader = ShareSerializer(help_text="Of what waits, above that.")


class WaitingTimeSerializer(serializers.Serializer):
    """How long a request took to be decided, in seconds, as measured in these days."""

    median = serializers.IntegerField(
        allow_null=True, help_text="Half were answered by then; null where there is none, or too few were to tell."
    )
    p90 = serializers.IntegerField(allow_null=True, help_text="Nine of ten were answered by then; null as `median`.")
    n = serializers.IntegerField(help_text="On how many requests that rests, unanswered ones included.")
    in_time = ShareSerializer(
        allow_null=True,
        help_text="How many were answered within this rule's `answer_within_minutes`; null of the baseline.",
    )


class SpareTimeSerializer(serializers.Serializer):
    """A sum of time."""

    seconds = serializers.IntegerField(
        allow_null=True, help_text="All together, in seconds; null where it is known of none of them."
    )
    acts = serializers.IntegerField(help_text="Of how many of them it is known.")


class ExtraWaitingSerializer(SpareTimeSerializer):
    """What half of the requests of the same property and hour took, for each act."""

    at_their_hour = serializers.IntegerField(
        help_text="Of how many there were requests at the same property and hour; of the others, at another hour."
    )


class EndsSerializer(serializers.Serializer):
    """How incidents ended; void ones are left out."""

    incidents = serializers.IntegerField(help_text="How many incidents.")
    recovered = serializers.IntegerField(help_text="Ended recovered.")
    delighted = serializers.IntegerField(help_text="Ended delighted.")
    lost = serializers.IntegerField(help_text="Ended lost.")
    unknown = serializers.IntegerField(help_text="Resolved, and nobody said how it ended.")
    open = serializers.IntegerField(help_text="Not resolved when the trial was run.")
    made_right = ShareSerializer(help_text="Recovered or delighted, out of those and the lost.")


class OutcomesSerializer(serializers.Serializer):
    """How the incidents ended in fact, by whether something on them would have waited."""

    waiting = EndsSerializer(help_text="Of incidents with at least one act that would have waited.")
    at_once = EndsSerializer(help_text="Of incidents where all would have posted at once.")


class ResultSerializer(serializers.Serializer):
    """What would have become of what was asked for."""

    acts = serializers.IntegerField(help_text="What was asked for, whatever became of it.")
    at_once = ShareSerializer(help_text="Acts that would have posted at once.")
    waiting = ShareSerializer(help_text="Acts that would have waited for a yes.")
    asked_of = AskedOfSerializer(help_text="Whose yes would have been needed.")
    currency = serializers.CharField(help_text="The currency of the sums.")
    amount_at_once = Amount(allow_null=False, help_text="The sum of what would have posted at once.")
    amount_waiting = Amount(allow_null=False, help_text="The sum of what would have waited: a spend waits whole.")
    amount_above = Amount(
        allow_null=False, help_text="Of that, what lay above what the person could still give. Not a saving."
    )
    waiting_time = WaitingTimeSerializer(help_text="For how long: as long as decisions really took.")
    spared = ShareSerializer(help_text="Of what really needed a yes, what would have posted at once.")
    spared_time = SpareTimeSerializer(
        allow_null=True,
        help_text="How long those really waited for their answer: the deciders' time. Null of a trial from before it was told.",
    )
    newly_waiting = ShareSerializer(help_text="Of what really posted at once, what would have waited.")
    extra_waiting = ExtraWaitingSerializer(
        allow_null=True, help_text="How long those would have waited. Null of a trial from before it was told."
    )
    outcomes = OutcomesSerializer(help_text="How those incidents ended, beside the others.")


class TrialVariantSerializer(serializers.Serializer):
    """A rule that was tried, and what would have become of the acts under it."""

    limit = Amount(allow_null=False, help_text="What one employee could have given in the scope without asking.")
    currency = serializers.CharField(help_text="The currency of the sums.")
    scope = serializers.CharField(help_text="`incident` or `guest_day`: over what the limit is counted.")
    cap = Amount(help_text="The most that all employees together could have given the guest on one incident.")
    tiers = TierSerializer(many=True, help_text="Who decides above the limit, up to which cumulative amount.")
    answer_within_minutes = serializers.IntegerField(help_text="How long a request may wait before it goes on.")
    result = ResultSerializer(allow_null=True, help_text="What would have been; null where it is hidden.")


class RuleInForceSerializer(serializers.Serializer):
    """A version of a rule by which acts were really judged."""

    code = serializers.CharField(help_text="The rule; its versions share it.")
    version = serializers.IntegerField(help_text="Which version of it.")
    acts = serializers.IntegerField(help_text="How many of the acts it judged.")


class HappenedSerializer(serializers.Serializer):
    """What was written down, without any reckoning."""

    at_once = ShareSerializer(help_text="Acts that really posted at once, of their employee's own accord.")
    waiting = ShareSerializer(help_text="Acts that really needed a yes.")


class BaselineSerializer(serializers.Serializer):
    """The same acts under the rule that each was really judged by."""

    rules = RuleInForceSerializer(many=True, help_text="The versions of rules by which the acts were really judged.")
    happened = HappenedSerializer(help_text="What really happened; the replay of it is `result`.")
    result = ResultSerializer(help_text="The replay under the rule that was really in force.")


class PolicyTrialSerializer(serializers.Serializer):
    id = Id(help_text="The trial's id.")
    name = serializers.CharField(help_text="What its author calls it.")
    author = CodeOf(help_text="The code of whoever ran it.")
    shared = serializers.BooleanField(
        source="is_shared", help_text="Whether everyone who may run one there may read it."
    )
    property = CodeOf(help_text="The code of the property; null: all of the currency that its author saw.")
    department = CodeOf(help_text="The code of the department whose people's acts were asked about; null: all.")
    role = OrNull(help_text="The role whose acts were asked about; null: all.")
    currency = serializers.CharField(help_text="The currency of what was asked about.")
    variants = TrialVariantSerializer(many=True, help_text="The rules that were tried, one to four.")
    baseline = BaselineSerializer(allow_null=True, help_text="What it is compared with; null where it is hidden.")
    hidden = serializers.BooleanField(help_text="Fewer than five people: nothing is told of them.")
    assumptions = serializers.ListField(
        child=serializers.CharField(), help_text="What is taken for granted, in sentences."
    )
    position = serializers.IntegerField(
        allow_null=True, help_text="The last position of the audit log when it was computed; null where there was none."
    )
    computed_at = Moment(help_text="When it was computed, in UTC. To ask again is a new trial.")
    updated_at = Moment(help_text="When it was computed, or last shared or not.")

    def get_fields(self):
        fields = super().get_fields()
        fields["from"] = serializers.DateField(source="begins_on", help_text="The first local day.")
        fields["to"] = serializers.DateField(source="ends_on", help_text="The last local day, included.")
        return fields

    def to_representation(self, trial):
        return super().to_representation(_Telling(trial))


class _Telling:
    """A trial as it is told: what is kept once (the currency, the words) stands wherever it is needed."""

    def __init__(self, trial):
        self._trial = trial

    def __getattr__(self, name):
        return getattr(self._trial, name)

    @property
    def hidden(self):
        return self._trial.is_hidden

    @property
    def assumptions(self):
        return [str(words) for words in ASSUMES.values()]

    @property
    def baseline(self):
        answer = self._trial.answer
        if not answer:
            return None
        return {
            "rules": answer["rules_in_force"],
            "happened": answer["happened"],
            "result": self._result(answer["baseline"]),
        }

    @property
    def variants(self):
        trial = self._trial
        results = trial.answer.get("variants") or [None] * len(trial.variants)
        return [
            self._with_currency(rule) | {"tiers": self._tiers(rule), "result": result and self._result(result)}
            for rule, result in zip(trial.variants, results, strict=True)
        ]

    def _result(self, told):
        # Earlier trials were answered without these.
        return {"spared_time": None, "extra_waiting": None} | self._with_currency(told)

    def _with_currency(self, told):
        return told | {"currency": self._trial.currency}

    def _tiers(self, rule):
        rows = [
            (Role.MANAGER, rule["manager_up_to"]), (Role.GENERAL_MANAGER, rule["general_manager_up_to"]),
            (Role.LEADER, None),
        ]  # fmt: skip
        return [{"role": role.value, "up_to": up_to, "currency": self._trial.currency} for role, up_to in rows]
