"""How gestures, spends, approvals and authorities are told, and what a request may say of them."""

from .approvals import ApprovalSerializer, Confirmation, Decision, Question, Reply, Yes
from .authority import SimilarSerializer, StandingSerializer
from .catalogue import GestureSerializer
from .spends import HandedOver, MadeSpend, NewSpend, Reversal, SpendSerializer, SpendWithAuthoritySerializer

__all__ = [
    "ApprovalSerializer",
    "Confirmation",
    "Decision",
    "GestureSerializer",
    "HandedOver",
    "MadeSpend",
    "NewSpend",
    "Question",
    "Reply",
    "Reversal",
    "SimilarSerializer",
    "SpendSerializer",
    "SpendWithAuthoritySerializer",
    "StandingSerializer",
    "Yes",
]
