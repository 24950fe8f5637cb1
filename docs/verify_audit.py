#!/usr/bin/env python3
"""Checks a bundle of Empower's audit log against its signed checkpoints. One file, and nothing of Empower in it.

    python3 verify_audit.py BUNDLE --key NAME+HASH+BASE64 [--key ...] [--checkpoints FILE ...]
    python3 verify_audit.py --proof ANSWER --key ... [--event ANSWER] [--checkpoints FILE ...]

BUNDLE is what ``manage.py export_audit`` wrote ("-": standard input into a temporary file). The key is the house's
public key, which you were given by another way than the bundle. FILEs are texts with older checkpoints in them: the
sealer's own file, mails, notes of yours. With them a log that was cut short or written anew is found out.

With --proof it checks a single answer of the API instead: an inclusion proof, with --event the line that it is of; or a
consistency proof, with --checkpoints the older note that it begins from.

It recomputes every leaf and root (RFC 9162, SHA-256), checks every signature (Ed25519, C2SP signed notes), and adds up
the books as the events tell them. Exit 0: all agrees. Exit 1: the first thing that does not, with its position and its
kind. Exit 2: it could not look. Needs Python 3.9; uses the package "cryptography" where it is installed, because it is
quicker, and else the arithmetic below, which is that of RFC 8032.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import sys
import tempfile

# --- Ed25519, RFC 8032, section 5.1: verification ---------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point(encoded):
    """A point in extended coordinates, or None."""
    y = int.from_bytes(encoded, "little")
    x = recover_x(y & (1 << 255) - 1, y >> 255)
    y &= (1 << 255) - 1
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, p):
    q = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            q = add(q, p)
        p, scalar = add(p, p), scalar >> 1
    return q


def same(p, q):
    return not ((p[0] * q[2] - q[0] * p[2]) % P or (p[1] * q[2] - q[1] * p[2]) % P)


G_Y = 4 * pow(5, P - 2, P) % P
G_X = recover_x(G_Y, 0)
G = (G_X, G_Y, 1, G_X * G_Y % P)


def verify_plainly(public, message, signature):
    """RFC 8032, 5.1.7. True where the signature (64 bytes) is that of the message by this public key (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, G), add(r, times(h, key)))


