"""How properties, departments and people are told. References go by their codes, ids are strings."""

from rest_framework import serializers

from empower.audit.permissions import can_read_the_whole_log
from empower.wire import CodeOf, Id, Moment

from . import permissions


class PropertySerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    timezone = serializers.CharField()
    opened_at = Moment()


class DepartmentSerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    property = CodeOf()


class EmployeeSerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    property = CodeOf()
    department = CodeOf()
    joined_on = serializers.DateField()
    is_active = serializers.BooleanField()


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
