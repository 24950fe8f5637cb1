"""People, places, tokens, and the keys under which a write is done once."""

from .once import find_answer, fingerprint, run_once
from .openness import note_record_opened
from .people import change_employee, hire_employee, set_password, system_employee
from .places import create_department, create_property
from .room_nights import report_room_nights
from .saved_views import delete_view, save_view
from .tokens import find_token, issue_token, revoke_token

__all__ = [
    "change_employee",
    "create_department",
    "create_property",
    "delete_view",
    "find_answer",
    "find_token",
    "fingerprint",
    "hire_employee",
    "issue_token",
    "note_record_opened",
    "report_room_nights",
    "revoke_token",
    "run_once",
    "save_view",
    "set_password",
    "system_employee",
]