def verify_by_library(public, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    verify_signature = verify_by_library
except ImportError:
    verify_signature = verify_plainly

# --- the tree, RFC 9162, section 2.1 ----------------------------------------------------------------------------------


def leaf_hash(body):
    return hashlib.sha256(b"\0" + body).digest()


class Tree:
    """A tree that is appended to: of each complete subtree that no larger one holds, the height and the root."""

    def __init__(self):
        self.size, self.parts = 0, []

    def append(self, leaf):
        height, self.size = 0, self.size + 1
        while self.parts and self.parts[-1][0] == height:
            leaf = hashlib.sha256(b"\1" + self.parts.pop()[1] + leaf).digest()
            height += 1
        self.parts.append((height, leaf))

    def root(self):
        if not self.parts:
            return hashlib.sha256(b"").digest()
        root = self.parts[-1][1]
        for _height, left in reversed(self.parts[:-1]):
            root = hashlib.sha256(b"\1" + left + root).digest()
        return root


def path_to_root(leaf, index, size, path):
    """The root that an audit path leads to (2.1.3.2), or None where the path is of another length."""
    step, last = index, size - 1
    if not 0 <= index < size:
        return None
    for other in path:
        if last == 0:
            return None
        if step & 1 or step == last:
            leaf = hashlib.sha256(b"\1" + other + leaf).digest()
            while step and not step & 1:
                step, last = step >> 1, last >> 1
        else:
            leaf = hashlib.sha256(b"\1" + leaf + other).digest()
        step, last = step >> 1, last >> 1
    return leaf if last == 0 else None


def goes_on(first, second, first_root, second_root, path):
    """Whether the tree of ``first`` leaves is the beginning of that of ``second`` (2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    path = ([first_root] if first & (first - 1) == 0 else []) + path
    step, last = first - 1, second - 1
    while step & 1:
        step, last = step >> 1, last >> 1
    if not path:
        return False
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if step & 1 or step == last:
            old = hashlib.sha256(b"\1" + other + old).digest()
            new = hashlib.sha256(b"\1" + other + new).digest()
            while step and not step & 1:
                step, last = step >> 1, last >> 1
        else:
            new = hashlib.sha256(b"\1" + new + other).digest()
        step, last = step >> 1, last >> 1
    return last == 0 and (old, new) == (first_root, second_root)


# --- checkpoints: C2SP signed-note and tlog-checkpoint ----------------------------------------------------------------

NOTE = re.compile(
    r"^(?P<text>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n(?:[^\s][^\n]*\n)*)\n"
    r"(?P<signatures>(?:\u2014 [^\s+]+ [A-Za-z0-9+/]+=*\n)+)",
    re.MULTILINE,
)


class Found(Exception):
    """The first thing that does not agree: its kind, where, and a sentence."""

    def __init__(self, kind, position, sentence):
        super().__init__(sentence)
        self.kind, self.position = kind, position


def unbase64(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def read_key(text):
    """(name, hash, public key) of ``name+hash+base64``."""
    try:
        name, hash, encoded = text.strip().split("+", 2)
    except ValueError:
        raise CouldNotLook("a key is written name+hash+base64") from None
    key = unbase64(encoded)
    if len(key) != 33 or key[:1] != b"\1" or hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] != hash:
        raise CouldNotLook(f"this is no Ed25519 key of {name}: its bytes and its hash do not go together")
    return name, hash, key[1:]


def checkpoint(match, keys, where):
    """(size, root, where) of a note that one of the keys signed."""
    size, text, signed = int(match["size"]), match["text"].encode(), False
    for line in match["signatures"].splitlines():
        name, signature = line[2:].split(" ")
        signature = unbase64(signature)
        for known, hash, public in keys:
            if (known, hash) == (name, signature[:4].hex()):
                if known != match["origin"] or not verify_signature(public, text, signature[4:]):
                    raise Found(
                        "checkpoint_forged", None, f"the checkpoint of {size} events {where} is not signed by {name}"
                    )
                signed = True
    if not signed:
        raise Found(
            "checkpoint_forged", None, f"the checkpoint of {size} events {where} is signed by no key that you gave"
        )
    return size, unbase64(match["root"]), where


def checkpoints_in(text, keys, where):
    found = []
    for match in NOTE.finditer(text.replace("\r\n", "\n")):
        if any(len(unbase64(line.rpartition(" ")[2])) == 68 for line in match["signatures"].splitlines()):
            found.append(checkpoint(match, keys, where))
    return found


# --- the bundle -------------------------------------------------------------------------------------------------------


def lines_of(path):
    """Each line of the bundle as a dict. Found ``bundle_broken`` where it is not one, or ends too early."""
    last = None
    with open(path, encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            try:
                last = json.loads(line)
                last["kind"]
            except (ValueError, KeyError, TypeError):
                raise Found("bundle_broken", None, f"line {number} of the bundle can't be read") from None
            yield last
    if last is None or last["kind"] != "end":
        raise Found("bundle_broken", None, "the bundle breaks off: it has no end")


def verify(path, keys, others):
    """Answers what was seen, as a dict; Found with the first thing that does not agree."""
    signed = [one for name, text in others for one in checkpoints_in(text, keys, f"in {name}")]
    tree, books, head, in_bundle = Tree(), Books(), None, 0
    pending, matched = None, 0
    for line in lines_of(path):
        if line["kind"] == "log":
            head = line
            if line.get("version") != 1:
                raise Found("bundle_broken", None, "this verifier reads bundles of version 1")
        elif line["kind"] == "checkpoint":
            if pending is not None:
                raise Found(
                    "bundle_broken", None, "a checkpoint stands after the events, where it would not be met with them"
                )
            match = NOTE.fullmatch(line["note"])
            if not match:
                raise Found("checkpoint_malformed", None, f"a checkpoint of the bundle is none: {line['note'][:80]!r}")
            signed.append(checkpoint(match, keys, "in the bundle"))
            in_bundle += 1
        elif line["kind"] == "event":
            if pending is None:
                pending = by_size(signed)
            position, body = line["position"], line["body"].encode("utf-8", "surrogatepass")
            if position != tree.size:
                raise Found("position_gap", tree.size, f"position {tree.size} is missing: the next one is {position}")
            leaf = leaf_hash(body)
            if line["leaf"] is not None and line["leaf"] != leaf.hex():
                raise what_differs(path, position, leaf.hex(), line["leaf"])
            tree.append(leaf)
            books.add(position, body)
            met = matched
            while pending and pending[-1][0] == tree.size:
                met, root, where = pending.pop()
                if root != tree.root():
                    raise Found(
                        "checkpoint_mismatch", matched,
                        f"the first {tree.size} events are not those of the checkpoint {where}: the log was rewritten "
                        f"somewhere from position {matched} to {tree.size - 1}",
                    )  # fmt: skip
            matched = met
    pending = by_size(signed) if pending is None else pending
    if pending:
        size, _root, where = pending[0]
        raise Found("log_truncated", tree.size, f"the log has {tree.size} events; the checkpoint {where} is of {size}")
    if head is None or head["size"] != tree.size or head["checkpoints"] != in_bundle:
        raise Found("bundle_broken", None, "the bundle does not hold what its first line says")
    books.refuse_unless_balanced()
    return {"events": tree.size, "sealed": matched, "checkpoints": in_bundle, "others": len(signed) - in_bundle} | {
        "entries": len(books.entries), "currencies": books.booked,
    }  # fmt: skip


def by_size(signed):
    """The largest first. One of no event says nothing."""
    return sorted((one for one in signed if one[0]), key=lambda one: one[0], reverse=True)


def what_differs(path, position, leaf, kept):
    """The kind of what happened at a position, by a second look at all of them: where else do these two stand?"""
    stood_elsewhere = stands_elsewhere = False
    for line in lines_of(path):
        if line["kind"] == "event" and line["position"] != position:
            stood_elsewhere = stood_elsewhere or line["leaf"] == leaf
            hashed = leaf_hash(line["body"].encode("utf-8", "surrogatepass")).hex()
            stands_elsewhere = stands_elsewhere or hashed == kept
    kind, sentence = {
        (True, True): (
            "event_moved",
            "an event stands here that stood elsewhere, and the one of here stands elsewhere",
        ),
        (True, False): ("event_deleted", "the event that stood here is gone; what stands here came after it"),
        (False, True): (
            "event_inserted",
            "an event stands here that was not in the log; the one of here stands elsewhere",
        ),
        (False, False): ("event_altered", "the event that stood here is gone; another stands in its place"),
    }[stood_elsewhere, stands_elsewhere]
    return Found(kind, position, sentence)


# --- one answer of the API ---------------------------------------------------------------------------------------------


def verify_proof(told, event, keys, others):
    """A sentence of what is proven; Found where nothing is."""
    older = [one for name, text in others for one in checkpoints_in(text, keys, f"in {name}")]
    match = NOTE.fullmatch((told.get("checkpoint") or {}).get("note", ""))
    if not match:
        raise Found("checkpoint_malformed", None, "the answer carries no checkpoint")
    size, root, _where = checkpoint(match, keys, "in the answer")
    path = [bytes.fromhex(one) for one in told["hashes"]]
    if "leaf_hash" in told:
        leaf, position = bytes.fromhex(told["leaf_hash"]), told["position"]
        if event is not None and leaf_hash(event["body"].encode()) != leaf:
            raise Found("event_altered", position, "the body of the event does not hash to the proof's leaf")
        if path_to_root(leaf, position, size, path) != root:
            raise Found(
                "proof_wrong", position, f"the path does not lead to the root of the {size} events that were signed"
            )
        what = "The event" if event is not None else "What hashes to the leaf"
        return f"{what} stands at position {position} of the {size} events that were signed."
    first = told["from_size"]
    known = [one for one in older if one[0] == first]
    if not known:
        raise CouldNotLook(f"to begin from {first} events, give the checkpoint of them: --checkpoints FILE")
    for _size, old, where in known:
        if not goes_on(first, size, old, root, path):
            raise Found(
                "proof_wrong", None, f"the {size} events that were signed do not go on from the checkpoint {where}"
            )
    return f"The {size} events that were signed begin with the {first} that were signed before."


# --- the books, from the events alone ---------------------------------------------------------------------------------


class Books:
    """Every journal entry that an accepted event tells of: each balances, and is told once or always the same."""

    def __init__(self):
        self.entries, self.sums, self.booked = {}, {}, {}

    def add(self, position, body):
        try:
            event = json.loads(body)
            entries = (event["after"] or {}).get("entries") or ()
            if event["outcome"] != "accepted" or not entries:
                return
            told = [
                (e["id"], e["currency"], [(p["id"], p["account"], p["amount"]) for p in e["postings"]]) for e in entries
            ]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Found("event_unreadable", position, "its body is not that of an event") from None
        for number, currency, postings in told:
            seen = hashlib.sha256(json.dumps([currency, postings]).encode()).digest()[:16]
            if number in self.entries:
                if self.entries[number] != seen:
                    raise Found("entry_told_twice", position, f"journal entry {number} was told before, otherwise")
                continue
            self.entries[number] = seen
            amounts = [amount for _id, _account, amount in postings]
            if sum(amounts):
                raise Found(
                    "entry_not_balanced",
                    position,
                    f"journal entry {number} sums to {sum(amounts)} {currency} minor units",
                )
            self.sums[currency] = self.sums.get(currency, 0) + sum(amounts)
            self.booked[currency] = self.booked.get(currency, 0) + sum(amount for amount in amounts if amount > 0)

    def refuse_unless_balanced(self):
        for currency, total in sorted(self.sums.items()):
            if total:
                raise Found("currency_not_balanced", None, f"all entries in {currency} sum to {total} minor units")


# --- the door ---------------------------------------------------------------------------------------------------------


class CouldNotLook(Exception):
    """It could not look: exit 2."""


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0],
        epilog="Exit 0: all agrees. 1: the first thing that does not. 2: it could not look.",
    )
    parser.add_argument("bundle", nargs="?", help='what "manage.py export_audit" wrote; "-" is standard input')
    parser.add_argument(
        "--key", action="append", required=True, metavar="KEY", help="the house's public key; may be repeated"
    )
    parser.add_argument(
        "--checkpoints", action="append", default=[], metavar="FILE", help="a text with older checkpoints"
    )
    parser.add_argument("--proof", metavar="ANSWER", help="the API's answer to audit/proofs/... instead of a bundle")
    parser.add_argument(
        "--event", metavar="ANSWER", help="the API's answer to audit/events/ID/, with an inclusion proof"
    )
    parser.add_argument("--plain", action="store_true", help="check signatures by this file's own arithmetic")
    asked = parser.parse_args(arguments)
    if (asked.bundle is None) == (asked.proof is None):
        parser.error("say what to check: a bundle, or --proof")
    global verify_signature
    if asked.plain:
        verify_signature = verify_plainly
    try:
        keys = [read_key(text) for text in asked.key]
        others = []
        for name in asked.checkpoints:
            with open(name, encoding="utf-8", errors="replace") as file:
                others.append((name, file.read()))
        if asked.proof:
            print(verify_proof(read_json(asked.proof), asked.event and read_json(asked.event), keys, others))
            return 0
        if asked.bundle == "-":
            with tempfile.NamedTemporaryFile() as copy:
                shutil.copyfileobj(sys.stdin.buffer, copy)
                copy.flush()
                seen = verify(copy.name, keys, others)
        else:
            seen = verify(asked.bundle, keys, others)
    except Found as found:
        print(f"{found.kind}{'' if found.position is None else f' at position {found.position}'}: {found}.")
        return 1
    except (CouldNotLook, OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        print(f"It could not look: {fault}.", file=sys.stderr)
        return 2
    print(
        f"All agrees: {seen['events']} events, {seen['sealed']} of them under a checkpoint; {seen['checkpoints']} checkpoints "
        f"in the bundle, {seen['others']} from elsewhere; {seen['entries']} journal entries balance."
    )
    for currency, total in sorted(seen["currencies"].items()):
        print(f"  {currency}: {total} minor units debited, as many credited.")
    if seen["sealed"] < seen["events"]:
        print(
            f"  The last {seen['events'] - seen['sealed']} events are under no checkpoint yet: nothing is proven of them."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
