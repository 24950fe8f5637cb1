"""docs/verify_audit.py, the stranger's verifier: a process of its own, with nothing of ours but the file."""

import importlib.util
import json
import subprocess
import sys
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from empower.audit.export import bundle_lines
from empower.audit.models import AuditEvent
from empower.audit.proof import keys, memory, notes
from empower.audit.queries.proving import prove_consistency, prove_inclusion
from empower.audit.serializers import ConsistencyProofSerializer, InclusionProofSerializer
from tests.audit import sealed_log, tampering
from tests.own_database import CHECKOUT

pytestmark = pytest.mark.long("postgresql")  # what is read and written is a file

FILE = CHECKOUT / "docs" / "verify_audit.py"

# RFC 8032, section 7.1: secret key (unused here), public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def verifier():
    spec = importlib.util.spec_from_file_location("verify_audit", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def log(db, settings, tmp_path):
    """The sealed log, unguarded; ``key``, ``bundle()`` writes it anew and answers its path, ``file`` remembers."""
    sealed_log.kept_apart(settings, tmp_path)
    sealed_log.make()
    tampering.without_triggers()

    def bundle():
        path = tmp_path / "bundle.jsonl"
        call_command("export_audit", to=path)
        return path

    return SimpleNamespace(key=str(keys.signing_key().verifier), bundle=bundle, file=settings.CHECKPOINTS_FILE)


def run(*arguments, **options):
    """As a stranger runs it: isolated from this checkout and its settings."""
    done = subprocess.run(
        [sys.executable, "-I", FILE, *map(str, arguments)], capture_output=True, text=True, timeout=300, **options
    )
    return done.returncode, done.stdout, done.stderr


# --- its arithmetic -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_its_own_ed25519_verifies_the_standards_signatures_and_no_others(verifier, public, message, signature):
    public, message, signature = map(bytes.fromhex, (public, message, signature))
    for verify in (verifier.verify_plainly, verifier.verify_by_library):
        assert verify(public, message, signature)
        assert not verify(public, message + b"!", signature)
        for place in (0, 31, 32, 63):
            wrong = bytearray(signature)
            wrong[place] ^= 1
            assert not verify(public, message, bytes(wrong))
        assert not verify(public, message, signature[:-1])
    # The other root of the group order: RFC 8032 has s below L.
    s = int.from_bytes(signature[32:], "little") + verifier.L
    assert not verifier.verify_plainly(public, message, signature[:32] + s.to_bytes(32, "little"))
    assert not verifier.verify_plainly(b"\xff" * 32, message, signature)


def test_it_knows_nothing_of_the_application():
    source = FILE.read_text()
    assert "import empower" not in source
    assert "from empower" not in source
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert "--key" in out


# --- what it says of a bundle -------------------------------------------------------------------------------------


def test_a_whole_log_agrees_and_what_is_not_sealed_is_said(log):
    code, out, err = run(log.bundle(), "--key", log.key, "--checkpoints", log.file)
    assert (code, err) == (0, "")
    assert out.startswith("All agrees: 15 events, 13 of them under a checkpoint; 3 checkpoints in the bundle, 3 from ")
    assert "The last 2 events are under no checkpoint yet" in out
    with open(log.bundle()) as bundle:
        assert run("-", "--key", log.key, "--plain", stdin=bundle)[0] == 0


@pytest.mark.parametrize(("attack", "_ours", "kind", "position"), sealed_log.ATTACKS, ids=sealed_log.NAMES)
def test_what_was_done_to_it_is_named(log, verifier, capsys, attack, _ours, kind, position):
    attack()
    code = verifier.main([str(log.bundle()), "--key", log.key, "--checkpoints", str(log.file)])
    out = capsys.readouterr().out
    if kind is None:  # a node of the tree is nothing to the stranger, who makes his own
        assert (code, out[:10]) == (0, "All agrees")
    else:
        assert code == 1
        assert out.startswith(kind if position is None else f"{kind} at position {position}:")


def test_without_older_checkpoints_nobody_knows_that_it_was_longer(log):
    tampering.cut_short(8)
    assert run(log.bundle(), "--key", log.key)[0] == 0
    code, out, _err = run(log.bundle(), "--key", log.key, "--checkpoints", log.file)
    assert (code, out[:13]) == (1, "log_truncated")


def test_older_checkpoints_are_found_in_a_mail(log, tmp_path):
    mail = tmp_path / "mail.txt"
    note = memory.remembered()[1].note
    mail.write_text(f"Dear Ada,\n\nhere it is:\n\n{note}\nYours, the night timer\n".replace("\n", "\r\n"), newline="")
    code, out, _err = run(log.bundle(), "--key", log.key, "--checkpoints", mail)
    assert (code, "1 from elsewhere" in out) == (0, True)
    sealed_log.cut_short_and_sign_again()
    mail.write_text(memory.remembered()[2].note)
    code, out, _err = run(log.bundle(), "--key", log.key, "--checkpoints", mail)
    assert (code, out.split(":")[0]) == (1, "checkpoint_mismatch at position 8")


def test_a_key_that_was_retired_is_given_beside_the_new_one(log, settings):
    retired, settings.CHECKPOINT_KEY = log.key, str(notes.Signer.made("hotel.example/audit"))
    settings.CHECKPOINT_TRUSTED_KEYS = [retired]
    call_command("seal", stdout=StringIO())
    new = str(keys.signing_key().verifier)
    assert run(log.bundle(), "--key", new)[0] == 1
    assert run(log.bundle(), "--key", new, "--key", retired)[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[:-1] + [lines[-1][:5]],
        lambda lines: lines[:5],
        lambda lines: [],
        lambda lines: lines[:1] + lines[2:],
        lambda lines: lines[:1] + lines[2:10] + lines[1:2] + lines[10:],
        lambda lines: lines[1:],
        lambda lines: ["[]\n"],
        lambda lines: [lines[0].replace('"version":1', '"version":2'), *lines[1:]],
    ],
)
def test_a_bundle_that_is_not_whole_is_said_to_be_so(log, verifier, tmp_path, capsys, change):
    lines = list(bundle_lines())
    broken = tmp_path / "broken"
    broken.write_text("".join(change(lines)))
    assert verifier.main([str(broken), "--key", log.key]) == 1
    assert capsys.readouterr().out.startswith(("bundle_broken", "log_truncated"))


