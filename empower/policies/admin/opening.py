"""Opening a property: it stands below, but its first rule is made with it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from empower.staff.admin.places import PropertyDesk
from empower.staff.admin.writing import AmountField, CommandForm, Writing, read_amounts
from empower.staff.models import Property
from empower.staff.permissions import sets_up

from ..services import open_property


class OpenForm(CommandForm):
    limit = AmountField(
        label=_("Limit"),
        required=False,
        help_text=_(
            "What everybody may give a guest on an incident without asking. Empty: a round figure for the currency."
        ),
    )

    class Meta:
        model = Property
        fields = ["name", "code", "currency", "timezone"]

    def clean(self):
        read_amounts(self, ["limit"], self.cleaned_data.get("currency"))
        return self.cleaned_data

    def carry_out(self, actor, data):
        return open_property(actor=actor, **data)


@admin.register(Property)
class OpeningPropertyDesk(Writing, PropertyDesk):
    form = OpenForm

    def may_add(self, user):
        return sets_up(user)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["name", "code", "currency", "timezone", "limit"]})]
        return super().get_fieldsets(request, obj)
