"""The desk's page of an import: the preview, the yes, what was left out; who may not, and what is said of a bad file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from empower.spending.models import HistoryImport, Spend
from empower.spending.services.history import uploads
from tests.spending.importing import GIFT
from tests.spending.test_history_uploads import ROWS, content_of, hand_in

from .conftest import address

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database


def send(browser, content, name="past.csv"):
    return browser.post(address(HistoryImport, "add"), {"file": SimpleUploadedFile(name, content, "text/csv")})


def test_a_small_file_is_rehearsed_and_imported_while_one_waits(desk, scene):
    browser = desk(scene.chen)
    answer = send(browser, content_of(ROWS), name="Mrs Okafor.csv")
    upload = HistoryImport.objects.get()
    assert answer["Location"] == address(upload, "change", upload.pk)
    page = browser.see(upload).content.decode()
    for words in ("What would happen", "Import 5 rows", "$2,516.00", "RIO", "amount “ten”", "Put it aside", "People"):
        assert words in page
    assert 'hx-trigger="every' not in page
    assert not Spend.objects.exists()
    browser.post(address(upload, "start", upload.pk))
    page = browser.see(upload).content.decode()
    assert "It is imported" in page
    assert "Put it aside" not in page
    rejects = browser.get(address(upload, "rejects", upload.pk))
    assert b"".join(rejects.streaming_content).startswith(b"line,reason,external_id")
    assert rejects["Content-Disposition"] == f'attachment; filename="not-imported-{upload.pk}.csv"'
    assert Spend.objects.count() == 3


def test_a_large_file_is_the_worker_s_and_its_page_asks_how_it_stands(desk, scene, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE", 2)
    browser = desk(scene.admin)
    send(browser, content_of([GIFT] * 3))
    upload = HistoryImport.objects.get()
    page = browser.see(upload).content.decode()
    assert "3 rows are being rehearsed" in page
    assert f'hx-get="{address(upload, "progress", upload.pk)}"' in page
    uploads.work_on_imports()
    piece = browser.get(address(upload, "progress", upload.pk)).content.decode()
    assert "Import 3 rows" in piece
    assert "hx-get" not in piece
    browser.post(address(upload, "start", upload.pk))
    assert "Importing: 0 of 3 rows" in browser.see(upload).content.decode()
    uploads.work_on_imports()
    assert "It is imported" in browser.get(address(upload, "progress", upload.pk)).content.decode()


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "empty"), (b"a,b\n1,2\n", "Unknown columns"), (b"\xff\xfe", "UTF-8"), (b"a\0b", "NUL")]
)
def test_a_bad_file_is_refused_beside_its_field(desk, scene, content, says):
    answer = send(desk(scene.chen), content)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not HistoryImport.objects.exists()


def test_no_file_is_asked_for(desk, scene):
    answer = desk(scene.chen).post(address(HistoryImport, "add"), {})
    assert answer.status_code == 400
    assert b"Choose a file." in answer.content


@pytest.mark.parametrize("name", ["omar", "grace", "ada"])
def test_nobody_else_comes_near(desk, scene, name):
    upload = uploads.work_on(upload=hand_in(scene.chen, *ROWS))
    browser = desk(getattr(scene, name))
    assert browser.get(address(upload, "add")).status_code == 403
    assert send(browser, content_of(ROWS)).status_code == 403
    assert browser.lists(HistoryImport).status_code == 403
    for page in ("progress", "rejects"):
        assert browser.get(address(upload, page, upload.pk)).status_code == 403
    for page in ("start", "drop"):
        assert browser.post(address(upload, page, upload.pk)).status_code == 403
    assert not Spend.objects.exists()


def test_the_superuser_reads_nothing_of_a_leader_s_file(desk, scene):
    upload = uploads.work_on(upload=hand_in(scene.chen, *ROWS))
    browser = desk(scene.admin)
    assert browser.get(address(upload, "rejects", upload.pk)).status_code == 404
    assert browser.get(address(upload, "progress", upload.pk)).status_code == 404
    assert browser.post(address(upload, "start", upload.pk)).status_code == 404
    assert browser.see(upload).status_code == 302


def test_put_aside_it_says_so(desk, scene):
    upload = uploads.work_on(upload=hand_in(scene.chen, *ROWS))
    browser = desk(scene.chen)
    browser.post(address(upload, "drop", upload.pk))
    page = browser.see(upload).content.decode()
    assert "It was put aside" in page
    assert "“ten”" not in page
    assert browser.get(address(upload, "rejects", upload.pk)).status_code == 404
