"""How stories, thanks and improvements are told, and what a request may say of them."""

from rest_framework import serializers

from empower.incidents.models import Category, Incident
from empower.incidents.serializers import found, property_named
from empower.problems import UnknownReference
from empower.staff.models import Department, Employee
from empower.wire import Code, CodeOf, Id, Moment, Strict, Text

from . import queries

_CHANGED = "When it was last changed: what `updated_since` asks about."
_VERSION = "The version that If-Match names; it grows with every change."


class StorySerializer(serializers.Serializer):
    id = Id(help_text="The story's id.")
    incident = Id(source="incident_id", help_text="The incident that it tells of.")
    property = CodeOf(help_text="The code of the property where it happened.")
    status = serializers.CharField(help_text="`nominated`, `chosen` for a day's line-up, or `withdrawn`.")
    text = serializers.CharField(help_text="The story, without names; empty once its guest was erased.")
    guest_agreed = serializers.BooleanField(help_text="Whether the guest agreed to be named in it.")
    told_on = serializers.DateField(allow_null=True, help_text="The property's local day whose line-up tells it.")
    nominated_by = CodeOf(help_text="The code of the colleague who nominated it.")
    nominated_at = Moment(help_text="When it was nominated.")
    chosen_by = CodeOf(help_text="The code of the manager who chose it; null: nobody has.")
    chosen_at = Moment(allow_null=True, help_text="When it was chosen.")
    withdrawn_by = CodeOf(help_text="The code of whoever withdrew it; null: nobody has.")
    withdrawn_at = Moment(allow_null=True, help_text="When it was withdrawn.")
    version = serializers.IntegerField(help_text=_VERSION)
    updated_at = Moment(help_text=_CHANGED)


class ThanksSerializer(serializers.Serializer):
    id = Id(help_text="The card's id.")
    incident = Id(source="incident_id", help_text="The incident for which somebody is thanked.")
    property = CodeOf(help_text="The code of the property where it happened.")
    given_by = CodeOf(help_text="The code of the colleague who wrote it.")
    receiver = CodeOf(help_text="The code of the colleague who is thanked.")
    text = serializers.CharField(help_text="What it says; empty once it was taken back, or its guest erased.")
    given_at = Moment(help_text="When it was written.")
    withdrawn_by = CodeOf(help_text="The code of whoever took it back; null: it stands.")
    withdrawn_at = Moment(allow_null=True, help_text="When it was taken back.")
    updated_at = Moment(help_text=_CHANGED)


class RateSerializer(serializers.Serializer):
    """How often the cause occurs."""

    value = serializers.FloatField(
        allow_null=True, help_text="Incidents per 30 days; null where not one whole day was observed."
    )
    numerator = serializers.IntegerField(help_text="The incidents counted, void ones left out.")
    denominator = serializers.FloatField(help_text="The days in which they were counted.")
    n = serializers.IntegerField(help_text="How many incidents the figure rests on.")
    interval = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="The 95 % interval of the value (Poisson, by Byar's approximation).",
    )

    def __init__(self, *args, reckoned=None, **options):
        self.reckoned = reckoned
        super().__init__(*args, **options)

    def get_attribute(self, improvement):
        return self.reckoned(improvement)


class ImprovementSerializer(serializers.Serializer):
    id = Id(help_text="The improvement's id.")
    property = CodeOf(help_text="The code of the property.")
    department = CodeOf(help_text="The code of its department; null: the whole property.")
    category = CodeOf(help_text="The code of the cause; those below it are meant too.")
    status = serializers.CharField(help_text="`open`, `done` or `dropped`.")
    aim = serializers.CharField(help_text="What is to change.")
    owner = CodeOf(help_text="The code of the colleague who sees it through.")
    due_on = serializers.DateField(help_text="The day by which it is to be done.")
    began_at = Moment(help_text="When the work began: what came before is compared with what came after.")
    ended_at = Moment(allow_null=True, help_text="When it was done or dropped; null: it is open.")
    what_was_done = serializers.CharField(help_text="What was done, or why it was dropped; empty while it is open.")
    before = RateSerializer(
        reckoned=queries.rate_before,
        help_text="In the 90 days before it began, or as many of them as there are records of.",
    )
    after = RateSerializer(
        reckoned=queries.rate_after, allow_null=True, help_text="Since it was done; null while it is not."
    )
    recorded_by = CodeOf(help_text="The code of the manager who began it; null: the system.")
    recorded_at = Moment(help_text="When it was written down.")
    version = serializers.IntegerField(help_text=_VERSION)
    updated_at = Moment(help_text=_CHANGED)


