"""By what a list is narrowed: only what the person may see is offered."""

from django.contrib import admin


def visible(model, user):
    """The rows of ``model`` that this person may see; all of them where the model says nothing (a catalogue)."""
    rows = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


class VisibleFilter(admin.RelatedFieldListFilter):
    """By what a row belongs to; offers what this person may see, and nothing where that is one."""

    def field_choices(self, field, request, model_admin):
        return [(row.pk, str(row)) for row in self.rows(field.remote_field.model, request)]

    def rows(self, model, request):
        return visible(model, request.user)


class LocalDepartmentFilter(VisibleFilter):
    """The departments of one's property, or of the one that is chosen: those of every property would be no choice."""

    def rows(self, model, request):
        chosen = request.GET.get("property__id__exact") or request.user.property_id
        rows = super().rows(model, request)
        return (
            rows.filter(property=int(chosen))
            if str(chosen or "").isdecimal() and len(str(chosen)) < 19
            else rows.none()
        )
