from django.db import models
from django.db.models import Q


def of_ones_property(queryset, user, path="property"):
    """Rows of the property one works at, every row for who oversees all, none for the superuser: it sees no guest."""
    if not user.is_active or user.is_superuser or not user.role:
        return queryset.none()
    if user.sees_every_property:
        return queryset
    return queryset.filter(**{path: user.property_id})


class GuestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The guests of one's property; all for leaders and auditors; none for the superuser."""
        return of_ones_property(self, user)

    def standing(self):
        """Records that were not merged into another."""
        return self.filter(merged_into=None)


class IncidentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The incidents of one's property; all for leaders and auditors; none for the superuser."""
        return of_ones_property(self, user)

    def not_void(self):
        return self.exclude(status="void")

    def of_guest(self, guest):
        """Incidents that touched this guest, under any of the records merged into one."""
        root = guest.merged_into_id or guest.pk
        return self.filter(Q(incident_guests__guest=root) | Q(incident_guests__guest__merged_into=root)).distinct()

    def with_details(self):
        """Incidents as lists and pages show them: three queries, however many rows."""
        return self.select_related(
            "property", "department", "touchpoint", "category", "owner", "recorded_by"
        ).prefetch_related("incident_guests__guest")


class IncidentGuestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The guests on the incidents of one's property."""
        return of_ones_property(self, user, "incident__property")


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Contacts after the resolution, on the incidents of one's property."""
        return of_ones_property(self, user, "incident__property")


class PhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The pictures on the incidents of one's property."""
        return of_ones_property(self, user, "incident__property")

    def standing(self):
        """Those that were neither erased nor taken down."""
        return self.filter(picture__isnull=False)

    def without_pictures(self):
        """The rows as a list needs them: a picture is read where it is shown, and nowhere else."""
        return self.defer("picture", "thumbnail")
