"""The tree against RFC 6962's own words and the vectors that Certificate Transparency's implementations share."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some

from empower.audit.proof import merkle

# The eight leaves of certificate-transparency's merkle_tree_test, and the roots of the first 1, 2 ... 8 of them.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf, size, path), and (first, second, path): the same suite's, leaves counted from 0.
PATHS = [
    (0, 1, []),
    (0, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (5, 8, [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip
PROOFS = [
    (1, 1, []),
    (1, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (6, 8, [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 5, [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip


# --- the standard, word for word: 2.1.1, 2.1.3.1, 2.1.4.1 ----------------------------------------------------------


def mth(d):
    if len(d) == 0:
        return sha256(b"").digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = split(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m, d):
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def proof(m, d):
    return subproof(m, d, True)


def subproof(m, d, b):
    if m == len(d):
        return [] if b else [mth(d)]
    k = split(len(d))
    return [*subproof(m, d[:k], b), mth(d[k:])] if m <= k else [*subproof(m - k, d[k:], False), mth(d[:k])]


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


# --- ours, from the nodes that a table would hold ------------------------------------------------------------------


def kept(leaves):
    tree, nodes = merkle.Growing(), []
    for leaf in leaves:
        nodes += tree.append(merkle.leaf_hash(leaf))
    return nodes


def of(nodes, *ranges):
    return [
        merkle.fold([nodes[merkle.number_of(*node)] for node in merkle.covering(begin, end)]) for begin, end in ranges
    ]


def numbered(count):
    return [str(number).encode() for number in range(count)]


def test_the_roots_of_the_known_leaves():
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    tree = merkle.Growing()
    assert tree.root() == merkle.EMPTY_ROOT
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        tree.append(merkle.leaf_hash(leaf))
        assert tree.root().hex() == root
        assert of(kept(LEAVES), (0, tree.size))[0].hex() == root


@pytest.mark.parametrize(("index", "size", "hashes"), PATHS)
def test_the_known_inclusion_proofs(index, size, hashes):
    found = of(kept(LEAVES[:size]), *merkle.inclusion_ranges(index, size))
    assert [hash.hex() for hash in found] == hashes
    assert merkle.is_included(merkle.leaf_hash(LEAVES[index]), index, size, found, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second", "hashes"), PROOFS)
def test_the_known_consistency_proofs(first, second, hashes):
    found = of(kept(LEAVES), *merkle.consistency_ranges(first, second))
    assert [hash.hex() for hash in found] == hashes
    roots = bytes.fromhex(ROOTS[first - 1]), bytes.fromhex(ROOTS[second - 1])
    assert merkle.is_consistent(first, second, *roots, found)


def test_every_proof_of_every_small_tree_is_the_standards():
    for size in range(1, 34):
        leaves = numbered(size)
        nodes, root = kept(leaves), mth(leaves)
        assert len(nodes) == merkle.nodes_in(size)
        assert merkle.size_of(len(nodes)) == size
        assert of(nodes, (0, size)) == [root]
        for index in range(size):
            found = of(nodes, *merkle.inclusion_ranges(index, size))
            assert found == path(index, leaves)
            assert merkle.is_included(merkle.leaf_hash(leaves[index]), index, size, found, root)
            assert not merkle.is_included(merkle.leaf_hash(b"another"), index, size, found, root)
        for first in range(1, size + 1):
            found = of(nodes, *merkle.consistency_ranges(first, size))
            assert found == proof(first, leaves)
            assert merkle.is_consistent(first, size, mth(leaves[:first]), root, found)
            assert not merkle.is_consistent(first, size, mth([*leaves[: first - 1], b"another"]), root, found)


@given(some.integers(1, 400), some.data())
def test_a_proof_of_one_thing_proves_no_other(size, data):
    leaves = numbered(size)
    nodes = kept(leaves)
    root = of(nodes, (0, size))[0]
    index = data.draw(some.integers(0, size - 1), "index")
    found = of(nodes, *merkle.inclusion_ranges(index, size))
    leaf = merkle.leaf_hash(leaves[index])
    assert merkle.is_included(leaf, index, size, found, root)
    other = data.draw(some.integers(-1, size + 1), "another index")
    assert merkle.is_included(leaf, other, size, found, root) is (other == index)
    assert not merkle.is_included(leaf, index, size, [*found, root], root)
    assert not merkle.is_included(leaf, index, size, found[:-1], root) or not found
    if found:
        place = data.draw(some.integers(0, len(found) - 1), "which hash")
        wrong = found.copy()
        wrong[place] = merkle.leaf_hash(wrong[place])
        assert not merkle.is_included(leaf, index, size, wrong, root)


@given(some.integers(1, 400), some.data())
def test_no_proof_joins_two_histories(size, data):
    leaves = numbered(size)
    nodes = kept(leaves)
    first = data.draw(some.integers(1, size), "first")
    old, root = of(nodes, (0, first))[0], of(nodes, (0, size))[0]
    found = of(nodes, *merkle.consistency_ranges(first, size))
    assert merkle.is_consistent(first, size, old, root, found)
    changed = data.draw(some.integers(0, first - 1), "changed")
    forged = of(kept([*leaves[:changed], b"another", *leaves[changed + 1 :]]), (0, size))[0]
    assert not merkle.is_consistent(first, size, old, forged, found)
    assert not merkle.is_consistent(first, size, forged, root, found)
    assert not merkle.is_consistent(first, size, old, root, [*found, root])
    if found:
        assert not merkle.is_consistent(first, size, old, root, found[:-1])


@given(some.integers(1, 10**12), some.data())
def test_a_proof_takes_few_nodes_however_large_the_tree(size, data):
    index = data.draw(some.integers(0, size - 1))
    first = data.draw(some.integers(1, size))
    for ranges in (merkle.inclusion_ranges(index, size), merkle.consistency_ranges(first, size)):
        nodes = [node for one in ranges for node in merkle.covering(*one)]
        assert len(nodes) <= 2 * size.bit_length()
        assert all((at + 1) << level <= size for level, at in nodes)


@given(some.integers(0, 300), some.integers(0, 300))
def test_a_tree_that_goes_on_from_its_frontier_is_the_same(before, more):
    leaves = numbered(before + more)
    nodes = kept(leaves)
    tree = merkle.Growing(before, [nodes[merkle.number_of(*node)] for node in merkle.covering(0, before)])
    added = [node for leaf in leaves[before:] for node in tree.append(merkle.leaf_hash(leaf))]
    assert nodes[merkle.nodes_in(before) :] == added
    assert tree.root() == mth(leaves)


def test_what_is_no_tree_and_no_question_is_refused():
    assert [merkle.size_of(count) for count in range(12)] == [0, 1, None, 2, 3, None, None, 4, 5, None, 6, 7]
    for index, size in ((0, 0), (1, 1), (-1, 3)):
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_ranges(index, size)
    for first, second in ((0, 1), (2, 1)):
        with pytest.raises(ValueError, match="no proof"):
            merkle.consistency_ranges(first, second)
    with pytest.raises(ValueError, match="frontier"):
        merkle.Growing(3, [b""])
