"""Photos: drawn anew, seen by whoever sees the incident, gone when they are taken down or the guest is erased."""

import json
import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from empower.audit.models import AuditEvent
from empower.audit.services import first_fault, sequence_events
from empower.incidents.models import Photo
from empower.incidents.services import add_photo, annul_incident, erase_guest, log_incident, read_picture, remove_photo
from empower.incidents.services.photos import MOST_OF_AN_INCIDENT
from empower.refusals import NotPermitted, NotPossible
from tests.pages.conftest import as_, once, text_of  # noqa: F401

pytestmark = pytest.mark.django_db


def a_photo(*, width=40, height=30, gps=False, form="JPEG", turned=None, colour=(200, 30, 30)):
    """A photo as a camera writes it: with where it was taken, and which way up it was held."""
    exif = Image.Exif()
    if gps:
        exif[0x010F] = "Leica of Jones"
        exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 3.0, 8.0), 3: "W", 4: (118.0, 14.0, 37.0)})
    if turned:
        exif[0x0112] = turned
    out = BytesIO()
    mode = "RGBA" if form == "PNG" else "RGB"
    Image.new(mode, (width, height), (*colour, 0)[: len(mode)]).save(out, form, exif=exif)
    return out.getvalue()


def a_png_that_claims(width, height):
    """A few bytes that ask for gigabytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pieces = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in pieces
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture
def incident(scene):
    return log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones])


@pytest.fixture
def photo(scene, incident):
    return add_photo(actor=scene.maria, incident=incident, picture=read_picture(a_photo()))


# --- reading -------------------------------------------------------------------------------------------------------


def test_what_a_camera_writes_beside_the_picture_is_not_kept():
    sent = a_photo(gps=True, width=300, height=200)
    assert b"Leica of Jones" in sent
    picture = read_picture(sent)
    for kept in (picture.picture, picture.thumbnail):
        assert b"Exif" not in kept
        assert b"Leica" not in kept
        with Image.open(BytesIO(kept)) as image:
            assert (image.format, dict(image.getexif())) == ("JPEG", {})


def test_it_is_made_small_and_stands_upright():
    picture = read_picture(a_photo(width=4000, height=3000, turned=6))
    assert (picture.width, picture.height) == (1200, 1600)
    with Image.open(BytesIO(picture.thumbnail)) as small:
        assert small.size == (180, 240)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_what_phones_and_screens_write_is_read(form):
    assert read_picture(a_photo(form=form)).width == 40


def test_what_can_be_seen_through_lies_on_white():
    with Image.open(BytesIO(read_picture(a_photo(form="PNG")).picture)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"\xff\xd8\xff\xe0<script>alert(1)</script>",
        b"GIF89a\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;",
        b"%PDF-1.7",
        a_photo(width=500, height=500)[:400],
    ],
    ids=["nothing", "svg", "html", "html with a jpeg's head", "gif", "pdf", "cut off"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(content):
    with pytest.raises(ValidationError) as refused:
        read_picture(content)
    assert refused.value.error_dict["photo"][0].code == "not_a_picture"


@pytest.mark.parametrize(("width", "height"), [(10_000, 5_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_would_need_gigabytes_is_refused_by_its_head(width, height):
    with pytest.raises(ValidationError) as refused:
        read_picture(a_png_that_claims(width, height))
    assert refused.value.error_dict["photo"][0].code in {"too_large", "not_a_picture"}


def test_a_file_too_large_is_refused_before_it_is_read():
    with pytest.raises(ValidationError) as refused:
        read_picture(b"\xff\xd8" + b"\0" * 12 * 1024 * 1024)
    assert refused.value.error_dict["photo"][0].code == "too_large"


def test_a_page_hidden_in_a_real_photo_does_not_come_out_again():
    polyglot = a_photo() + b"<script>alert(1)</script>"
    assert b"script" not in read_picture(polyglot).picture


# --- adding, taking down, erasing ----------------------------------------------------------------------------------


def test_the_log_has_numbers_and_the_digest_and_no_picture(scene, photo):
    event = AuditEvent.objects.get(verb="photo.added")
    after = json.loads(event.body)["after"]
    assert set(after) == {"incident_id", "width", "height", "bytes", "sha256"}
    assert after["sha256"] == read_picture(a_photo()).digest
    sequence_events()
    assert first_fault() is None


def test_only_who_works_there_adds_one(scene, incident):
    picture = read_picture(a_photo())
    for stranger in (scene.paul, scene.ada, scene.admin):
        with pytest.raises(NotPermitted):
            add_photo(actor=stranger, incident=incident, picture=picture)
    assert add_photo(actor=scene.tomas, incident=incident, picture=picture).taken_by == scene.tomas
    assert Photo.objects.count() == 1


def test_bytes_that_were_not_drawn_anew_are_not_taken(scene, incident):
    with pytest.raises(ValidationError):
        add_photo(actor=scene.maria, incident=incident, picture=a_photo())


def test_the_thirteenth_is_one_too_many_and_a_void_incident_takes_none(scene, incident):
    picture = read_picture(a_photo())
    for _ in range(MOST_OF_AN_INCIDENT):
        add_photo(actor=scene.maria, incident=incident, picture=picture)
    with pytest.raises(NotPossible) as refused:
        add_photo(actor=scene.maria, incident=incident, picture=picture)
    assert refused.value.code == "enough"
    annul_incident(actor=scene.maria, incident=incident, reason="By mistake")
    with pytest.raises(NotPossible) as refused:
        add_photo(actor=scene.maria, incident=incident, picture=picture)
    assert refused.value.code == "void"


def test_who_took_it_or_a_manager_takes_it_down_once_and_nobody_else(scene, photo):
    with pytest.raises(NotPermitted):
        remove_photo(actor=scene.tomas, photo=photo)
    remove_photo(actor=scene.omar, photo=photo)
    photo.refresh_from_db()
    assert (photo.picture, photo.thumbnail) == (None, None)
    assert photo.removed_at is not None
    with pytest.raises(NotPossible) as refused:
        remove_photo(actor=scene.maria, photo=photo)
    assert refused.value.code == "gone"
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(picture=b"again")


def test_to_erase_the_guest_erases_the_photo(scene, photo, as_):  # noqa: F811
    other = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.rivera])
    kept = add_photo(actor=scene.maria, incident=other, picture=read_picture(a_photo()))
    erase_guest(actor=scene.grace, guest=scene.jones)
    photo.refresh_from_db()
    assert (photo.picture, photo.thumbnail) == (None, None)
    assert json.loads(AuditEvent.objects.get(verb="guest.erased").body)["facts"]["emptied"]["incidents.Photo"] == 1
    kept.refresh_from_db()
    assert kept.picture
    assert as_(scene.maria).get(f"/photos/{photo.pk}/").status_code == 404
    sequence_events()
    assert first_fault() is None


# --- the pages -----------------------------------------------------------------------------------------------------


def upload(content, name="photo.jpg", kind="image/jpeg"):
    return once(photo=SimpleUploadedFile(name, content, kind))


def test_a_photo_is_added_from_the_incident_and_shown_on_it(as_, scene, incident):  # noqa: F811
    client = as_(scene.maria)
    form = upload(a_photo(gps=True))
    address = f"/incidents/{incident.pk}/photos/"
    assert client.post(address, form).url == f"/incidents/{incident.pk}/"
    form["photo"].seek(0)
    assert client.post(address, form).status_code == 302
    photo = Photo.objects.get()
    page = client.get(f"/incidents/{incident.pk}/")
    assert f'src="/photos/{photo.pk}/small/"' in page.content.decode()
    assert "Maria showed it" in text_of(page)


def test_the_same_key_with_another_photo_is_another_sending(as_, scene, incident):  # noqa: F811
    client = as_(scene.maria)
    form = upload(a_photo())
    address = f"/incidents/{incident.pk}/photos/"
    client.post(address, form)
    other = SimpleUploadedFile("photo.jpg", a_photo(colour=(0, 0, 255)), "image/jpeg")
    assert client.post(address, form | {"photo": other}).status_code == 422
    assert Photo.objects.count() == 1


def test_a_photo_goes_with_what_is_written_down_or_neither(as_, scene):  # noqa: F811
    client = as_(scene.maria)
    sent = {"guest": str(scene.jones.pk), "category": "room", "do": "give"}
    page = client.post("/incidents/log/", upload(b"<svg/>") | sent)
    assert page.status_code == 400
    assert "not a photo that can be read" in text_of(page)
    assert page.context["open"] == "what"
    assert not Photo.objects.exists()
    assert not scene.jones.incidents.exists()
    assert client.post("/incidents/log/", upload(a_photo()) | sent).status_code == 302
    assert Photo.objects.get().incident == scene.jones.incidents.get()


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)/>", b"<script>alert(1)</script>", b""])
def test_what_is_no_photo_is_turned_down_at_the_door(as_, scene, incident, content):  # noqa: F811
    client = as_(scene.maria)
    address = f"/incidents/{incident.pk}/photos/"
    assert client.post(address, upload(content)).status_code == 400
    told = client.post(address, upload(content), headers={"Draft-Of": str(scene.maria.pk)})
    assert (told.status_code, told.json()["status"]) == (400, "mend")
    assert not Photo.objects.exists()


@pytest.mark.parametrize("address", ["", "small/"])
def test_it_is_served_as_a_picture_and_nothing_else_and_kept_by_nobody(as_, scene, photo, address):  # noqa: F811
    answer = as_(scene.tomas).get(f"/photos/{photo.pk}/{address}")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == f'inline; filename="photo-{photo.pk}.jpg"'
    assert answer.content.startswith(b"\xff\xd8\xff")


def test_someone_elses_photo_is_not_there(as_, scene, photo):  # noqa: F811
    for stranger in (scene.paul, scene.gina, scene.admin):
        client = as_(stranger)
        for address in ("", "small/", "remove/"):
            assert client.get(f"/photos/{photo.pk}/{address}").status_code == 404
        assert client.get(f"/incidents/{photo.incident_id}/photos/").status_code == 404
        assert client.post(f"/incidents/{photo.incident_id}/photos/", upload(a_photo())).status_code == 404
    assert as_(scene.ada).get(f"/photos/{photo.pk}/").status_code == 200
    assert as_(scene.ada).post(f"/incidents/{photo.incident_id}/photos/", upload(a_photo())).status_code == 403
    assert Photo.objects.count() == 1


def test_it_is_taken_down_from_its_page(as_, scene, photo):  # noqa: F811
    assert as_(scene.tomas).post(f"/photos/{photo.pk}/remove/", once()).status_code == 403
    assert as_(scene.maria).get(f"/photos/{photo.pk}/remove/").status_code == 200
    assert as_(scene.maria).post(f"/photos/{photo.pk}/remove/", once()).status_code == 302
    assert as_(scene.maria).get(f"/photos/{photo.pk}/").status_code == 404
    assert "showed it" not in text_of(as_(scene.maria).get(f"/incidents/{photo.incident_id}/"))