def test_it_says_when_it_could_not_look(log, tmp_path):
    for arguments in (
        [tmp_path / "nothing", "--key", log.key],
        [log.bundle(), "--key", "nonsense"],
        [log.bundle(), "--key", log.key[:-4]],
        [log.bundle()],
        [log.bundle(), "--key", log.key, "--checkpoints", tmp_path / "nothing"],
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert err


def test_the_books_are_added_up_from_the_events_alone(verifier):
    def entry(number, *amounts, currency="USD"):
        legs = [{"id": n, "account": "x", "amount": amount} for n, amount in enumerate(amounts)]
        return {"id": number, "currency": currency, "postings": legs}

    def told(*entries, outcome="accepted"):
        return json.dumps({"after": {"entries": entries}, "outcome": outcome}).encode()

    books = verifier.Books()
    books.add(0, told(entry(1, 500, -500), entry(2, 700, -300, -400, currency="JPY")))
    books.add(1, told(entry(1, 500, -500)))
    books.add(2, told(entry(3, 1), outcome="refused"))
    assert books.booked == {"USD": 500, "JPY": 700}
    for wrong, kind in (
        (told(entry(4, 500, -499)), "entry_not_balanced"),
        (told(entry(1, 600, -600)), "entry_told_twice"),
        (b"[]", "event_unreadable"),
        (b"{", "event_unreadable"),
    ):
        with pytest.raises(verifier.Found) as found:
            books.add(5, wrong)
        assert (found.value.kind, found.value.position) == (kind, 5)


# --- one answer of the API ----------------------------------------------------------------------------------------


@pytest.fixture
def answers(log, tmp_path):
    """``proven(event=3)``, ``proven(first=5)``: what the API answers, in a file; ``change`` it before it is written."""

    def proven(*, event=None, first=None, change=None):
        if event is not None:
            row = AuditEvent.objects.select_related("position").get(position__position=event)
            told = InclusionProofSerializer(prove_inclusion(row), context={}).data
        else:
            told = ConsistencyProofSerializer(prove_consistency(first), context={}).data
        told = json.loads(json.dumps(told))
        if change:
            change(told)
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(told))
        return str(path)

    return proven


