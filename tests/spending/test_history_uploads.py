"""A history file handed in at the desk: rehearsed, imported when somebody says yes, and forgotten."""

import csv
import io
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from empower import clock, duties
from empower.audit.models import AuditEvent
from empower.incidents.models import Guest, Incident
from empower.incidents.services import erase_guest
from empower.refusals import NotPermitted, NotPossible
from empower.spending.history.receiving import MOST_BYTES, received
from empower.spending.models import HistoryImport, HistoryImportPart, HistoryRow, Spend
from empower.spending.services.history import uploads
from empower.spending.services.history.uploads import drop_upload, keep_upload, start_import, work_on, work_on_imports
from empower.staff.models import Employee, Property
from tests.spending.importing import GIFT, LAX

pytestmark = [pytest.mark.django_db, pytest.mark.long("postgresql")]  # what is read and written is a file


def content_of(rows):
    rows = [{"external_id": f"r{number}"} | row for number, row in enumerate(rows, 1)]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def hand_in(actor, *rows, content=None):
    with received([content or content_of(rows)]) as file:
        return keep_upload(actor=actor, received=file)


ROWS = [
    GIFT, GIFT | {"amount": "2500.00", "guest": "Mrs Okafor"}, GIFT | {"amount": "ten"},
    LAX | {"property": "RIO", "currency": "BRL"},
    GIFT | {"employee": "E2", "approved_by": "M1", "category": "noise", "department": "bar"}, GIFT | {"amount": "-4.00"},
]  # fmt: skip


def left_out(upload):
    parts = upload.parts.filter(of="rejects").order_by("number")
    return list(csv.DictReader(io.StringIO(b"".join(bytes(part.content) for part in parts).decode())))


def test_a_rehearsal_foresees_what_the_import_does_and_writes_nothing(scene):
    upload = work_on(upload=hand_in(scene.chen, *ROWS))
    assert upload.state == "rehearsed"
    assert (upload.foreseen["read"], upload.foreseen["imported"], upload.foreseen["rejected"]) == (6, 5, 1)
    assert upload.foreseen["sums"] == {"USD": 251_600}
    assert (upload.foreseen["opened"], upload.foreseen["hired"]) == (["RIO"], ["E1", "E2", "M1"])
    assert upload.foreseen["made"] == {"guests": 2, "categories": 1, "departments": 1}
    assert not Spend.objects.exists()
    assert not Incident.objects.exists()
    assert not Property.objects.filter(code="RIO").exists()
    [row] = left_out(upload)
    assert (row["line"], row["amount"]) == ("4", "ten")

    start_import(actor=scene.chen, upload=upload)
    work_on_imports()
    upload.refresh_from_db()
    assert upload.state == "done"
    assert upload.result | {"rehearsed": 6} == upload.foreseen
    assert HistoryRow.objects.count() == 5
    assert not upload.parts.filter(of="file").exists()
    assert {event.actor_id for event in AuditEvent.objects.filter(verb="spend.imported")} == {None}


def test_the_events_say_who_and_how_much_and_no_name(scene):
    upload = work_on(upload=hand_in(scene.chen, *ROWS))
    start_import(actor=scene.chen, upload=upload)
    work_on(upload=upload)
    events = AuditEvent.objects.filter(subject_type="historyimport").order_by("pk")
    assert [(event.verb, event.actor_id) for event in events] == [
        ("history_import.uploaded", scene.chen.pk),
        ("history_import.started", scene.chen.pk),
        ("history_import.done", None),
    ]
    assert all(upload.digest in event.body for event in events)
    assert not [event for event in events if "Okafor" in event.body or "Haddad" in event.body]
    assert '"USD":251600' in events.last().body


@pytest.mark.parametrize("name", ["maria", "omar", "grace", "ada"])
def test_only_leaders_and_the_superuser_hand_in_start_and_drop(scene, name):
    upload = work_on(upload=hand_in(scene.admin, *ROWS))
    actor = getattr(scene, name)
    for act in (lambda: hand_in(actor, *ROWS), lambda: start_import(actor=actor, upload=upload)):
        with pytest.raises(NotPermitted):
            act()
    with pytest.raises(NotPermitted):
        drop_upload(actor=actor, upload=upload)
    assert not HistoryImport.objects.visible_to(actor).exists()


def test_the_superuser_sees_their_own_and_a_leader_all(scene):
    mine, theirs = hand_in(scene.admin, *ROWS), hand_in(scene.chen, *ROWS)
    assert set(HistoryImport.objects.visible_to(scene.admin)) == {mine}
    assert set(HistoryImport.objects.visible_to(scene.chen)) == {mine, theirs}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"external_id,occurred_at,property\n", "no row"),
        (b"external_id,occurred_at,property\nr1,2026-03-10,L\xe9on\n", "The file is not in UTF-8"),
        (b"external_id,occurred_at,property\nr1,2026-03-10,L\0X\n", "Line 2 holds a NUL"),
        (b"external_id,occurred_at,property,colour\nr1,2026-03-10,LAX,red\n", "colour"),
        (b"x" * (MOST_BYTES + 1), "25 MB"),
    ],
)
def test_a_file_that_is_no_history_is_not_kept_and_the_reason_is_said(scene, content, says):
    with pytest.raises(ValidationError) as refused, received([content]):
        pass
    assert says in refused.value.message_dict["file"][0]
    assert "/tmp" not in refused.value.message_dict["file"][0]


