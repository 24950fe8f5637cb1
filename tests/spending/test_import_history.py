"""The command: the file as a whole, exit codes, rejects, the dry run."""

import pytest

from empower.audit.models import AuditEvent
from empower.incidents.models import Guest, Incident
from empower.spending.models import HistoryRow, Spend
from empower.staff.models import Property
from tests.spending.importing import GIFT, LAX, bring, run, written

pytestmark = pytest.mark.django_db


def raw(tmp_path, content):
    path = tmp_path / "history.csv"
    path.write_bytes(content)
    return run(path)


# --- files that can't be read -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n", "empty"),
        (b"external_id,occurred_at,property\nr1,2026-03-10,L\xe9on\n", "UTF-8"),
        ("external_id,occurred_at,property\nr1,2026-03-10,LAX\n".encode("utf-16"), "UTF-8"),
        ("external_id,occurred_at,property\nr1,2026-03-10,LAX\n".encode("utf-16-le"), "NUL"),
        (b"external_id,occurred_at,property\nr1,2026-03-10,L\0X\n", "Line 2 holds a NUL"),
        (b"external_id,occurred_at,property,colour\nr1,2026-03-10,LAX,red\n", "“colour”"),
        (b"external_id;occurred_at;property\nr1;2026-03-10;LAX\n", "Unknown columns"),
        (b"external_id,occurred_at,property,\nr1,2026-03-10,LAX,\n", "Unknown columns: “”"),
        (b"external_id,property\nr1,LAX\n", "Missing columns: “occurred_at”"),
        (b"amount\n1\n", "“external_id”, “occurred_at”, “property”"),
        (b"external_id,occurred_at,property,property\nr1,2026-03-10,LAX,LAX\n", "twice: “property”"),
        (b'"external_id,occurred_at', "the header is no CSV"),
    ],
)
def test_a_file_that_is_no_history_is_refused_as_a_whole_in_words(tmp_path, content, says):
    done = raw(tmp_path, content)
    assert done.code == 1
    assert says in done.err
    assert "Traceback" not in done.err
    assert not AuditEvent.objects.exists()


def test_a_folder_and_a_file_that_is_not_there_are_refused_in_words(tmp_path):
    assert run(tmp_path / "nowhere.csv").code == 1
    (tmp_path / "folder.csv").mkdir()
    done = run(tmp_path / "folder.csv")
    assert done.code == 1
    assert "not a file" in done.err


def test_every_unknown_column_is_named(tmp_path):
    done = raw(tmp_path, b"external_id,occurred_at,property,colour,smell\n")
    assert "“colour”" in done.err
    assert "“smell”" in done.err


def test_rejects_are_never_written_over_the_file_itself(tmp_path):
    path = written(tmp_path / "rejects.csv", [LAX])
    before = path.read_bytes()
    done = run(path)
    assert done.code == 1
    assert "name another" in done.err
    # `run` takes the rejects away after it has read them: here that was the file itself.
    assert before.startswith(b"external_id")
    assert not Incident.objects.exists()


# --- files that can -----------------------------------------------------------------------------------------------


def test_a_file_with_a_byte_order_mark_and_its_columns_in_any_order_is_read(tmp_path):
    done = raw(
        tmp_path,
        "\ufeffproperty,narrative,currency,external_id,occurred_at\r\nLAX,Größe,USD,r1,2026-03-10\r\n".encode(),
    )
    assert done.code == 0
    assert Incident.objects.get().narrative == "Größe"


def test_a_header_alone_is_a_file_of_no_rows(tmp_path):
    done = raw(tmp_path, b"external_id,occurred_at,property\n")
    assert (done.code, done.counts()) == (0, (0, 0, 0, 0, 0))


def test_a_bad_row_is_rejected_with_its_line_its_reason_and_its_cells_and_the_rest_is_imported(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text(
        "external_id,occurred_at,property,currency,narrative\n"
        'r1,2026-03-10,LAX,USD,"two\nlines"\n'
        "\n"
        "r2,10/03/2026,LAX,USD, kept as it is \n"
        "r3,2026-03-10,LAX\n"
        'r4,2026-03-10,LAX,USD,"a" stray quote\n'
        "r5,2026-03-10,LAX,USD,fine\n"
    )
    done = run(path)
    assert done.code == 3
    assert done.counts() == (5, 2, 0, 0, 3)
    assert [row["line"] for row in done.rejects] == ["5", "6", "7"]
    assert [row["external_id"] for row in done.rejects[:2]] == ["r2", "r3"]
    assert done.rejects[0]["narrative"] == " kept as it is "
    assert "occurred_at “10/03/2026” is not a time of ISO 8601" in done.rejects[0]["reason"]
    assert done.rejects[1]["reason"] == "there are 3 cells where the header has 5"
    assert "no CSV" in done.rejects[2]["reason"]
    assert Incident.objects.get(external_id="r1").narrative == "two\nlines"


def test_a_quote_that_is_never_closed_rejects_its_row(tmp_path):
    done = raw(tmp_path, b'external_id,occurred_at,property,currency\nr1,2026-03-10,LAX,USD\nr2,"2026-03-10,LAX,USD\n')
    assert done.code == 3
    assert [row["line"] for row in done.rejects] == ["3"]


def test_every_reason_against_a_row_is_told_at_once(tmp_path):
    done = bring(tmp_path, GIFT | {"occurred_at": "soon", "amount": "1.234", "outcome": "happy", "guest": ""})
    reason = done.rejects[0]["reason"]
    assert all(word in reason for word in ("occurred_at", "amount", "outcome", "guest is missing beside an amount"))


def test_without_a_file_for_them_the_first_rejects_are_shown(tmp_path, capsys):
    from django.core.management import call_command

    path = written(tmp_path / "history.csv", [LAX | {"occurred_at": "no"}] * 22)
    with pytest.raises(SystemExit) as ended:
        call_command("import_history", str(path))
    assert ended.value.code == 3
    shown = capsys.readouterr().err.splitlines()
    assert shown[0].startswith("line 2: occurred_at “no” is not a time")
    assert len(shown) == 21
    assert shown[-1].startswith("... and 2 more")


def test_a_dry_run_writes_nothing_and_reports_the_same(tmp_path):
    rows = [
        GIFT | {"incident": "i"},
        GIFT | {"incident": "i", "amount": "-25.00"},
        GIFT | {"guest": "Ms Ito", "occurred_at": "2026-02-30"},
        GIFT | {"external_id": "r1"},
    ]
    rehearsed = bring(tmp_path, *rows, arguments=["--dry-run"])
    assert not any(model.objects.exists() for model in (Property, Incident, Guest, Spend, HistoryRow, AuditEvent))
    done = bring(tmp_path, *rows)
    assert rehearsed.out == "A dry run: nothing was written.\n" + done.out
    assert (rehearsed.code, rehearsed.rejects) == (done.code, done.rejects)
    assert done.counts() == (4, 2, 0, 1, 1)


def test_the_summary_adds_up_each_currency_by_itself(tmp_path):
    done = bring(
        tmp_path,
        GIFT,
        GIFT | {"amount": "-3.01"},
        GIFT | {"property": "KYO", "currency": "JPY", "amount": "1200"},
        GIFT | {"property": "KYO", "currency": "JPY", "amount": "1200.5"},
    )
    assert "sum imported: JPY 1200\nsum imported" in done.out
    assert "sum imported: USD 6.99\n" in done.out
    assert done.counts() == (4, 3, 0, 0, 1)
