"""What would have waited under another rule: a period's spends, asked for once more, in their order.

`rules` says what is tried, `acts` reads what was asked for, `replay` judges it act by act and knows no table, `answer`
counts. Nothing here writes.
"""

from .answer import ASSUMPTIONS, answer_trial, is_hidden
from .rules import Variant

__all__ = ["ASSUMPTIONS", "Variant", "answer_trial", "is_hidden"]
