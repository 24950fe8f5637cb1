"""How properties, departments, people and tokens are told. References go by their codes, ids are strings."""

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower import clock
from empower.audit.permissions import can_read_the_whole_log
from empower.wire import Code, CodeOf, Id, Moment, Strict, Text

from . import permissions
from .models import Employee, Property
from .scopes import ALL
from .services.room_nights import MOST_ROOMS


class PropertySerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    timezone = serializers.CharField()
    opened_at = Moment()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")


class DepartmentSerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    property = CodeOf()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")


class EmployeeSerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    property = CodeOf()
    department = CodeOf()
    joined_on = serializers.DateField(allow_null=True)
    is_active = serializers.BooleanField()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")
    is_service = serializers.BooleanField(
        help_text="Whether this is another system's account: it signs with tokens alone and decides nothing."
    )


class MeSerializer(EmployeeSerializer):
    """Oneself: the role, the place, and what both allow."""

    email = serializers.CharField()
    language = serializers.CharField()
    currency = serializers.SerializerMethodField()
    timezone = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField()

    def get_currency(self, employee) -> str | None:
        return employee.property and employee.property.currency

    def get_timezone(self, employee) -> str | None:
        return employee.property and employee.property.timezone

    def get_may(self, employee) -> list[str]:
        allowed = {
            "give": permissions.acts_at(employee, employee.property_id),
            "decide": permissions.manages(employee, employee.property_id),
            "read_audit_log": can_read_the_whole_log(employee),
            "set_up": permissions.sets_up(employee),
        }
        return [what for what, may in allowed.items() if may]

    def get_scopes(self, employee) -> list[str]:
        return self.context["scopes"]


class TokenSerializer(serializers.Serializer):
    """A token, without its secret: that is told once, under ``secret``, to whoever made it, and kept nowhere."""

    id = Id(help_text="The token's id: what it is taken back by. It is no part of the secret.")
    name = serializers.CharField(help_text="What the token is for, in its maker's words.")
    employee = CodeOf(help_text="The code of the person, or service account, in whose name it acts.")
    scopes = serializers.ListField(
        child=serializers.CharField(), help_text="What it may be used for, such as `incidents:write`."
    )
    state = serializers.SerializerMethodField(help_text="`living`, `ended` (its time is over) or `revoked`.")
    created_at = Moment(help_text="When it was made.")
    expires_at = Moment(allow_null=True, help_text="When it ends by itself; null: never.")
    last_used_at = Moment(allow_null=True, help_text="When it last signed a request, to a minute; null: never yet.")
    revoked_at = Moment(allow_null=True, help_text="When it was taken back; null: it was not.")
    made_with = Id(
        source="made_with_id", allow_null=True, help_text="The token that signed for it; null: a person made it."
    )

    def get_state(self, token) -> str:
        if token.revoked_at:
            return "revoked"
        return "ended" if token.expires_at and token.expires_at <= clock.now() else "living"


class MadeTokenSerializer(TokenSerializer):
    """A token just made. The door writes the secret in after the answer was kept for retries."""

    secret = serializers.SerializerMethodField(
        help_text="What to send as `Authorization: Bearer <secret>`. Told this once; null in the answer to a retry."
    )

    def get_secret(self, _token) -> str | None:
        return None


class NewToken(Strict):
    """A token to make."""

    name = Text(max_length=100, allow_blank=False, help_text="What it is for: `till of the bar`.")
    scopes = serializers.ListField(
        child=Text(max_length=64),
        required=False,
        max_length=100,
        help_text=f"No more than it needs, of: {', '.join(ALL)}. Left out: all that the person (and the token that "
        "signs this) may have.",
    )
    expires_at = Moment(
        required=False, help_text="When it ends by itself. Left out: never, or with the token that signs."
    )
    employee = Code(
        required=False, help_text="The code of a service account, for the administrator; left out: oneself."
    )

    def look_up(self, facts, errors):
        user = self.context["request"].user
        code = facts.get("employee")
        facts["employee"] = user
        if code is not None:
            facts["employee"] = Employee.objects.visible_to(user).filter(code=code).first()
            if facts["employee"] is None:
                message = _("“%(code)s” is no code here.") % {"code": code}
                errors["employee"] = [exceptions.ErrorDetail(message, "does_not_exist")]


class RoomNightsSerializer(serializers.Serializer):
    """How many rooms of a property were occupied in a night."""

    id = Id()
    property = CodeOf()
    day = serializers.DateField(help_text="The property's local day on which the night began.")
    occupied = serializers.IntegerField(help_text="Occupied rooms, those that were given for nothing too.")
    reported_by = CodeOf(help_text="The code of who reported it, or of the system's account; null: nobody's.")
    reported_at = Moment(help_text="When it was reported, or last corrected.")


class MadeRoomNights(serializers.Serializer):
    """A night that was reported, in the answer to many."""

    id = Id()
    property = CodeOf()
    day = serializers.DateField(help_text="The property's local day on which the night began.")
    occupied = serializers.IntegerField(help_text="Occupied rooms, as they now stand.")


class NewRoomNights(Strict):
    """A night to report, or to correct."""

    property = Code(help_text="The code of the property.")
    day = serializers.DateField(help_text="The property's local day on which the night began, today at the latest.")
    occupied = serializers.IntegerField(
        min_value=0, max_value=MOST_ROOMS, help_text="Occupied rooms, those that were given for nothing too."
    )

    def look_up(self, facts, errors):
        if "property" not in facts:
            return
        user = self.context["request"].user
        facts["property"] = Property.objects.visible_to(user).filter(code=facts["property"]).first()
        if facts["property"] is None:
            errors["property"] = [exceptions.ErrorDetail(_("No such code."), "does_not_exist")]


class NothingToSay(Strict):
    """A verb that needs no words."""
