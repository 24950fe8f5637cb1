"""What a request may say of incidents and guests, and the rows behind its codes and ids."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower.problems import Problem
from empower.staff.models import Department, Employee, Property
from empower.wire import Code, Id, Moment, Strict, Text

from ..models import Category, FollowUp, Guest, GuestKind, IncidentKind, Outcome, Touchpoint
from ..services import read_picture
from ..services.pictures import LARGEST, too_large


def feeling(**options):
    """A feeling, 0 to 10."""
    return serializers.IntegerField(
        **{"required": False, "allow_null": True, "min_value": 0, "max_value": 10} | options
    )


class GuestFacts(Strict):
    name = Text(allow_blank=False, max_length=200)
    room = Text(required=False, max_length=20)
    arrival = serializers.DateField(required=False, allow_null=True)
    departure = serializers.DateField(required=False, allow_null=True)


class GuestOfNewIncident(GuestFacts):
    """A colleague is named by ``colleague`` and needs no name of their own."""

    name = Text(required=False, allow_blank=False, max_length=200)
    kind = serializers.ChoiceField(GuestKind.choices, required=False)
    colleague = Code(required=False)
    feeling_before = feeling()

    def look_up(self, facts, errors):
        if "colleague" in facts:
            facts["colleague"] = found(Employee, "colleague", facts["colleague"], errors)


class NewGuest(GuestOfNewIncident):
    property = Code(required=False)
    feeling_before = None

    def look_up(self, facts, errors):
        super().look_up(facts, errors)
        if "property" not in errors:
            facts["property"] = property_named(facts.get("property"), self.context["request"].user, errors)
        facts.setdefault("name", "")


class GuestNamed(serializers.Field):
    """A guest by id, or the facts of one to make."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            return GuestOfNewIncident(context=self.context).run_validation(data)
        return Id().run_validation(data)


class AnotherGuest(GuestOfNewIncident):
    """One more on an incident: ``id`` alone, or the facts of a guest to make."""

    id = Id(required=False)

    def look_up(self, facts, errors):
        super().look_up(facts, errors)
        if "id" not in facts:
            return
        if len(facts) > 1:
            message = _("Give the id alone, or the facts without one.")
            errors["id"] = [exceptions.ErrorDetail(message, "invalid")]
        facts["id"] = guest_seen(facts["id"], "id", self.context["request"].user, errors)

    def validate(self, facts):
        return {"guest": facts.get("id", facts)}


class OtherRecord(Strict):
    """The id of the record that gives way."""

    merged = Id()

    def look_up(self, said, errors):
        if "merged" in said:
            said["merged"] = guest_seen(said["merged"], "merged", self.context["request"].user, errors)


class IncidentFacts(Strict):
    """What is said of an incident, and may be changed."""

    kind = serializers.ChoiceField(IncidentKind.choices, required=False)
    department = Code(required=False, allow_null=True)
    touchpoint = Code(required=False, allow_null=True)
    category = Code(required=False, allow_null=True)
    severity = serializers.IntegerField(required=False, min_value=1, max_value=5)
    owner = Code(required=False, allow_null=True)
    narrative = Text(required=False)
    occurred_at = Moment(required=False)
    reported_at = Moment(required=False)

    def named(self, facts, property, errors):
        """The rows behind the codes; a department is one of the property's, and asks for none where that is not known."""
        if facts.get("department") is not None and property is not None:
            facts["department"] = found(Department, "department", facts["department"], errors, property=property)
        for name, model in (("touchpoint", Touchpoint), ("category", Category), ("owner", Employee)):
            if facts.get(name) is not None:
                facts[name] = found(model, name, facts[name], errors)
        return facts


class NewIncident(IncidentFacts):
    property = Code(required=False)
    guests = serializers.ListField(child=GuestNamed(), allow_empty=False, max_length=100)
    feeling_before = feeling()

    def look_up(self, facts, errors):
        user = self.context["request"].user
        if "property" not in errors:
            facts["property"] = property_named(facts.get("property"), user, errors)
        self.named(facts, facts.get("property"), errors)
        guests = facts.get("guests", [])
        ids = {one for one in guests if isinstance(one, int)}
        known = Guest.objects.visible_to(user).in_bulk(ids) if ids else {}
        for place, one in enumerate(guests):
            if isinstance(one, int) and one not in known:
                message = _("There is no such guest here.")
                errors[f"guests.{place}"] = [exceptions.ErrorDetail(message, "does_not_exist")]
        facts["guests"] = [known.get(one) if isinstance(one, int) else one for one in guests]


