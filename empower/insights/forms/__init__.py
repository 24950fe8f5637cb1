"""What a person types: a question to the figures, a rule to try on history."""

from .questions import BETWEEN, QuestionForm
from .trials import MOST_RULES, TrialForm

__all__ = ["BETWEEN", "MOST_RULES", "QuestionForm", "TrialForm"]
