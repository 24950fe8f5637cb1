"""What a decider says to a request, and what the employee says back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from empower.staff.forms import OnceForm

from .amounts import AmountField

YES, LESS, NO, ASK, CONFIRM, DENY = "yes", "less", "no", "ask", "confirm", "deny"

#: Words to begin with, for each answer, as they are stored (`shipped.ANSWERS`). Whoever has more to say writes it.
QUICK_WORDS = {
    YES: ["Yes, go ahead.", "It puts it right. Thank you for asking.", "As in similar cases."],
    LESS: ["It covers what went wrong.", "As in similar cases."],
    NO: ["Similar cases were put right with less.", "Something else fits better: let us talk."],
    ASK: ["What would put it right for the guest?", "Is the guest still in house?"],
    CONFIRM: ["Yes, that was me."],
    DENY: ["I was not asked about this."],
}


class AnswerForm(OnceForm):
    """One of the answers, its reason, and the version of the request that was on the screen."""

    answer = forms.ChoiceField(
        choices=[(one, one) for one in QUICK_WORDS], error_messages={"required": _("Choose an answer.")}
    )
    amount = AmountField(required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2, "class": "input"})
    )
    quick = forms.CharField(required=False, strip=False)
    version = forms.IntegerField(required=False)

    def __init__(self, *args, currency, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].currency = currency

    def clean(self):
        data = super().clean()
        reason = data.get("reason") or ""
        data["reason"] = reason if reason.strip() else (data.get("quick") or "")
        if data.get("answer") == LESS and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Say how much."))
        if not data["reason"].strip():
            self.add_error("reason", _("Say why, in a few words: the other person reads it."))
        return data


class ReplyForm(OnceForm):
    """The employee's answer to a question."""

    reply = forms.CharField(
        label=_("Your answer"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
        error_messages={"required": _("Write your answer: the clock goes on when you send it.")},
    )
    version = forms.IntegerField(required=False)
