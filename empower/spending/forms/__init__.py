"""What a person types, made into what a service takes."""

from .amounts import AmountField
from .answering import AnswerForm, ReplyForm
from .closing import FollowUpForm, ResolveForm
from .giving import GiveForm, LogAndGiveForm, PlainForm

__all__ = [
    "AmountField",
    "AnswerForm",
    "FollowUpForm",
    "GiveForm",
    "LogAndGiveForm",
    "PlainForm",
    "ReplyForm",
    "ResolveForm",
]
