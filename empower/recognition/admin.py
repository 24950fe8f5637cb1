"""Stories, thanks and improvements on the review desk: stories are chosen here, and work on causes begins and ends."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import DeskAdmin, LocalDepartmentFilter, VisibleFilter, moment, number, spoken_day
from empower.incidents.models import Category
from empower.staff.admin.verbs import AskForm, Verb, Verbs
from empower.staff.admin.writing import CommandForm, Writing
from empower.staff.models import Employee, Property
from empower.staff.permissions import manages, may_open_admin, sees_guests

from . import queries
from .models import Improvement, Story, Thanks
from .permissions import can_change_story, can_choose, can_withdraw_thanks, can_work_on
from .services import (
    change_improvement,
    choose_story,
    drop_improvement,
    finish_improvement,
    open_improvement,
    withdraw_story,
    withdraw_thanks,
)


def _opens(user):
    return may_open_admin(user) and sees_guests(user)


def _works(user):
    """Managers and leaders: an auditor reads."""
    return user.role in ("manager", "general_manager", "leader")


# --- stories -------------------------------------------------------------------------------------------------------


class DayForm(AskForm):
    told_on = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The line-up that tells it; today's if left empty."),
    )


CHOOSE = Verb(
    name="choose",
    label=gettext_lazy("Choose for the line-up"),
    question=gettext_lazy("Choose a story"),
    act=lambda actor, story, told_on, version=None: choose_story(
        actor=actor, story=story, told_on=told_on, version=version
    ),
    may=lambda user, story: story.status != "withdrawn" and can_choose(user, story),
    offered_to=_works,
    done=lambda story: _("chosen for %(day)s.") % {"day": spoken_day(story.told_on)},
    tells=lambda story: [(_("Story"), story.text), (_("Property"), story.property)],
    form=DayForm,
    keeps_version=True,
    most=1,
    is_main=True,
)
WITHDRAW = Verb(
    name="withdraw",
    label=gettext_lazy("Withdraw"),
    question=gettext_lazy("Withdraw stories"),
    act=lambda actor, story, version=None: withdraw_story(actor=actor, story=story, version=version),
    may=lambda user, story: story.status != "withdrawn" and can_change_story(user, story),
    offered_to=_works,
    done=lambda story: _("withdrawn."),
    tells=lambda story: [(_("Story"), story.text), (_("Property"), story.property)],
    keeps_version=True,
)


@admin.register(Story)
class StoryDesk(Verbs, DeskAdmin):
    api_list = "story-list"
    list_display = [number, "property", "status", "told_on", "words", moment("nominated_at", gettext_lazy("nominated"))]
    list_display_links = [number, "words"]
    list_filter = ["status", ("property", VisibleFilter)]
    search_fields = ["text"]
    verbs = [CHOOSE, WITHDRAW]
    readonly_fields = fields = [
        number, "incident", "property", "status", "text", "guest_agreed", "told_on",
        "nominated_by", moment("nominated_at", gettext_lazy("nominated")),
        "chosen_by", moment("chosen_at", gettext_lazy("chosen")),
        "withdrawn_by", moment("withdrawn_at", gettext_lazy("withdrawn")),
    ]  # fmt: skip

    def opens_to(self, user):
        return _opens(user)

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    def rows_for_verb(self, request, queryset):
        return queryset.with_details()

    @admin.display(description=gettext_lazy("story"))
    def words(self, story):
        return story.text[:80] or "-"


# --- thanks --------------------------------------------------------------------------------------------------------

TAKE_BACK = Verb(
    name="take_back",
    label=gettext_lazy("Take back"),
    question=gettext_lazy("Take cards back"),
    act=lambda actor, thanks: withdraw_thanks(actor=actor, thanks=thanks),
    may=lambda user, thanks: thanks.withdrawn_at is None and can_withdraw_thanks(user, thanks),
    offered_to=_works,
    done=lambda thanks: _("taken back; its words are emptied."),
    tells=lambda thanks: [(_("To"), thanks.receiver), (_("From"), thanks.given_by), (_("Text"), thanks.text)],
)


@admin.register(Thanks)
class ThanksDesk(Verbs, DeskAdmin):
    """By day alone: no list of who is thanked most."""

    api_list = "thanks-list"
    list_display = [number, "property", "receiver", "given_by", moment("given_at", gettext_lazy("written"))]
    list_filter = [("property", VisibleFilter)]
    search_fields = ["text"]
    verbs = [TAKE_BACK]
    readonly_fields = fields = [
        number, "incident", "property", "receiver", "given_by", "text", moment("given_at", gettext_lazy("written")),
        "withdrawn_by", moment("withdrawn_at", gettext_lazy("taken back")),
    ]  # fmt: skip

    def opens_to(self, user):
        return _opens(user)

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    def rows_for_verb(self, request, queryset):
        return queryset.with_details()


# --- improvements --------------------------------------------------------------------------------------------------


class OpenForm(CommandForm):
    class Meta:
        model = Improvement
        fields = ["property", "department", "category", "aim", "owner", "due_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        if "property" in self.fields and user.property_id:
            self.fields["property"].queryset = Property.objects.filter(pk=user.property_id)
            self.fields["property"].initial = user.property_id
        if "category" in self.fields:
            self.fields["category"].queryset = Category.objects.filter(is_active=True)
        if "owner" in self.fields:  # who may only read has no fields at all
            people = Employee.objects.visible_to(user).active().filter(is_service=False, is_superuser=False)
            self.fields["owner"].queryset = people.exclude(role="auditor")

    def carry_out(self, actor, data):
        return open_improvement(actor=actor, **data)


class ChangeForm(OpenForm):
    class Meta:
        model = Improvement
        fields = ["aim", "owner", "due_on"]

    def carry_out(self, actor, data):
        return change_improvement(actor=actor, improvement=self.instance, **self.changes(data))


class DoneForm(AskForm):
    what_was_done = forms.CharField(
        label=gettext_lazy("What was done"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what was done, in a few words.")},
    )


class DropForm(AskForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )


def _may_end(user, improvement):
    return improvement.status == "open" and can_work_on(user, improvement)


def _tells(improvement):
    return [(_("Cause"), improvement.category), (_("Aim"), improvement.aim), (_("Property"), improvement.property)]


DONE = Verb(
    name="done",
    label=gettext_lazy("It is done"),
    question=gettext_lazy("Work on a cause is done"),
    act=lambda actor, improvement, what_was_done, version=None: finish_improvement(
        actor=actor, improvement=improvement, what_was_done=what_was_done, version=version
    ),
    may=_may_end,
    offered_to=_works,
    done=lambda improvement: _("done; its effect is counted from now on."),
    tells=_tells,
    form=DoneForm,
    keeps_version=True,
    most=1,
    is_main=True,
)
DROP = Verb(
    name="drop",
    label=gettext_lazy("Drop"),
    question=gettext_lazy("Drop work on a cause"),
    act=lambda actor, improvement, reason, version=None: drop_improvement(
        actor=actor, improvement=improvement, reason=reason, version=version
    ),
    may=_may_end,
    offered_to=_works,
    done=lambda improvement: _("dropped."),
    tells=_tells,
    form=DropForm,
    keeps_version=True,
    most=1,
)


#: What is told of it, and was written by its verbs.
_READ = [
    "property", "department", "category", "status", moment("began_at", gettext_lazy("began")),
    moment("ended_at", gettext_lazy("ended")), "what_was_done", "before", "after",
]  # fmt: skip


@admin.register(Improvement)
class ImprovementDesk(Writing, Verbs, DeskAdmin):
    api_list = "improvement-list"
    form = ChangeForm
    list_display = [number, "category", "property", "department", "owner", "due_on", "status", "before", "after"]
    list_display_links = [number, "category"]
    list_filter = ["status", ("property", VisibleFilter), ("department", LocalDepartmentFilter)]
    search_fields = ["aim", "what_was_done"]
    verbs = [DONE, DROP]

    def opens_to(self, user):
        return _opens(user)

    def may_add(self, user):
        return _works(user) and (user.property_id is None or manages(user, user.property_id))

    def may_change(self, user, row):
        return _may_end(user, row)

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    def rows_for_verb(self, request, queryset):
        return queryset.with_details()

    def get_form(self, request, obj=None, change=False, **options):
        options["form"] = ChangeForm if obj else OpenForm
        return super().get_form(request, obj, change, **options)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": OpenForm.Meta.fields})]
        return [(None, {"fields": [*ChangeForm.Meta.fields, *_READ]})]

    def get_readonly_fields(self, request, obj=None):
        return _READ if obj else []

    @admin.display(description=gettext_lazy("before, per 30 days"))
    def before(self, improvement):
        return _said(queries.rate_before(improvement))

    @admin.display(description=gettext_lazy("after, per 30 days"))
    def after(self, improvement):
        return _said(queries.rate_after(improvement))


def _said(rate):
    """``4.3 (13 in 90 days)``: the figure with what it rests on."""
    if rate is None or rate.value is None:
        return "-"
    return _("%(value).1f (%(count)d in %(days).0f days)") % {
        "value": rate.value,
        "count": rate.numerator,
        "days": rate.denominator,
    }
