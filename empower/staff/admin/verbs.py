"""Commands on rows that are there: an action that asks first, on a page of its own, with a reason.

Django's action posts the rows that were ticked (or the one whose page it was); the page lists what is about to be done
and asks; its form posts the same again with the answer. Each row is one command, and the page after says of each what
happened: one that is turned down keeps no other from being done, and nothing of it is half done.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.refusals import Refused

#: More than anybody looks through before saying yes.
MOST = 50
_CONFIRMED = "desk_confirmed"


class AskForm(forms.Form):
    """What a verb asks for beside a yes."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        # Not shown to this person before: the fields are given values by the rows (what was asked for).
        self.rows = kwargs.pop("rows", ())
        super().__init__(*args, **{"label_suffix": ""} | kwargs)


class ReasonForm(AskForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )

    def clean_reason(self):
        # Kept as it was written, and blanks are no reason.
        if not self.cleaned_data["reason"].strip():
            raise ValidationError(self.fields["reason"].error_messages["required"], code="required")
        return self.cleaned_data["reason"]


@dataclass(frozen=True)
class Verb:
    """One command of the desk.

    ``act(actor, row, **answers)`` calls the service; ``may(user, row)`` is its predicate, which shows and hides the
    button, no more; ``tells(row)`` gives the page's lines about a row as (label, value); ``done(row)`` is the sentence
    after, unless ``act`` returns one. ``keeps_version``: what is decided is what was shown.
    """

    name: str
    label: str
    question: str
    act: object
    may: object
    done: object
    tells: object = staticmethod(lambda row: [])
    form: type = AskForm
    offered_to: object = staticmethod(lambda user: True)
    keeps_version: bool = False
    most: int = MOST
    note: str = ""
    is_main: bool = False

    def respond(self, desk, request, queryset):
        """The page that asks, or None when it is done: Django then goes back to the list."""
        if not self.offered_to(request.user):
            raise PermissionDenied
        rows = list(desk.rows_for_verb(request, queryset)[: self.most + 1])
        if not rows:
            messages.warning(request, _("Nothing here to do this to any more."))
            return None
        if len(rows) > self.most:
            few = _("One at a time.") if self.most == 1 else _("At most %(most)s at a time.") % {"most": self.most}
            messages.warning(request, few)
            return None
        form = self.form(request.POST if _CONFIRMED in request.POST else None, rows=rows)
        if form.is_bound and form.is_valid() and self._carry_out(request, rows, form):
            return None
        return self._ask(desk, request, rows, form)

    def _carry_out(self, request, rows, form):
        for row in rows:
            answers = dict(form.cleaned_data)
            if self.keeps_version:
                shown = request.POST.get(f"version_{row.pk}", "")
                answers["version"] = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0
            try:
                said = self.act(request.user, row, **answers)
            except Refused as refusal:
                messages.error(request, f"{self.named(row)}: {refusal}")
            except ValidationError as error:
                if len(rows) == 1 and self._beside_the_field(form, error):
                    return False
                messages.error(request, f"{self.named(row)}: {' '.join(error.messages)}")
            else:
                messages.success(request, f"{self.named(row)}: {said if isinstance(said, str) else self.done(row)}")
        return True

    def _beside_the_field(self, form, error):
        for name, errors in (error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}).items():
            form.add_error(name if name in form.fields else None, errors)
        return True

    def _ask(self, desk, request, rows, form):
        told = [
            {
                "row": row,
                "name": self.named(row),
                "may": self.may(request.user, row),
                "lines": [(label, value) for label, value in self.tells(row) if value not in ("", None, "-")],
                "version": getattr(row, "version", None) if self.keeps_version else None,
            }
            for row in rows
        ]
        request.current_app = desk.admin_site.name
        return TemplateResponse(
            request,
            "admin/ask_first.html",
            {
                **desk.admin_site.each_context(request),
                "title": self.question,
                "verb": self,
                "told": told,
                "nobody_may": not any(one["may"] for one in told),
                "form": form,
                "opts": desk.opts,
                "media": desk.media,
                "checkbox_name": ACTION_CHECKBOX_NAME,
                "confirmed": _CONFIRMED,
                "changelist": f"admin:{desk.opts.app_label}_{desk.opts.model_name}_changelist",
            },
            status=400 if form.is_bound else 200,
        )

    @staticmethod
    def named(row):
        """``Request 12``: what a row is called in a message, which has no name in it."""
        return f"{row._meta.verbose_name.capitalize()} {row.pk}"


class Verbs:
    """For a page of the desk: ``verbs`` are offered on the list as actions, and on a row's page as buttons."""

    verbs = ()

    def rows_for_verb(self, request, queryset):
        """What the verb's page reads of each row, joined in."""
        return queryset

    def get_actions(self, request):
        return {
            verb.name: (self._action(verb), verb.name, verb.label)
            for verb in self.verbs
            if self.opens_to(request.user) and verb.offered_to(request.user)
        }

    @staticmethod
    def _action(verb):
        def action(desk, request, queryset):
            return verb.respond(desk, request, queryset)

        return action

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["desk_verbs"] = [
                verb for verb in self.verbs if verb.offered_to(request.user) and verb.may(request.user, obj)
            ]
            context["checkbox_name"] = ACTION_CHECKBOX_NAME
            context["desk_changelist"] = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return super().render_change_form(request, context, add, change, form_url, obj)
