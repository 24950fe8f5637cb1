from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Q

from empower import clock


class PropertyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person's own property; every one for leaders, auditors and the superuser."""
        if not user.is_active:
            return self.none()
        if user.sees_every_property or user.is_superuser:
            return self
        return self.filter(pk=user.property_id)


class OfPropertiesSeen(models.QuerySet):
    """Rows of a ``property`` that are for whoever sees it."""

    def visible_to(self, user):
        """Those of one's own property; of every one for leaders, auditors and the superuser."""
        if not user.is_active:
            return self.none()
        if user.sees_every_property or user.is_superuser:
            return self
        return self.filter(property=user.property_id)


class DepartmentQuerySet(OfPropertiesSeen):
    pass


class RoomNightsQuerySet(OfPropertiesSeen):
    def with_details(self):
        """As lists and pages show them: one query."""
        return self.select_related("property", "reported_by")


class EmployeeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues of one's property; everybody for leaders, auditors and the superuser; always oneself."""
        if not user.is_active:
            return self.none()
        people = self.exclude(username=SYSTEM)
        if user.sees_every_property or user.is_superuser:
            return people
        colleagues = Q(pk=user.pk)
        if user.property_id:
            colleagues |= Q(property=user.property_id)
        return people.filter(colleagues)

    def active(self):
        return self.filter(is_active=True)

    def deciding_for(self, property_id):
        """Those whose role decides something at a property: its managers and general managers, and every leader.

        No service account: a person decides.
        """
        here = Q(property=property_id, role__in=["manager", "general_manager"])
        return self.active().filter(here | Q(role="leader"), is_superuser=False, is_service=False)


SYSTEM = "system"


class EmployeeManager(BaseUserManager.from_queryset(EmployeeQuerySet)):
    def get_by_natural_key(self, username):
        return self.get(username=username)


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own tokens; every one for the superuser."""
        return self if user.is_superuser else self.filter(employee=user)

    def alive(self, at=None):
        return self.filter(self._living(at))

    def ended(self, at=None):
        """Taken back, or past their moment."""
        return self.exclude(self._living(at))

    @staticmethod
    def _living(at):
        return Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=at or clock.now()))


class IdempotencyKeyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and nobody else's: an answer kept for one person is never another's."""
        return self.filter(employee=user)


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and what others of one's property shared; those who oversee every property share among themselves."""
        if not user.is_active:
            return self.none()
        theirs = Q(property=user.property_id) if user.property_id else Q(property=None, owner__is_superuser=False)
        return self.filter(Q(owner=user) | (Q(is_shared=True) & theirs))
