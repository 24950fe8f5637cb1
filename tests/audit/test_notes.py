"""Signed notes: the published example, another implementation, and every way a note can be wrong."""

import stat
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured

from empower.audit.proof import keys, notes

# The example of Go's golang.org/x/mod/sumdb/note: a key, a text, and the signature that Ed25519 makes of them.
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


@pytest.fixture
def signer():
    return notes.Signer.made("hotel.example/audit")


def test_the_published_key_signs_the_published_note():
    peter = notes.Signer.read(PRIVATE)
    assert str(peter.verifier) == PUBLIC
    assert str(peter) == PRIVATE
    assert peter.sign(TEXT) == f"{TEXT}\n— PeterNeumann {SIGNATURE}\n"
    verifier = notes.Verifier.read(PUBLIC)
    assert str(verifier) == PUBLIC
    assert verifier.signed(TEXT, b64decode(SIGNATURE)[4:])
    assert not verifier.signed(TEXT + " ", b64decode(SIGNATURE)[4:])


def test_a_checkpoint_is_written_as_c2sp_says(signer):
    root = sha256(b"root").digest()
    lines = notes.Checkpoint.signed_by(signer, 1729, root).note.split("\n")
    assert lines[:4] == ["hotel.example/audit", "1729", b64encode(root).decode(), ""]
    dash, name, signature = lines[4].split(" ")
    assert (dash, name, lines[5:]) == ("\u2014", "hotel.example/audit", [""])
    public = b64decode(str(signer.verifier).split("+", 2)[2])
    assert public[:1] == b"\x01"
    assert b64decode(signature)[:4] == sha256(b"hotel.example/audit\n" + public).digest()[:4]
    text = ("\n".join(lines[:3]) + "\n").encode()
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(b64decode(signature)[4:], text)


def test_checkpoints_are_found_in_any_text_and_half_a_note_is_none(signer):
    one, two = (notes.Checkpoint.signed_by(signer, size, sha256(bytes([size])).digest()) for size in (1, 2))
    assert notes.checkpoints_in(f"Dear auditor,\n\n{one.note}\nand\n\n{two.note}") == [one, two]
    for cut in range(len(one.note) - 1):
        half = one.note[:cut]
        gap = "\n" if half.endswith("\n") else "\n\n"  # as the file is written
        assert notes.checkpoints_in(half + gap + two.note) == [two], cut


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda note: note.replace("\n12\n", "\n13\n"), "checkpoint_forged"),
        (lambda note: note.replace("\n12\n", "\n012\n"), "checkpoint_malformed"),
        (lambda note: note.replace("\n12\n", "\n+12\n"), "checkpoint_malformed"),
        (lambda note: note.replace("hotel.example", "motel.example"), "checkpoint_forged"),
        (lambda note: note.replace("hotel.example", "motel.example", 1), "checkpoint_forged"),
        (lambda note: note + "\n", "checkpoint_malformed"),
        (lambda note: "\n" + note, "checkpoint_malformed"),
        (lambda note: note[:-1], "checkpoint_malformed"),
        (lambda note: note.partition("\u2014")[0], "checkpoint_malformed"),
        (lambda note: note + note, "checkpoint_malformed"),
        (lambda note: "", "checkpoint_malformed"),
    ],
)
def test_a_note_that_was_changed_is_not_believed(signer, change, kind):
    note = notes.Checkpoint.signed_by(signer, 12, bytes(32)).note
    assert notes.checkpoint_of(note).refuse_unless_signed([signer.verifier]) == signer.verifier
    with pytest.raises(notes.Untrue) as refused:
        notes.checkpoint_of(change(note)).refuse_unless_signed([signer.verifier])
    assert refused.value.kind == kind


def test_another_key_of_the_same_name_is_not_believed_and_a_witness_does_not_disturb(signer):
    stranger = notes.Signer.made("hotel.example/audit")
    forged = notes.Checkpoint.signed_by(stranger, 12, bytes(32))
    with pytest.raises(notes.Untrue, match="no key that is trusted here"):
        forged.refuse_unless_signed([signer.verifier])
    with pytest.raises(notes.Untrue, match="no key that is trusted here"):
        forged.refuse_unless_signed([])
    ours = notes.Checkpoint.signed_by(signer, 12, bytes(32)).note
    both = notes.checkpoint_of(ours + forged.note.rpartition("\n\n")[2])
    assert both.refuse_unless_signed([signer.verifier]) == signer.verifier


def test_a_key_is_read_whole_or_not_at_all(signer):
    for text in (
        PUBLIC[:-4],
        PUBLIC.replace("c74f20a3", "c74f20a4"),
        PUBLIC.replace("+AR", "+BR"),
        "Peter",
        "",
        PRIVATE,
    ):
        with pytest.raises(ValueError, match="key"):
            notes.Verifier.read(text)
    for text in (PRIVATE[:-4], PRIVATE.replace("c74f20a3", "c74f20a4"), PUBLIC, ""):
        with pytest.raises(ValueError, match=r"key|begin"):
            notes.Signer.read(text)
    for name in ("", "two words", "a+b", "a\nb"):
        with pytest.raises(ValueError, match="name"):
            notes.Signer.made(name)
    assert signer.seed.hex() not in repr(signer)
    for text in ("no newline", "an empty\n\nline\n"):
        with pytest.raises(ValueError, match="newline"):
            signer.sign(text)


def test_the_key_is_made_once_and_read_by_its_owner_alone(settings, tmp_path):
    settings.VAR_DIR, settings.CHECKPOINT_KEY, settings.CHECKPOINT_TRUSTED_KEYS = tmp_path / "var", "", []
    assert keys.trusted_keys() == []
    assert not (tmp_path / "var").exists()
    made = keys.signing_key()
    assert keys.signing_key() == made
    assert keys.trusted_keys() == [made.verifier]
    kept = tmp_path / "var" / "checkpoint_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_the_environments_key_comes_first_and_retired_ones_are_believed_beside_it(settings, tmp_path, signer):
    settings.VAR_DIR, settings.CHECKPOINT_KEY, settings.CHECKPOINT_TRUSTED_KEYS = (
        tmp_path,
        PRIVATE,
        [str(signer.verifier)],
    )
    assert str(keys.signing_key().verifier) == PUBLIC
    assert keys.trusted_keys() == [notes.Verifier.read(PUBLIC), signer.verifier]
    assert list(tmp_path.iterdir()) == []
    settings.CHECKPOINT_KEY = PRIVATE[:-4]
    with pytest.raises(ImproperlyConfigured, match="CHECKPOINT_KEY") as told:
        keys.signing_key()
    assert "EKFALVFGyN" not in str(told.value)
    settings.CHECKPOINT_KEY, settings.CHECKPOINT_TRUSTED_KEYS = PRIVATE, ["nonsense"]
    with pytest.raises(ImproperlyConfigured, match="CHECKPOINT_TRUSTED_KEYS"):
        keys.trusted_keys()
