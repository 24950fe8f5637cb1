"""What every form of the house has: the look's widgets, errors beside their field, and a key so that it counts once."""

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.refusals import Refused

from . import scopes as known_scopes
from .services import find_answer, fingerprint, run_once


class HouseForm(forms.Form):
    """A form in the look. ``status`` is that of the page that shows it again: 400, or what the refusal says."""

    use_required_attribute = False
    status = 400
    refusal = None

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if getattr(field, "empty_label", None) == "---------":
                field.empty_label = _("not said")
            widget = field.widget
            if isinstance(widget, forms.Select):
                widget.attrs.setdefault("class", "select")
            elif isinstance(widget, forms.TextInput | forms.Textarea | forms.DateInput):
                widget.attrs.setdefault("class", "input")
            if isinstance(widget, forms.Textarea):
                widget.attrs.setdefault("placeholder", " ")  # the sheet can tell by it that nothing is written yet

    def turn_down(self, error):
        """Show a refusal or a service's ValidationError beside the field it speaks of; keep what was typed."""
        if isinstance(error, Refused):
            self.status, self.refusal = error.status, error
            self.add_error(error.field if error.field in self.fields else None, str(error))
            return
        by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        for name, errors in by_field.items():
            self.add_error(name if name in self.fields else None, errors)


class OnceForm(HouseForm):
    """A form whose command has one effect, however often it is sent: a double tap, a reload, a lost answer."""

    once = forms.CharField(
        max_length=64, widget=forms.HiddenInput, error_messages={"required": _("Load the page again.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = lambda: str(uuid4())
        self.fields["once"].widget.attrs["id"] = ""
        self.was_sent_before = False

    def carry_out(self, request, act, *, object_type):
        """``act(cleaned_data)`` once, for this person and this form. The id of the row it returned, or None.

        None: what is wrong stands in the form. ``was_sent_before`` tells that the effect is an earlier one.
        """
        if not self.is_valid():
            return None

        def do():
            row = act(self.cleaned_data)
            return 200, {"id": str(row.pk)}, object_type, row.pk

        try:
            _status, answer, self.was_sent_before = run_once(
                employee=request.user, key=self.cleaned_data["once"], fingerprint=self._fingerprint(request), do=do
            )
        except Refused as refusal:
            if refusal.code == "key_reused":
                self._ask_again(refusal)
            else:
                self.turn_down(refusal)
            return None
        except ValidationError as error:
            self.turn_down(error)
            return None
        return int(answer["id"])

    def done_before(self, request):
        """The id of what this very sending did when it came the first time, or None. One query.

        For a door that is about to turn it down: what was left has been used up by the first one itself, or the world
        has moved on since. Asked after the form was judged: what the judgement saw of the first one, this sees too.
        """
        key = self.data.get(self.add_prefix("once"), "")
        known = find_answer(employee=request.user, key=key, fingerprint=self._fingerprint(request))
        self.was_sent_before = known is not None
        return known and int(known["id"])

    def _fingerprint(self, request):
        apart = {"csrfmiddlewaretoken", self.add_prefix("once")}
        sent = sorted((name, values) for name, values in request.POST.lists() if name not in apart)
        files = sorted((name, [_digest(file) for file in files]) for name, files in request.FILES.lists())
        return fingerprint(request.method, request.path, repr(sent + files).encode())

    def _ask_again(self, refusal):
        # Somebody went back in the browser, changed an answer and sent it again: perhaps meant, perhaps not.
        self.data = self.data.copy()
        self.data[self.add_prefix("once")] = str(uuid4())
        self.status, self.refusal = refusal.status, refusal
        self.add_error(
            None,
            _(
                "This page was sent before, with other answers, and that one counts. To do this one as well, send it again."
            ),
        )


def _digest(file):
    file.seek(0)
    digest = sha256()
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()


class ReasonForm(OnceForm):
    """A verb that wants a reason."""

    reason = forms.CharField(
        label=_("Reason"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in a few words.")},
    )


class TokenForm(OnceForm):
    """A token for oneself: what it is for, what it may do, how long it lives."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A name by which you know it again: “till of the bar”."),
        max_length=100,
        strip=False,
        error_messages={"required": _("Give it a name.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        help_text=_("No more than it needs: whoever has it can do this in your name."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one thing that it may do.")},
    )
    lasts = forms.TypedChoiceField(
        label=_("How long?"),
        choices=[
            ("7", _("a week")),
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("a year")),
            ("", _("until it is taken back")),
        ],
        initial="90",
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *args, employee, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, known_scopes.SAYS[scope]) for scope in known_scopes.may_have(employee)]

    def wish(self, answers):
        """What `issue_token` takes."""
        days = answers["lasts"]
        expires_at = None if days is None else clock.now() + timedelta(days=days)
        return {"name": answers["name"], "scopes": answers["scopes"], "expires_at": expires_at}