def test_nothing_is_started_before_it_was_rehearsed_nor_twice(scene):
    upload = hand_in(scene.chen, *ROWS)
    with pytest.raises(NotPossible):
        start_import(actor=scene.chen, upload=upload)
    work_on(upload=upload)
    start_import(actor=scene.chen, upload=upload)
    with pytest.raises(NotPossible):
        start_import(actor=scene.chen, upload=upload)
    with pytest.raises(NotPossible):
        drop_upload(actor=scene.chen, upload=upload)


def test_what_is_put_aside_leaves_its_digest_alone(scene):
    upload = work_on(upload=hand_in(scene.chen, *ROWS))
    drop_upload(actor=scene.chen, upload=upload)
    assert not HistoryImportPart.objects.exists()
    work_on_imports()
    upload.refresh_from_db()
    assert upload.state == "dropped"


def test_the_same_file_that_waits_is_handed_in_once_and_five_at_most_wait(scene):
    assert hand_in(scene.chen, *ROWS) == hand_in(scene.chen, *ROWS)
    for number in range(4):
        hand_in(scene.chen, GIFT | {"note": str(number)})
    with pytest.raises(NotPossible):
        hand_in(scene.chen, GIFT | {"note": "one more"})


def test_a_rehearsal_ends_in_time_and_the_rest_is_looked_through(scene, monkeypatch):
    monkeypatch.setattr(uploads, "LONGEST_REHEARSAL", {"sqlite": -1, "postgresql": -1})
    rest = [
        *ROWS[1:], LAX, GIFT | {"external_id": "r1"}, GIFT | {"external_id": "r2", "note": "other"},
        GIFT | {"occurred_at": "2999-01-01"}, GIFT | {"employee": "E1", "guest": "Miss Ito"},
    ]  # fmt: skip
    upload = work_on(upload=hand_in(scene.chen, *[GIFT] * 50, *rest))
    looked_at = upload.foreseen
    assert (looked_at["rehearsed"], looked_at["read"]) == (50, 60)
    assert [row["line"] for row in left_out(upload)] == ["53", "59", "60"]
    start_import(actor=scene.chen, upload=upload)
    work_on(upload=upload)
    upload.refresh_from_db()
    tried = {"excused", "unmatched_credits"}  # what only the writing tells
    assert {name: value for name, value in upload.result.items() if name not in tried} == {
        name: value for name, value in looked_at.items() if name not in tried | {"rehearsed"}
    }


def test_an_import_that_is_stopped_is_taken_up_again_and_counts_as_one(scene, monkeypatch):
    monkeypatch.setattr(uploads, "import_history", partial(uploads.import_history, rows_at_once=20))
    upload = work_on(upload=hand_in(scene.chen, *([GIFT] * 25 + [GIFT | {"amount": "x"}])))
    start_import(actor=scene.chen, upload=upload)
    monkeypatch.setattr(duties, "stopping", lambda: True)
    work_on(upload=upload)
    assert (upload.state, upload.result["imported"]) == ("import_due", 20)
    monkeypatch.setattr(duties, "stopping", lambda: False)
    work_on_imports()
    upload.refresh_from_db()
    assert upload.state == "done"
    told = {
        name: upload.result[name] for name in ("read", "imported", "already_there", "rejected", "sums", "sums_known")
    }
    assert told == {
        "read": 26,
        "imported": 25,
        "already_there": 0,
        "rejected": 1,
        "sums": {"USD": 25_000},
        "sums_known": {},
    }
    assert upload.result["hired"] == ["E1"]


def test_whose_worker_died_is_taken_up_after_a_while_and_not_before(scene):
    upload = hand_in(scene.chen, *ROWS)
    HistoryImport.objects.filter(pk=upload.pk).update(state="rehearsing", worked_at=clock.now())
    work_on_imports()
    upload.refresh_from_db()
    assert upload.state == "rehearsing"
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        work_on_imports()
    upload.refresh_from_db()
    assert upload.state == "rehearsed"


def test_what_was_left_out_is_forgotten_after_a_week_and_a_file_that_nobody_wanted_too(scene):
    done, waits = (
        work_on(upload=hand_in(scene.chen, *ROWS)),
        work_on(upload=hand_in(scene.chen, GIFT | {"amount": "x"})),
    )
    start_import(actor=scene.chen, upload=done)
    work_on(upload=done)
    with clock.standing_at(clock.now() + timedelta(days=6)):
        work_on_imports()
    assert left_out(done)
    with clock.standing_at(clock.now() + timedelta(days=8)):
        work_on_imports()
    assert not HistoryImportPart.objects.exists()
    waits.refresh_from_db()
    assert waits.state == "dropped"


def test_erasing_a_guest_empties_what_was_left_out(scene):
    upload = work_on(upload=hand_in(scene.chen, *ROWS))
    start_import(actor=scene.chen, upload=upload)
    work_on(upload=upload)
    erase_guest(actor=scene.grace, guest=Guest.objects.get(name="Dr Haddad"))
    assert not [part for part in HistoryImportPart.objects.all() if part.content]


def test_no_cell_of_what_was_left_out_is_a_formula_and_a_credit_keeps_its_minus(scene):
    upload = work_on(upload=hand_in(scene.chen, GIFT | {"amount": "-1.00", "guest": "=1+1", "currency": "EUR"}))
    [row] = left_out(upload)
    assert (row["guest"], row["amount"]) == ("'=1+1", "-1.00")


def test_imported_people_still_can_t_sign_in(scene):
    upload = work_on(upload=hand_in(scene.chen, *ROWS))
    start_import(actor=scene.chen, upload=upload)
    work_on(upload=upload)
    assert not [one for one in Employee.objects.filter(code__in=["E1", "E2", "M1"]) if one.has_usable_password()]
