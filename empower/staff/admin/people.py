"""People: read by their managers, and told of it; hired and changed by the superuser."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import DeskAdmin, LocalDepartmentFilter, PasswordWidget, VisibleFilter

from ..models import Employee
from ..permissions import may_open_admin, sets_up
from ..services import change_employee, hire_employee, note_record_opened, set_password
from .verbs import AskForm, Verb, Verbs
from .writing import CommandForm, Writing

_SHOWN = ["name", "email", "role", "property", "department", "joined_on"]


class HireForm(CommandForm):
    password = forms.CharField(
        required=False,
        strip=False,
        widget=PasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Without one this person can't sign in."),
    )

    class Meta:
        model = Employee
        fields = ["username", "code", *_SHOWN, "is_service"]

    def carry_out(self, actor, data):
        return hire_employee(actor=actor, **data | {"password": data["password"] or None})


class ChangeForm(CommandForm):
    class Meta:
        model = Employee
        fields = [*_SHOWN, "is_active"]

    def carry_out(self, actor, data):
        # The instance carries nothing of the form: the service reads the row anew and compares.
        return change_employee(actor=actor, employee=self.instance, **self.changes(data))


class PasswordForm(AskForm):
    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def _tells(employee):
    return [
        (_("Username"), employee.username),
        (_("Role"), employee.get_role_display()),
        (_("Property"), employee.property),
    ]


SET_PASSWORD = Verb(
    name="set_password",
    label=gettext_lazy("Set a new password"),
    question=gettext_lazy("Set a new password"),
    act=lambda actor, employee, password: set_password(actor=actor, employee=employee, password=password),
    may=lambda user, employee: sets_up(user),
    offered_to=sets_up,
    done=lambda employee: _("the new password holds from now on."),
    tells=_tells,
    form=PasswordForm,
    most=1,
    note=gettext_lazy(
        "Tell it to the person yourself, and ask them to choose their own. They can read that you set it."
    ),
)


@admin.register(Employee)
class EmployeeDesk(Writing, Verbs, DeskAdmin):
    api_list = "employee-list"
    form = ChangeForm
    list_display = ["name", "code", "role", "property", "department", "is_active"]
    list_filter = [
        "role",
        "is_active",
        "is_service",
        ("property", VisibleFilter),
        ("department", LocalDepartmentFilter),
    ]
    list_select_related = ["property", "department"]
    search_fields = ["name", "username", "code"]
    verbs = [SET_PASSWORD]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return sets_up(user)

    def may_change(self, user, row):
        return sets_up(user)

    def get_form(self, request, obj=None, change=False, **options):
        options["form"] = ChangeForm if obj else HireForm
        return super().get_form(request, obj, change, **options)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["username", "code", *_SHOWN, "password", "is_service"]})]
        fields = ["username", "code", *_SHOWN, "is_active", "is_service"]
        return [(None, {"fields": [*fields, "what_they_gave"] if _reads_spends(request.user) else fields})]

    def get_readonly_fields(self, request, obj=None):
        return ["username", "code", "is_service", "what_they_gave"] if obj else []

    def tell_who_was_looked_up(self, request, changelist):
        # As by the API: words that leave one person were a question about them.
        if changelist.query and changelist.result_count == 1:
            note_record_opened(actor=request.user, employee=changelist.result_list[0], how="filtered:employees")

    @admin.display(description=gettext_lazy("what they gave"))
    def what_they_gave(self, employee):
        where = reverse("admin:spending_spend_changelist")
        return format_html('<a href="{}?employee={}">{}</a>', where, employee.pk, _("Look through it"))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            note_record_opened(actor=request.user, employee=obj, how="opened")
        return super().render_change_form(request, context, add, change, form_url, obj)


def _reads_spends(user):
    return not user.is_superuser
