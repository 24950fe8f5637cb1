"""The checkpoints and the proofs by the API: what they say a stranger can check, and who may ask."""

import pytest
from rest_framework.test import APIClient

from empower.audit.models import AuditEvent, Checkpoint
from empower.audit.proof import merkle, notes
from empower.audit.services import seal_log, sequence_events
from empower.incidents.services import log_incident
from tests.api.conftest import Caller, address, fields
from tests.audit.sealed_log import kept_apart


@pytest.fixture
def house(scene, settings, tmp_path):
    """The cast, its log under a checkpoint; two incidents after it, under another; one more that waits."""
    kept_apart(settings, tmp_path)
    scene.first = seal_log().checkpoint.size
    scene.incidents = [log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones]) for _one in range(2)]
    scene.second = seal_log().checkpoint.size
    scene.late = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones])
    return scene


def event_of(incident):
    return AuditEvent.objects.filter(subject_type="incident", subject_id=incident.pk).get()


def hashes(told, *names):
    return [bytes.fromhex(told[name]) for name in names]


def test_leaders_and_auditors_list_and_read_the_signed_notes(house, settings):
    for who in (house.chen, house.ada):
        caller = Caller(who)
        told = caller.get("audit/checkpoints/").json()["results"]
        assert [one["size"] for one in told] == [house.second, house.first]
        row = caller.get(f"audit/checkpoints/{told[0]['id']}/").json()
        assert row == told[0]
        assert row["public_key"] == str(notes.Signer.read(settings.CHECKPOINT_KEY).verifier)
        checkpoint = notes.checkpoint_of(row["note"])
        checkpoint.refuse_unless_signed([notes.Verifier.read(row["public_key"])])
        assert (checkpoint.size, checkpoint.root.hex()) == (row["size"], row["root"])
        assert fields(caller.get("audit/checkpoints/", sise=3)) == {"sise": ["unknown_filter"]}
        assert [one["size"] for one in caller.get("audit/checkpoints/", size_from=house.second).json()["results"]] == [
            house.second
        ]


def test_nobody_else_sees_one_and_nobody_makes_one(house):
    row = Checkpoint.objects.latest()
    for who in (house.maria, house.omar, house.grace, house.admin):
        caller = Caller(who)
        assert caller.get("audit/checkpoints/").json()["results"] == []
        assert caller.get(f"audit/checkpoints/{row.pk}/").status_code == 404
    caller = Caller(house.chen)
    assert caller.post("audit/checkpoints/", {}).status_code == 405
    assert caller.client.delete(address(f"audit/checkpoints/{row.pk}/")).status_code == 405
    assert APIClient().get(address("audit/checkpoints/")).status_code == 401
    assert Caller(house.chen, scopes=["reports:read"]).get("audit/checkpoints/").status_code == 403


@pytest.mark.parametrize("size", [None, "second"])
def test_an_inclusion_proof_leads_from_the_body_to_the_signed_root(house, size):
    caller, event = Caller(house.maria), event_of(house.incidents[0])
    asked = {} if size is None else {"size": getattr(house, size)}
    told = caller.get("audit/proofs/inclusion/", event=event.pk, **asked).json()
    body = caller.get(f"audit/events/{event.pk}/").json()["body"]
    assert told["event"] == str(event.pk)
    assert told["leaf_hash"] == merkle.leaf_hash(body.encode()).hex()
    assert told["position"] == event.position.position
    checkpoint = notes.checkpoint_of(told["checkpoint"]["note"])
    checkpoint.refuse_unless_signed([notes.Verifier.read(told["checkpoint"]["public_key"])])
    assert told["size"] == checkpoint.size == house.second
    path = [bytes.fromhex(one) for one in told["hashes"]]
    leaf = merkle.leaf_hash(body.encode())
    assert merkle.is_included(leaf, told["position"], told["size"], path, checkpoint.root)
    assert not merkle.is_included(merkle.leaf_hash(b"{}"), told["position"], told["size"], path, checkpoint.root)


def test_every_event_of_the_house_is_proven_under_every_checkpoint_after_it(house):
    caller = Caller(house.ada)
    for size in (house.first, house.second):
        for event in AuditEvent.objects.in_order().filter(position__position__lt=size):
            told = caller.get("audit/proofs/inclusion/", event=event.pk, size=size).json()
            (leaf,) = hashes(told, "leaf_hash")
            root = bytes.fromhex(told["checkpoint"]["root"])
            path = [bytes.fromhex(one) for one in told["hashes"]]
            assert merkle.is_included(leaf, told["position"], size, path, root)


def test_an_event_that_one_may_not_see_is_not_there(house):
    event = event_of(house.incidents[0])
    for who in (house.paul, house.admin):
        assert Caller(who).get("audit/proofs/inclusion/", event=event.pk).status_code == 404
    assert Caller(house.ada).get("audit/proofs/inclusion/", event=10**15).status_code == 404


