"""How gestures, spends, approvals and authorities are told, and what a request may say of them."""

from .approvals import ApprovalSerializer, Confirmation, Decision, Question, Reply, Yes
from .authority import StandingSerializer, told_similar
from .catalogue import GestureSerializer
from .spends import HandedOver, NewSpend, Nothing, Reversal, SpendSerializer

__all__ = [
    "ApprovalSerializer",
    "Confirmation",
    "Decision",
    "GestureSerializer",
    "HandedOver",
    "NewSpend",
    "Nothing",
    "Question",
    "Reply",
    "Reversal",
    "SpendSerializer",
    "StandingSerializer",
    "Yes",
    "told_similar",
]
