"""Signed notes and checkpoints, as C2SP writes them (signed-note, tlog-checkpoint), with Ed25519.

::

    empower/audit-3f9a1c20
    1729
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — empower/audit-3f9a1c20 x08go/ZJkuBS9UG...

The origin, which is the key's name; how many events; the root in base64; an empty line; the signatures. A key is
written as Go's ``golang.org/x/mod/sumdb/note`` writes it: ``name+hash+base64`` to verify with, ``PRIVATE+KEY+`` and
the same to sign with.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"

#: Where in any text (a file, a mail) a checkpoint stands. Other text between them is passed over.
_NOTE = re.compile(
    r"^(?P<text>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n(?:[^\s][^\n]*\n)*)\n"
    r"(?P<signatures>(?:\u2014 [^\s+]+ [A-Za-z0-9+/]+=*\n)+)",
    re.MULTILINE,
)


class Untrue(Exception):
    """A note that can't be relied on. ``kind`` is the name of the fault, for scripts."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Verifier:
    """A public key by its name."""

    name: str
    public: bytes

    @classmethod
    def read(cls, text):
        """Of ``name+hash+base64``. ValueError where it is none."""
        name, hash, key = _parts(text.strip())
        if key_hash(name, key) != hash:
            raise ValueError("the key's hash is not that of its name and bytes")
        return cls(name, key[1:])

    def __str__(self):
        key = _ED25519 + self.public
        return f"{self.name}+{key_hash(self.name, key)}+{b64encode(key).decode()}"

    @property
    def hash(self):
        return key_hash(self.name, _ED25519 + self.public)

    def signed(self, text, signature):
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key by its name. Ed25519 has no chance in it: one text, one signature."""

    name: str
    seed: bytes

    @classmethod
    def read(cls, text):
        """Of ``PRIVATE+KEY+name+hash+base64``. ValueError where it is none; the message does not repeat the key."""
        text = text.strip()
        if not text.startswith(_PRIVATE):
            raise ValueError(f"it does not begin with {_PRIVATE}")
        name, hash, key = _parts(text.removeprefix(_PRIVATE))
        signer = cls(name, key[1:])
        if signer.verifier.hash != hash:
            raise ValueError("the key's hash is not that of its name and bytes")
        return signer

    @classmethod
    def made(cls, name):
        if not re.fullmatch(r"[^\s+]{1,200}", name):
            raise ValueError("a key's name has no space and no +, and 1 to 200 characters")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    def __str__(self):
        return f"{_PRIVATE}{self.name}+{self.verifier.hash}+{b64encode(_ED25519 + self.seed).decode()}"

    def __repr__(self):
        return f"<Signer {self.name}>"  # no log and no error page shows the seed

    @property
    def verifier(self):
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    @property
    def _key(self):
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def sign(self, text):
        """``text``, which ends with a newline, as a signed note."""
        if not text.endswith("\n") or "\n\n" in text:
            raise ValueError("a note's text ends with a newline, and has no empty line")
        signature = bytes.fromhex(self.verifier.hash) + self._key.sign(text.encode())
        return f"{text}\n\u2014 {self.name} {b64encode(signature).decode()}\n"


@dataclass(frozen=True)
class Checkpoint:
    """What a note of the log says."""

    origin: str
    size: int
    root: bytes
    note: str

    @classmethod
    def signed_by(cls, signer, size, root):
        text = f"{signer.name}\n{size}\n{b64encode(root).decode()}\n"
        return cls(signer.name, size, root, signer.sign(text))

    def refuse_unless_signed(self, trusted):
        """Answers the verifier, of those ``trusted``, whose signature this carries.

        Untrue ``checkpoint_forged``: none of them signed it, or one that claims to be theirs does not hold. Other
        signatures (a witness's) are nobody's business here.
        """
        text, _empty, signatures = self.note.rpartition("\n\n")
        found = None
        for line in signatures.splitlines():
            name, signature = line.removeprefix("\u2014 ").split(" ")
            signature = _decoded(signature)
            for key in trusted:
                if (key.name, key.hash) == (name, signature[:4].hex()):
                    if not key.signed(f"{text}\n", signature[4:]):
                        raise Untrue("checkpoint_forged", f"the signature of {name} does not hold")
                    found = found or key
        if found is None:
            names = ", ".join(sorted({line.split(" ")[1] for line in signatures.splitlines()}))
            raise Untrue("checkpoint_forged", f"no key that is trusted here signed it (it names {names})")
        if found.name != self.origin:
            raise Untrue("checkpoint_forged", f"it is of {self.origin}, and signed for {found.name}")
        return found


def checkpoints_in(text):
    """The checkpoints of a text, in its order; what is none of them is passed over. No signature is checked.

    A note that was cut off in its signature is none: a sealer may be killed while it writes.
    """
    return [
        Checkpoint(match["origin"], int(match["size"]), _decoded(match["root"]), match[0])
        for match in _NOTE.finditer(text)
        if any(len(_decoded(line.rpartition(" ")[2])) == 4 + 64 for line in match["signatures"].splitlines())
    ]


def checkpoint_of(note):
    """The one checkpoint that this note is. Untrue ``checkpoint_malformed``."""
    found = checkpoints_in(note)
    if len(found) != 1 or found[0].note != note:
        raise Untrue("checkpoint_malformed", "its note is not that of a checkpoint")
    return found[0]


def key_hash(name, key):
    """The first four bytes of SHA-256 of the name, a newline, the algorithm and the public key; in hex."""
    return sha256(name.encode() + b"\n" + key).digest()[:4].hex()


def _parts(text):
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]) or not re.fullmatch(r"\S{1,200}", parts[0]):
        raise ValueError("a key is written name+hash+base64")
    key = _decoded(parts[2])
    if len(key) != 33 or key[:1] != _ED25519:
        raise ValueError("only Ed25519 keys are known here")
    return parts[0], parts[1], key


def _decoded(text):
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""
