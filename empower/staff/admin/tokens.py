"""Tokens: each person makes their own, and the superuser those of service accounts; the superuser takes any back.

The secret is shown once, in the answer to the form, and kept nowhere.
"""

from django import forms
from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower import clock
from empower.desk import CheckboxesWidget, DeskAdmin, spoken_time

from .. import scopes as known_scopes
from ..models import ApiToken, Employee
from ..permissions import may_open_admin, sets_up
from ..services import issue_token, revoke_token
from .verbs import Verb, Verbs
from .writing import CommandForm, Writing


class TokenForm(CommandForm):
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service account"),
        queryset=Employee.objects.none(),
        required=False,
        empty_label=gettext_lazy("none: a token for myself"),
        help_text=gettext_lazy("Whose name the token signs with."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"),
        choices=[],
        widget=CheckboxesWidget,
        help_text=gettext_lazy("What the token may be used for: no more than it needs."),
    )

    class Meta:
        model = ApiToken
        fields = ["name", "scopes", "expires_at"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        # For a service account any; the command says which its role may not have.
        offered = known_scopes.ALL if sets_up(user) else known_scopes.may_have(user)
        self.fields["scopes"].choices = [(scope, f"{scope}: {known_scopes.SAYS[scope]}") for scope in offered]
        if sets_up(user):
            self.fields["service"].queryset = Employee.objects.visible_to(user).active().filter(is_service=True)
        else:
            del self.fields["service"]

    def carry_out(self, actor, data):
        employee = data.pop("service", None) or actor
        token, token.secret = issue_token(actor=actor, employee=employee, **data)
        return token


def _may_revoke(user, token):
    return token.revoked_at is None and (token.employee_id == user.pk or sets_up(user))


REVOKE = Verb(
    name="revoke",
    label=gettext_lazy("Take back"),
    question=gettext_lazy("Take tokens back"),
    act=lambda actor, token: revoke_token(actor=actor, token=token),
    may=_may_revoke,
    done=lambda token: _("taken back; what signs with it is turned away from now on."),
    tells=lambda token: [
        (_("Name"), token.name),
        (_("Person"), token.employee),
        (_("Last used"), spoken_time(token.last_used_at, "UTC")),
    ],
)


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("living", _("in use")), ("ended", _("ended or taken back"))]

    def queryset(self, request, queryset):
        if self.value() == "living":
            return queryset.alive()
        return queryset.ended() if self.value() == "ended" else queryset


@admin.register(ApiToken)
class TokenDesk(Writing, Verbs, DeskAdmin):
    api_list = "token-list"
    form = TokenForm
    list_display = ["name", "employee", "created", "expires", "last_used", "state"]
    list_filter = [StateFilter, "employee__is_service"]
    list_select_related = ["employee__property"]
    search_fields = ["name", "employee__name", "employee__username"]
    verbs = [REVOKE]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return bool(known_scopes.may_have(user))

    def get_fieldsets(self, request, obj=None):
        made = ["name", "employee", "scopes", "made_with", "created", "expires", "last_used", "state"]
        asked = ["name", "scopes", "expires_at"]
        return [(None, {"fields": made if obj else ["service", *asked] if sets_up(request.user) else asked})]

    def get_readonly_fields(self, request, obj=None):
        return ["employee", "made_with", "created", "expires", "last_used", "state"] if obj else []

    def rows_for_verb(self, request, queryset):
        return queryset.select_related("employee")

    def response_add(self, request, obj, post_url_continue=None):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Your token"),
            "token": obj,
            "secret": getattr(obj, "secret", None),
            "opts": self.opts,
        }
        response = TemplateResponse(request, "admin/staff/apitoken/issued.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.display(description=gettext_lazy("made"), ordering="created_at")
    def created(self, token):
        return _said(token.created_at, token)

    @admin.display(description=gettext_lazy("ends"), ordering="expires_at")
    def expires(self, token):
        return _said(token.expires_at, token)

    @admin.display(description=gettext_lazy("last used"), ordering="last_used_at")
    def last_used(self, token):
        return _said(token.last_used_at, token)

    @admin.display(description=gettext_lazy("state"))
    def state(self, token):
        if token.revoked_at:
            return _("taken back")
        return _("ended") if token.expires_at and token.expires_at <= clock.now() else _("in use")


def _said(moment, token):
    return spoken_time(moment, token.employee.property.timezone if token.employee.property_id else "UTC")
