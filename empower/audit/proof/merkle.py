"""The Merkle tree of RFC 9162 (and 6962), SHA-256: which hashes answer a question, and whether an answer is right.

Nothing here reads a row. A tree of n leaves is kept as its *nodes*: the roots of its complete subtrees of 2**level
leaves, numbered in the order in which appending makes them (0 leaf 0, 1 leaf 1, 2 the node above both, 3 leaf 2 ...),
so that a node never changes and a longer tree only adds. Whatever is asked of a tree of n leaves takes at most
2 log2(n) of them. Hashes are bytes.
"""

from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf):
    return sha256(b"\x00" + leaf).digest()


def node_hash(left, right):
    return sha256(b"\x01" + left + right).digest()


# --- where the nodes are -----------------------------------------------------------------------------------------


def number_of(level, index):
    """The number of the node over the leaves ``index * 2**level`` to ``(index + 1) * 2**level - 1``."""
    last = ((index + 1) << level) - 1
    return nodes_in(last) + level


def nodes_in(size):
    """How many nodes a tree of ``size`` leaves is kept as; the next leaf gets this number."""
    return 2 * size - size.bit_count()


def size_of(nodes):
    """How many leaves a tree has that is kept as so many nodes; None where no tree is."""
    size = nodes // 2
    while nodes_in(size) < nodes:
        size += 1
    return size if nodes_in(size) == nodes else None


def covering(begin, end):
    """The (level, index) of the nodes that cover the leaves from ``begin`` to before ``end``, left to right."""
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        if begin:
            level = min(level, (begin & -begin).bit_length() - 1)
        found.append((level, begin >> level))
        begin += 1 << level
    return found


def fold(hashes):
    """The root over subtrees that lie side by side, the larger ones first, as `covering` names them from 0 on."""
    *rest, root = hashes
    for left in reversed(rest):
        root = node_hash(left, root)
    return root


class Growing:
    """A tree that is appended to, in memory: the frontier alone, one hash for each bit of its size.

    ``Growing(size, hashes)`` goes on from a tree whose `covering` nodes are ``hashes``.
    """

    def __init__(self, size=0, hashes=()):
        self.size, self.frontier = size, list(hashes)
        if len(self.frontier) != size.bit_count():
            raise ValueError(f"The frontier of {size} leaves is {size.bit_count()} hashes, not {len(self.frontier)}.")

    def append(self, leaf):
        """Takes a leaf's hash; answers the nodes that it completes, in the order of their numbers."""
        made = [leaf]
        size = self.size
        while size & 1:
            leaf = node_hash(self.frontier.pop(), leaf)
            made.append(leaf)
            size >>= 1
        self.frontier.append(leaf)
        self.size += 1
        return made

    def root(self):
        return fold(self.frontier) if self.frontier else EMPTY_ROOT


# --- what a proof consists of ------------------------------------------------------------------------------------
# The hashes of a proof are the roots of ranges of leaves, from the lowest to the highest: (begin, end).


def inclusion_ranges(index, size):
    """RFC 9162, 2.1.3.1: PATH(index, D[size])."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    ranges, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + _half(end - begin)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    return ranges[::-1]


def consistency_ranges(first, second):
    """RFC 9162, 2.1.4.1: PROOF(first, D[second])."""
    if not 0 < first <= second:
        raise ValueError(f"There is no proof from {first} leaves to {second}.")
    ranges, begin, end = [], 0, second
    while first < end:
        middle = begin + _half(end - begin)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    if begin:  # the first tree's root is no node of the second's: it starts from the largest part they share
        ranges.append((begin, end))
    return ranges[::-1]


def _half(count):
    """The largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


# --- whether a proof is right ------------------------------------------------------------------------------------


def is_included(leaf, index, size, path, root):
    """RFC 9162, 2.1.3.2: does ``path`` lead from the leaf's hash, at ``index``, to the root of ``size`` leaves?"""
    if not 0 <= index < size:
        return False
    step, last, reached = index, size - 1, leaf
    for hash in path:
        if last == 0:
            return False
        if step & 1 or step == last:
            reached = node_hash(hash, reached)
            while not step & 1 and step:
                step, last = step >> 1, last >> 1
        else:
            reached = node_hash(reached, hash)
        step, last = step >> 1, last >> 1
    return last == 0 and reached == root


def is_consistent(first, second, first_root, second_root, path):
    """RFC 9162, 2.1.4.2: is the tree of ``first`` leaves the beginning of the tree of ``second``?"""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    step, last = first - 1, second - 1
    while step & 1:
        step, last = step >> 1, last >> 1
    old = new = path[0]
    for hash in path[1:]:
        if last == 0:
            return False
        if step & 1 or step == last:
            old, new = node_hash(hash, old), node_hash(hash, new)
            while not step & 1 and step:
                step, last = step >> 1, last >> 1
        else:
            new = node_hash(new, hash)
        step, last = step >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
