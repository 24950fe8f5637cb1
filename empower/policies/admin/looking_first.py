"""Before a version is written: what it changes, for whom and from when; then a yes, or back to the form."""

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from empower.desk import spoken_money, spoken_time
from empower.money import to_text
from empower.staff.models import Role
from empower.texts import together

from ..models import Policy
from ..queries.changes import preview_of

#: What a form of the preview says beside the rule: yes, or that something is still to be changed.
CONFIRMED, EDIT = "desk_confirmed", "desk_edit"
#: Lines that are shown; of a whole group there may be more.
MOST_LINES = 100
_SUMS = ["limit", "manager_up_to", "general_manager_up_to"]
_ALSO = [
    "scope", "cap", "second_failure_limit", "answer_within_minutes", "expires_after_minutes", "budget_asks",
]  # fmt: skip


class LookFirst:
    """For the page of the rules: the form leads here, and what is written is what was looked at."""

    def under_way(self, preview):
        """What is under way and would feel it; nothing is known of that down here."""

    def add_view(self, request, form_url="", extra_context=None):
        if request.method == "POST" and self.has_add_permission(request):
            if EDIT in request.POST:
                request.method = "GET"  # the form again, with what was sent in it
            elif CONFIRMED not in request.POST:
                form = self.get_form(request)(request.POST)
                if form.is_valid():
                    return self._look_first(request, form.instance)
        return super().add_view(request, form_url, extra_context)

    def as_it_was_sent(self, request):
        form = self.get_form(request)(request.POST)
        return {name: form[name].value() for name in form.fields if name != "once"}

    def _look_first(self, request, draft):
        preview = preview_of(draft)
        apart = {"csrfmiddlewaretoken", CONFIRMED, EDIT}
        context = {
            "title": _("What changes, and for whom"),
            "opts": self.opts,
            "draft": draft,
            "at": spoken_time(preview.at, _zone(draft)),
            "until": draft.effective_until and spoken_time(draft.effective_until, _zone(draft)),
            "lines": [_line(change, draft.currency) for change in preview.changes[:MOST_LINES]],
            "more": max(0, len(preview.changes) - MOST_LINES),
            "also": _also(draft),
            "overtaken": [
                (version, spoken_time(version.effective_from, _zone(version))) for version in preview.overtaken
            ],
            "under_way": self.under_way(preview),
            "try_first": next((link for _words, link in tries_on_history(request.user, draft)), ""),
            "sent": [(name, value) for name, values in request.POST.lists() if name not in apart for value in values],
            "confirmed": CONFIRMED,
            "edit": EDIT,
            "changelist": f"admin:{self.address}_changelist",
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "policies/desk_changes.html", self.admin_site.each_context(request) | context)


def tries_on_history(user, policy):
    """[(words, address)] of the page on which this rule is tried on what happened; [] for whom it is not there.

    The administrator sets up and tries nothing. Of a rule of the whole group, managers try it at their own property.
    """
    if user.is_superuser or user.rank == 0 or not user.role:
        return []
    place = policy.property.code if policy.property else f"*{policy.currency}"
    if not user.sees_every_property:
        place = ""
    told = {"property": place, "department": policy.department_id, "role": policy.role, "scope_1": policy.scope}
    told["answer_within_minutes_1"] = policy.answer_within_minutes
    for name in (*_SUMS, "cap"):
        value = getattr(policy, name)
        told[f"{name}_1"] = None if value is None else to_text(value, policy.currency)
    asked = urlencode({name: value for name, value in told.items() if value})
    return [(_("Try it first on what happened"), f"{reverse('insights:new_trial')}?{asked}")]


def _zone(policy):
    return policy.property.timezone if policy.property_id else "UTC"


def _line(change, currency):
    """One change in words: ``sums`` are (name, before, after, whether it changes)."""

    def said(policy, name):
        return spoken_money(getattr(policy, name), currency) if policy else _("no rule")

    names = [_("Limit"), _("A manager decides up to"), _("A general manager decides up to")]
    return {
        "property": change.property,
        "departments": together(change.departments),
        "roles": together(Role(role).label for role in change.roles),
        "people": change.people,
        "before": change.before,
        "sums": [
            (
                title,
                said(change.before, name),
                said(change.after, name),
                said(change.before, name) != said(change.after, name),
            )
            for title, name in zip(names, _SUMS, strict=True)
        ],
    }


def _also(draft):
    """What else is other than in the version before: (name, before, after)."""
    last = Policy.objects.filter(code=draft.code).order_by("-version").first()
    if last is None:
        return []
    return [
        (Policy._meta.get_field(name).verbose_name, before, after)
        for name in _ALSO
        if (before := _said(last, name)) != (after := _said(draft, name))
    ]


def _said(policy, name):
    if name in ("cap", "second_failure_limit"):
        return spoken_money(getattr(policy, name), policy.currency)
    if name == "scope":
        return str(policy.get_scope_display())
    if name == "budget_asks":
        return _("yes") if policy.budget_asks else _("no")
    return _("%(minutes)s min") % {"minutes": getattr(policy, name)}