def test_an_event_newer_than_the_last_checkpoint_is_a_409_that_says_so(house):
    caller = Caller(house.maria)
    for _queued_and_then_placed in range(2):
        answer = caller.get("audit/proofs/inclusion/", event=event_of(house.late).pk)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_sealed")
        assert answer.json()["state"] == {"sealed": house.second}
        sequence_events()
    seal_log()
    assert caller.get("audit/proofs/inclusion/", event=event_of(house.late).pk).status_code == 200


def test_before_the_first_checkpoint_nothing_is_sealed(scene, settings, tmp_path):
    kept_apart(settings, tmp_path)
    caller = Caller(scene.ada)
    event = AuditEvent.objects.first()
    assert caller.get("audit/proofs/inclusion/", event=event.pk).json()["code"] == "not_sealed"
    assert caller.get("audit/proofs/consistency/", **{"from": 1}).json()["code"] == "not_sealed"
    assert caller.get("audit/checkpoints/").json()["results"] == []


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({}, {"event": ["required"]}),
        ({"event": "one"}, {"event": ["invalid"]}),
        ({"event": "-1"}, {"event": ["invalid"]}),
        ({"event": ""}, {"event": ["invalid"]}),
        ({"event": "9" * 30}, {"event": ["invalid"]}),
        ({"event": "١"}, {"event": ["invalid"]}),
        ({"event": ["1", "2"]}, {"event": ["twice"]}),
        ({"event": "1", "sise": "3"}, {"sise": ["unknown_filter"]}),
        ({"event": "OWN", "size": "1"}, {"size": ["invalid"]}),
        ({"event": "OWN", "size": "FIRST"}, {"size": ["invalid"]}),
        ({"event": "OWN", "size": "0"}, {"size": ["invalid"]}),
    ],
)
def test_what_is_wrong_with_a_question_is_named(house, asked, wrong):
    words = {"OWN": event_of(house.incidents[0]).pk, "FIRST": house.first}
    asked = {name: words.get(value, value) if isinstance(value, str) else value for name, value in asked.items()}
    answer = Caller(house.maria).get("audit/proofs/inclusion/", **asked)
    assert (answer.status_code, fields(answer)) == (400, wrong)


def test_a_consistency_proof_leads_from_one_signed_root_to_the_other(house):
    rows = Caller(house.ada).get("audit/checkpoints/", ordering="size").json()["results"]
    caller = Caller(house.maria)
    for asked in ({}, {"to": house.second}):
        told = caller.get("audit/proofs/consistency/", **{"from": house.first}, **asked).json()
        assert (told["from_size"], told["to_size"]) == (house.first, house.second)
        assert [told["from_root"], told["to_root"]] == [row["root"] for row in rows]
        assert told["checkpoint"] == rows[1]
        path = [bytes.fromhex(one) for one in told["hashes"]]
        assert merkle.is_consistent(house.first, house.second, *hashes(told, "from_root", "to_root"), path)


def test_any_two_sizes_that_are_sealed_are_proven(house):
    caller = Caller(house.ada)
    for first, second in ((1, 1), (1, house.second), (3, 7), (house.first, house.first)):
        told = caller.get("audit/proofs/consistency/", **{"from": first, "to": second}).json()
        path = [bytes.fromhex(one) for one in told["hashes"]]
        assert merkle.is_consistent(first, second, *hashes(told, "from_root", "to_root"), path)
        assert (told["checkpoint"] is None) == (second not in (house.first, house.second))


@pytest.mark.parametrize(
    ("asked", "status", "wrong"),
    [
        ({}, 400, {"from": ["required"]}),
        ({"from": "0"}, 400, {"from": ["invalid"]}),
        ({"from": "3", "to": "2"}, 400, {"from": ["invalid"]}),
        ({"from": "3", "to": "0"}, 400, {"from": ["invalid"]}),
        ({"from": "x", "to": "y"}, 400, {"from": ["invalid"], "to": ["invalid"]}),
        ({"from": "1", "size": "2"}, 400, {"size": ["unknown_filter"]}),
        ({"from": "1", "to": "99999"}, 409, {"to": ["not_sealed"]}),
        ({"from": "99999"}, 409, {"from": ["not_sealed"]}),
    ],
)
def test_what_is_wrong_with_two_sizes_is_named(house, asked, status, wrong):
    answer = Caller(house.ada).get("audit/proofs/consistency/", **asked)
    assert (answer.status_code, fields(answer)) == (status, wrong)


def test_a_proof_costs_the_same_however_long_the_log(house, django_assert_num_queries):
    caller, event = Caller(house.ada), AuditEvent.objects.in_order().first()
    caller.get("audit/proofs/inclusion/", event=event.pk)

    def counted():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            caller.get("audit/proofs/inclusion/", event=event.pk)
            caller.get("audit/proofs/consistency/", **{"from": 3})
        return sum("audit_" in query["sql"] for query in asked.captured_queries)

    assert counted() == 5  # event, checkpoint, nodes; checkpoint, nodes
    for _one in range(30):
        log_incident(actor=house.maria, property=house.lax, guests=[house.jones])
    seal_log()
    assert counted() == 5