class OutcomeOfGuest(Strict):
    id = Id()
    outcome = serializers.ChoiceField(Outcome.choices, required=False)
    feeling_after = feeling()


class FactsOfGuest(OutcomeOfGuest):
    feeling_before = feeling()


class IncidentChange(IncidentFacts):
    """For PATCH: only what is named changes. The property comes with the context."""

    feeling_before = feeling()
    feeling_after = feeling()
    outcome = serializers.ChoiceField(Outcome.choices, required=False)
    guests = serializers.ListField(child=FactsOfGuest(), required=False, allow_empty=False, max_length=1000)

    def look_up(self, facts, errors):
        self.named(facts, self.context["incident"].property, errors)


class HowItEnded(Strict):
    """For all its guests, or for each."""

    outcome = serializers.ChoiceField(Outcome.choices, required=False)
    feeling_after = feeling()
    guests = serializers.ListField(child=OutcomeOfGuest(), required=False, allow_empty=False, max_length=1000)


class Nothing(Strict):
    """A verb that needs no words."""


class WhyReopened(Strict):
    reason = Text(required=False)


class WhyVoided(Strict):
    reason = Text()


class NewFollowUp(Strict):
    guest = Id(required=False)
    channel = serializers.ChoiceField(FollowUp.Channel.choices, required=False)
    contacted_at = Moment(required=False)
    note = Text(required=False)


def property_named(code, user, errors):
    """The property of this code, one's own where none is named. That there is a house by a name is no secret."""
    if code is None:
        if user.property is None:
            errors["property"] = [exceptions.ErrorDetail(_("Say at which property: its code."), "required")]
        return user.property
    return found(Property, "property", code, errors)


def found(model, field, code, errors, **where):
    """The row with this code, or None and an error under the field's name. One query."""
    row = model._default_manager.filter(code=code, **where).first()
    if row is None:
        message = _("“%(code)s” is no code here.") % {"code": code}
        errors[field] = [exceptions.ErrorDetail(message, "does_not_exist")]
    return row


def guest_seen(guest_id, field, user, errors):
    """The guest of this id, if this person sees them; else None and an error under the field's name."""
    guest = Guest.objects.visible_to(user).filter(pk=guest_id).first()
    if guest is None:
        message = _("There is no such guest here.")
        errors[field] = [exceptions.ErrorDetail(message, "does_not_exist")]
    return guest


def guest_named(guest_id, incident):
    """The record of this id on the incident, or the one guest where there is no doubt; None, and the service says why."""
    guests = [place.guest for place in incident.incident_guests.all()]
    if guest_id is None:
        return guests[0] if len(guests) == 1 else None
    return next((guest for guest in guests if guest.pk == guest_id), None)


class PictureSent(serializers.FileField):
    """A file of the form; cleans to a `Picture` of ours, drawn anew. One that is too large is a 413."""

    def to_internal_value(self, data):
        if not isinstance(data, UploadedFile):
            self.fail("invalid")
        if data.size > LARGEST:
            raise Problem(413, "too_large", too_large(), field=self.field_name)
        try:
            return read_picture(data.read(LARGEST + 1), self.field_name)
        except ValidationError as refused:
            raise ValidationError(refused.error_dict[self.field_name]) from None


class NewPhoto(Strict):
    photo = PictureSent(help_text="The photo: JPEG, PNG or WebP, 12 MB and 40 megapixels at most.")

    def look_up(self, said, errors):
        # The body of a form that has nothing in it is a plain dict.
        if hasattr(self.initial_data, "getlist") and len(self.initial_data.getlist("photo")) > 1:
            errors["photo"] = [exceptions.ErrorDetail(_("Given twice."), "twice")]
