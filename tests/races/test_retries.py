"""What is sent twice is done once, by real requests: at the same instant, one after another, cut off before the answer."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connections, transaction

from empower.audit.models import AuditEvent
from empower.incidents.models import Incident
from empower.incidents.services import log_incident
from empower.spending.models import Approval, Gesture, Spend
from empower.spending.services import give_spend
from empower.staff.services import issue_token
from tests.scene import set_the_scene

pytestmark = pytest.mark.races

AT_ONCE = 8
COMMANDS_OF_A_TOKEN = 150  # each is sent five times at most, and a token is promised 1,000 a minute


class Command:
    """One thing to be done, and how often and how it is sent. ``answers``: [(status, body, replayed)] that were read."""

    def __init__(self, path, body, token, chance):
        self.path, self.body, self.token = path, body, token
        self.key = uuid4().hex
        self.times = chance.randint(2, 5)
        self.together = chance.random() < 0.4
        self.cut = [chance.random() < 0.3 for _ in range(self.times)]
        self.patience = chance.choice([0, 0.002, 0.02])
        self.answers, self.lost = [], []

    def send(self, url, *, cut=False, with_key=True):
        address = urlsplit(url)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if with_key:
            headers["Idempotency-Key"] = self.key
        line = http.client.HTTPConnection(address.hostname, address.port, timeout=300)
        try:
            line.request("POST", f"/api/v1/{self.path}", json.dumps(self.body), headers)
            if cut:
                time.sleep(self.patience)
                return
            answer = line.getresponse()
            told = json.loads(answer.read())
            if answer.status in (409, 503) and told["code"] in ("in_progress", "busy"):
                self.lost.append(answer.headers["Retry-After"])  # it says when to send it again
            else:
                self.answers.append((answer.status, told, answer.headers["Idempotent-Replayed"]))
        finally:
            line.close()

    def live(self, url, **how):
        """Sends it as often as it is sent, then until it has an answer: what a client does that must know."""
        if self.together:
            with ThreadPoolExecutor(self.times) as people:
                list(people.map(lambda cut: self.send(url, cut=cut, **how), self.cut))
        else:
            for cut in self.cut:
                self.send(url, cut=cut, **how)
        for _ in range(5):
            if self.answers:
                break
            self.send(url, **how)


def tokens_of(person, number):
    for _ in range(number):
        yield issue_token(actor=person, employee=person, name="retries")[1]


def commands(scene, count, chance):
    """``count`` commands: a third logs an incident, a third gives, a third approves."""
    third = count // 3
    number = 1 + count // COMMANDS_OF_A_TOKEN
    marias, omars = list(tokens_of(scene.maria, number)), list(tokens_of(scene.omar, number))
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[{"name": "Dr Haddad"}])
    guest, gesture = incident.guests.get(), Gesture.objects.get(code="refund")
    made = []
    for place in range(third):
        maria, omar = marias[place % number], omars[place % number]
        made.append(
            Command("incidents/", {"guests": [{"name": f"Guest {place}"}], "narrative": f"No. {place}"}, maria, chance)
        )
        wish = {
            "incident": str(incident.pk), "guest": str(guest.pk), "gesture": "refund", "amount": "0.25", "currency": "USD",
        }  # fmt: skip
        made.append(Command("spends/", wish, maria, chance))
        here = log_incident(actor=scene.tomas, property=scene.lax, guests=[{"name": f"Guest {place} of Tomas"}])
        asked = give_spend(
            actor=scene.tomas, incident=here, guest=here.guests.get(), gesture=gesture, amount=210_000, currency="USD"
        )
        made.append(
            Command(f"approvals/{asked.approval.pk}/approve/", {"reason": "Yes.", "amount": "2050.00"}, omar, chance)
        )
    chance.shuffle(made)
    return made


def effects():
    """How often each thing was done: by the rows, and by the log."""
    done = Counter(AuditEvent.objects.filter(outcome="accepted").values_list("verb", flat=True))
    return {
        "incidents": (Incident.objects.count(), done["incident.logged"]),
        "spends": (Spend.objects.filter(judged_as="own").count(), done["spend.posted"]),
        "decisions": (Approval.objects.filter(status="approved").count(), done["spend.approved"]),
    }


def live_all(made, url, **how):
    with ThreadPoolExecutor(AT_ONCE) as people:
        list(people.map(lambda command: command.live(url, **how), made))
    connections.close_all()


def each_is_done_once(serve, count, seed):
    scene = set_the_scene()
    made = commands(scene, count, random.Random(seed))
    before, third = effects(), count // 3
    served = serve(workers=2, threads=8)
    live_all(made, served.url)
    after = effects()
    assert {
        name: (rows - before[name][0], events - before[name][1]) for name, (rows, events) in after.items()
    } == dict.fromkeys(before, (third, third))
    for command in made:
        assert command.answers, (command.path, command.lost)
        statuses = {status for status, _told, _replayed in command.answers}
        assert statuses == {200 if "approve" in command.path else 201}, command.answers
        first = command.answers[0][1]
        assert all(told == first for _status, told, _replayed in command.answers)
        # One answer at most was given first; where its reader was cut off, every one that was read is a repetition.
        replayed = [replayed for _status, _told, replayed in command.answers]
        assert set(replayed) <= {None, "true"}
        assert replayed.count(None) <= 1
        if not any(command.cut) and not command.lost:
            assert replayed.count(None) == 1
    assert any(any(command.cut) for command in made)
    assert any(command.together for command in made)


def test_thirty_commands_sent_two_to_five_times_have_thirty_effects(own_database, serve):
    each_is_done_once(serve, 30, seed=3)


@pytest.mark.long
def test_a_thousand_commands_sent_two_to_five_times_have_a_thousand_effects(own_database, serve):
    each_is_done_once(serve, 999, seed=1000)


def test_without_a_key_the_same_commands_have_more_effects(own_database, serve):
    """The red control: where the header may be left out, what is sent twice is done twice."""
    scene = set_the_scene()
    [token] = tokens_of(scene.maria, 1)
    chance = random.Random(3)
    made = [Command("incidents/", {"guests": [{"name": f"Guest {n}"}]}, token, chance) for n in range(10)]
    live_all(made, serve(workers=2, threads=8).url, with_key=False)
    assert Incident.objects.count() > len(made), "nothing was done twice: the tests above prove nothing"
    assert {replayed for command in made for _status, _told, replayed in command.answers} == {None}


def test_who_meets_the_first_under_way_waits_five_seconds_and_is_told_when_to_come_again(own_database, serve):
    scene = set_the_scene()
    [token] = tokens_of(scene.maria, 1)
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[{"name": "Dr Haddad"}])
    url = serve(workers=2, threads=4).url
    wish = {
        "incident": str(incident.pk), "guest": str(incident.guests.get().pk), "gesture": "refund", "amount": "1.00",
        "currency": "USD",
    }  # fmt: skip
    first = Command("spends/", wish, token, random.Random(0))
    second = Command("spends/", wish, token, random.Random(0))
    second.key = first.key
    # That the token is in use is written down once in a while, and on SQLite every write waits for every other.
    first.body, whole = {}, first.body
    first.send(url)
    assert first.answers.pop()[0] == 400
    first.body = whole
    with transaction.atomic():
        # Whoever gives on this incident waits for us: the first is under way for as long as we like.
        Incident.objects.select_for_update().get(pk=incident.pk)
        under_way = threading.Thread(target=first.send, args=[url])
        under_way.start()
        time.sleep(3)
        began = time.monotonic()
        second.send(url)
        waited = time.monotonic() - began
        assert Spend.objects.count() == 0
    under_way.join()
    assert 4.5 < waited < 60
    assert (second.answers, second.lost) == ([], ["1"])
    [(status, told, replayed)] = first.answers
    assert (status, replayed) == (201, None)
    second.send(url)
    assert second.answers == [(201, told, "true")]
    assert Spend.objects.count() == 1