# --- what a request may say ---------------------------------------------------------------------------------------


class NewStory(Strict):
    incident = Id(help_text="A resolved incident, not one's own.")
    text = Text(help_text="The story, without a guest's name or room, unless `guest_agreed`.")
    guest_agreed = serializers.BooleanField(required=False, help_text="Whether the guest agreed to be named.")

    def look_up(self, facts, errors):
        if "incident" in facts:
            facts["incident"] = _incident_seen(facts["incident"], self.context["request"].user)


class StoryChange(Strict):
    """For PATCH: only what is named changes."""

    text = Text(help_text="The story, without a guest's name or room, unless `guest_agreed`.")
    guest_agreed = serializers.BooleanField(help_text="Whether the guest agreed to be named.")


class DayOfStory(Strict):
    told_on = serializers.DateField(required=False, help_text="The property's local day; today if left out.")
    version = serializers.IntegerField(required=False, help_text="The version that was read: a stale one is a 409.")


class OfVersion(Strict):
    version = serializers.IntegerField(required=False, help_text="The version that was read: a stale one is a 409.")


class Nothing(Strict):
    """A verb that needs no words."""


class NewThanks(Strict):
    incident = Id(help_text="The incident for which somebody is thanked.")
    receiver = Code(help_text="The code of the colleague who is thanked.")
    text = Text(help_text="What the card says.")

    def look_up(self, facts, errors):
        if "receiver" in facts:
            facts["receiver"] = found(Employee, "receiver", facts["receiver"], errors)
        if "incident" in facts:
            facts["incident"] = _incident_seen(facts["incident"], self.context["request"].user)


class ImprovementChange(Strict):
    """For PATCH: only what is named changes."""

    aim = Text(help_text="What is to change.")
    owner = Code(help_text="The code of the colleague who sees it through.")
    due_on = serializers.DateField(help_text="The day by which it is to be done.")

    def look_up(self, facts, errors):
        if "owner" in facts:
            facts["owner"] = found(Employee, "owner", facts["owner"], errors)


class NewImprovement(ImprovementChange):
    property = Code(required=False, help_text="The code of the property; one's own if left out.")
    department = Code(required=False, allow_null=True, help_text="The code of one of its departments.")
    category = Code(help_text="The code of the cause.")
    began_at = Moment(required=False, help_text="When the work began, within the past year; now if left out.")

    def look_up(self, facts, errors):
        super().look_up(facts, errors)
        if "property" not in errors:
            facts["property"] = property_named(facts.get("property"), self.context["request"].user, errors)
        if "category" in facts:
            facts["category"] = found(Category, "category", facts["category"], errors)
        if facts.get("department") is not None and facts.get("property") is not None:
            facts["department"] = found(
                Department, "department", facts["department"], errors, property=facts["property"]
            )


class WhatWasDone(Strict):
    what_was_done = Text(help_text="What was done, in words that help whoever has the same cause.")
    done_at = Moment(required=False, help_text="When it was done; now if left out.")
    version = serializers.IntegerField(required=False, help_text="The version that was read: a stale one is a 409.")


class WhyDropped(Strict):
    reason = Text(help_text="Why it is given up.")
    version = serializers.IntegerField(required=False, help_text="The version that was read: a stale one is a 409.")


def _incident_seen(incident_id, user):
    incident = Incident.objects.visible_to(user).select_related("property").filter(pk=incident_id).first()
    if incident is None:
        raise UnknownReference("incident")
    return incident
