"""What is stored of giving: gestures, spends, requests, authority; and of history files."""

from .giving import (
    Approval,
    ApprovalStatus,
    Authority,
    Gesture,
    Judged,
    PaidFrom,
    RequestLink,
    Reversal,
    Spend,
    SpendStatus,
)
from .history import HistoryImport, HistoryImportPart, HistoryRow, ImportState

__all__ = [
    "Approval",
    "ApprovalStatus",
    "Authority",
    "Gesture",
    "HistoryImport",
    "HistoryImportPart",
    "HistoryRow",
    "ImportState",
    "Judged",
    "PaidFrom",
    "RequestLink",
    "Reversal",
    "Spend",
    "SpendStatus",
]