def test_it_checks_one_event_and_one_step_from_an_older_note(log, answers, verifier, tmp_path, capsys):
    for position in range(13):
        assert verifier.main(["--proof", answers(event=position), "--key", log.key]) == 0
    body = tmp_path / "event.json"
    body.write_text(json.dumps({"body": tampering.event_at(4)[1]}))
    assert verifier.main(["--proof", answers(event=4), "--event", str(body), "--key", log.key]) == 0
    assert "The event stands at position 4 of the 13" in capsys.readouterr().out
    assert verifier.main(["--proof", answers(event=5), "--event", str(body), "--key", log.key]) == 1
    assert capsys.readouterr().out.startswith("event_altered at position 5")
    for size in sealed_log.SIZES:
        assert verifier.main(["--proof", answers(first=size), "--key", log.key, "--checkpoints", str(log.file)]) == 0
    assert verifier.main(["--proof", answers(first=6), "--key", log.key, "--checkpoints", str(log.file)]) == 2
    assert verifier.main(["--proof", answers(first=5), "--key", log.key]) == 2


def test_a_wrong_answer_proves_nothing(log, answers, verifier, capsys):
    def change(name, value):
        return lambda told: told.update({name: value})

    ours = ["--key", log.key, "--checkpoints", str(log.file)]
    for wrong in (
        answers(event=4, change=change("position", 5)),
        answers(event=4, change=change("position", 40)),
        answers(event=4, change=change("leaf_hash", "00" * 32)),
        answers(event=4, change=lambda told: told["hashes"].pop()),
        answers(event=4, change=lambda told: told["hashes"].append("00" * 32)),
        answers(event=4, change=change("checkpoint", None)),
    ):
        assert verifier.main(["--proof", wrong, *ours]) == 1
    for wrong in (
        answers(first=5, change=change("from_size", 8)),
        answers(first=5, change=lambda told: told["hashes"].pop()),
        answers(first=5, change=change("hashes", [])),
    ):
        assert verifier.main(["--proof", wrong, *ours]) == 1
    stranger = str(notes.Signer.made("hotel.example/audit").verifier)
    assert verifier.main(["--proof", answers(event=4), "--key", stranger]) == 1
    assert verifier.main(["--proof", answers(event=4, change=change("hashes", "x")), *ours]) == 2


# --- the export ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_empty_log_is_a_bundle_too(settings, tmp_path, verifier):
    sealed_log.kept_apart(settings, tmp_path)
    out = StringIO()
    call_command("export_audit", stdout=out)
    assert [json.loads(line)["kind"] for line in out.getvalue().splitlines()] == ["log", "end"]
    (tmp_path / "bundle").write_text(out.getvalue())
    assert verifier.main([str(tmp_path / "bundle"), "--key", str(keys.signing_key().verifier)]) == 0


def test_the_bundle_is_whole_or_not_there(log, tmp_path, monkeypatch):
    def breaks_off():
        yield "half\n"
        raise KeyboardInterrupt

    folder = tmp_path / "to"
    folder.mkdir()
    with monkeypatch.context() as cut:
        cut.setattr("empower.audit.management.commands.export_audit.bundle_lines", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            call_command("export_audit", to=folder / "bundle")
    assert list(folder.iterdir()) == []
    with pytest.raises(CommandError, match="can't be written"):
        call_command("export_audit", to=tmp_path / "no" / "folder")


def test_ten_times_the_log_is_exported_by_no_more_questions(log, django_assert_max_num_queries):
    sealed_log.record(200, 100)
    call_command("seal", stdout=StringIO())
    with django_assert_max_num_queries(5):
        assert sum(1 for _line in bundle_lines()) == 1 + 4 + 215 + 1
