"""What every page of the review desk (Django's admin) has in common: it is a door, and it is closed until it is opened.

Who may look or write is the house's predicates' word, never a row of Django's permissions; rows begin with
``visible_to``; nothing is deleted; a write is a service's (`empower.staff.admin.writing`, `.verbs`). Where django-unfold
is installed its looks are used, else Django's own. Here are the `pages`, the `filters` and `columns` of a list, and the
`exports` of what it is narrowed to.
"""

from .columns import amount, moment, number, spoken_count, spoken_day, spoken_money, spoken_time
from .filters import LocalDepartmentFilter, VisibleFilter
from .pages import DeskAdmin, DeskInline, visible
from .widgets import CheckboxesWidget, PasswordWidget, TextWidget

__all__ = [
    "CheckboxesWidget",
    "DeskAdmin",
    "DeskInline",
    "LocalDepartmentFilter",
    "PasswordWidget",
    "TextWidget",
    "VisibleFilter",
    "amount",
    "moment",
    "number",
    "spoken_count",
    "spoken_day",
    "spoken_money",
    "spoken_time",
    "visible",
]
