#!/usr/bin/python3
"""kill -9 of gateway, dispatcher and PostgreSQL at random moments, under reports and lives that go on by retrying.

Afterwards: nothing acknowledged is lost, nothing is doubled, every task is delivered or escalated, every acknowledged
command stands exactly once in a history, and each history replays to its row.
Environment: CHAOS_SEED (else printed), CHAOS_SECONDS=60, CHAOS_KILLS=8 at least, CHAOS_REPORTS=0 (0: as many as come).
The long form of the promises: CHAOS_KILLS=20 CHAOS_REPORTS=5000.
"""
import json
import os
import queue
import random
import threading
import time
import unittest
import uuid

import wangge_e2e as e2e

SEED = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(1, 10**9))
SECONDS = float(os.environ.get("CHAOS_SECONDS", "60"))
KILLS = int(os.environ.get("CHAOS_KILLS", "8"))
REPORTS = int(os.environ.get("CHAOS_REPORTS", "0"))
SENDERS, PAUSE = 6, 0.05  # no faster than the handful of phones here answers: kills are what is tried, not speed


def setUpModule():
    e2e.say(f"chaos seed {SEED} (CHAOS_SEED={SEED} repeats the choices)")
    e2e.shared()


def tearDownModule():
    e2e.close()


class Senders:
    """Reports until told to stop, each with its own key, repeated until it is acknowledged."""

    def __init__(self, system, limit):
        self.w, self.limit, self.stop = system, limit, threading.Event()
        self.tokens = [a["token"] for a in system.accounts if a["role"] == "patroller"]
        self.lock, self.acknowledged, self.wrong, self.retries, self.begun = threading.Lock(), {}, [], 0, 0
        self.threads = [threading.Thread(target=self.run, args=(n,), daemon=True) for n in range(SENDERS)]
        for t in self.threads:
            t.start()

    def run(self, n):
        client, chance, points = e2e.Client(self.w.port), random.Random(SEED + n), self.w.points(200, SEED + n)
        while not self.stop.is_set():
            with self.lock:
                if self.limit and self.begun >= self.limit:
                    return
                self.begun += 1
            key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
            lon, lat = chance.choice(points)
            body = e2e.report_body(self.w, lon=lon, lat=lat, description=f"混沌 {key}", category=chance.choice([e2e.MANHOLE, e2e.LITTER]))
            self.until_acknowledged(client, key, body, self.tokens[n % len(self.tokens)])
            self.stop.wait(PAUSE)

    def until_acknowledged(self, client, key, body, token):
        end = time.monotonic() + 180
        while time.monotonic() < end:
            try:
                answer = client.post("/api/v1/reports", token, body, headers={"Idempotency-Key": key}, timeout=10)
            except Exception:  # no answer: the same again
                answer = None
            if answer is not None and answer.status in (201, 202):
                with self.lock:
                    self.acknowledged[key] = answer.body
                return
            with self.lock:
                self.retries += 1
                if answer is not None and answer.status not in (429, 503, 507):
                    self.wrong.append(f"{key}: {answer}")
                    return
            time.sleep(0.2)
        with self.lock:
            self.wrong.append(f"{key}: not acknowledged within 180 s")

    def finish(self):
        if not self.limit:
            self.stop.set()
        for t in self.threads:
            t.join(1200)
        self.stop.set()


class Squads:
    """Every squad's phone: says `received`, and the work goes on: sign, dispose, each command repeated until answered."""

    def __init__(self, system):
        self.w, self.stop, self.work = system, threading.Event(), queue.Queue()
        self.done, self.wrong, self.seen = [], [], set()
        squads = system.rows("SELECT key, unit FROM squad")
        self.streams = []
        for squad in squads:
            token = system.holder_of({"squad": squad["key"], "unit": squad["unit"]})
            self.streams.append((token, e2e.Stream(system, "/api/v1/tasks/stream", token)))
        for account in system.accounts:
            if account["role"] == "patroller":
                self.streams.append((account["token"], e2e.Stream(system, "/api/v1/tasks/stream", account["token"])))
        self.threads = [threading.Thread(target=self.answer, daemon=True)] + [threading.Thread(target=self.live, daemon=True) for _ in range(3)]
        for t in self.threads:
            t.start()

    def answer(self):
        client, given = e2e.Client(self.w.port), {}
        while not self.stop.is_set():
            busy = False
            for token, stream in self.streams:
                with stream.lock:
                    events = stream.events[given.get(id(stream), 0):]
                for event in events:
                    given[id(stream)] = given.get(id(stream), 0) + 1
                    if event[1] != "task":
                        continue
                    task = event[2]
                    mark = (task["task_id"], task["epoch"])
                    try:
                        got = client.post(f"/api/v1/tasks/{task['task_id']}/received", token, {"epoch": task["epoch"]}, timeout=10)
                    except Exception:
                        continue  # the stream brings it again
                    if got.status == 204 and mark not in self.seen:
                        busy = True
                        self.seen.add(mark)
                        if task["kind"] == "dispose":
                            self.work.put((token, task))
            if not busy:
                time.sleep(0.1)

    def live(self):
        client = e2e.Client(self.w.port)
        while not self.stop.is_set():
            try:
                token, task = self.work.get(timeout=0.5)
            except queue.Empty:
                continue
            for action in ("sign", "dispose"):
                if not self.command(client, token, task["case_no"], action):
                    break

    def command(self, client, token, no, action):
        command, body = str(uuid.uuid4()), None
        while not self.stop.is_set():
            try:
                if body is None:
                    seen = client.get(f"/api/v1/cases/{no}", token, timeout=10)
                    if seen.status != 200:
                        raise OSError(seen.status)
                    body = {"command_id": command, "version": seen.body["version"]}
                    if action == "dispose":
                        body["photos"] = [e2e.media_id(no.encode())]
                answer = client.post(f"/api/v1/cases/{no}/actions/{action}", token, body, timeout=10)
            except Exception:
                answer = None
            if answer is not None and answer.status == 200:
                self.done.append((no, command))
                return True
            if answer is not None and answer.status not in (503, 504, 429):
                self.wrong.append(f"{action} on {no}: {answer}")
                return False
            time.sleep(0.3)
        return False

    def finish(self):
        self.stop.set()
        for t in self.threads:
            t.join(60)
        for _, stream in self.streams:
            stream.stop()


class Chaos(unittest.TestCase):
    maxDiff = 4000

    def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(self):
        w, chance = e2e.shared(), random.Random(SEED)
        squads = Squads(w)
        senders = Senders(w, REPORTS)
        killed, end = [], time.monotonic() + SECONDS
        names = []
        try:
            while len(killed) < KILLS or (not REPORTS and time.monotonic() < end):
                if not names:  # each of the three before any of them again, in random order
                    names = chance.sample(["gateway", "dispatcher", "postgres"], 3)
                name = names.pop()
                time.sleep(chance.uniform(0.5, max(1.0, SECONDS / KILLS - 3)))
                old = w.kill(name)
                killed.append(name)
                w.wait_back(name, old)
                if time.monotonic() > end + 600:
                    self.fail(f"only {len(killed)} kills in {SECONDS + 600:.0f} s")
        finally:
            senders.finish()
        e2e.figure(f"kills {len(killed)}: {' '.join(killed)}; reports acknowledged {len(senders.acknowledged)}, retries {senders.retries}")
        self.assertEqual(senders.wrong, [])
        self.assertGreaterEqual(len(killed), KILLS)
        self.assertGreater(len(senders.acknowledged), 50)

        e2e.wait(lambda: w.rows("SELECT 1") and w.ready(), "everything well again", 120)
        committed = lambda: w.rows("SELECT count(*) FROM report_key WHERE key = ANY(%s)", list(senders.acknowledged))[0][0]
        e2e.wait(lambda: committed() == len(senders.acknowledged), f"all {len(senders.acknowledged)} acknowledged reports to be cases", 180, 0.5)
        rows = {r["key"]: r for r in w.rows("SELECT key, report_id, case_no FROM report_key")}
        for key, body in senders.acknowledged.items():
            self.assertEqual(rows[key]["report_id"], body["report_id"], key)
            if body["state"] == "committed":
                self.assertEqual(rows[key]["case_no"], body["case_no"], key)
        doubled = w.rows("SELECT report_id, count(*) FROM cases GROUP BY report_id HAVING count(*) > 1")
        self.assertEqual(doubled, [])
        words = w.rows("SELECT description, count(*) FROM cases WHERE description LIKE '混沌 %%' GROUP BY description HAVING count(*) > 1")
        self.assertEqual(words, [], "one report, one case")
        self.assertEqual(w.rows("SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT FROM report_key k WHERE k.case_no = c.case_no)")[0][0], 0)
        self.assertEqual(w.rows("SELECT * FROM dead_letter"), [])

        e2e.wait(lambda: not e2e.task_faults(w), "every task received or escalated", 240, 1)
        squads.finish()
        self.assertEqual(squads.wrong, [])
        e2e.figure(f"commands acknowledged {len(squads.done)}, tasks received {len(squads.seen)}")
        self.assertGreater(len(squads.done), 10)
        stands = {r["command_id"]: r["n"] for r in w.rows("SELECT command_id, count(*) n FROM history WHERE command_id <> '' AND NOT transport GROUP BY command_id")}
        lost = [(no, c, stands.get(c, 0)) for no, c in squads.done if stands.get(c, 0) < 1]
        self.assertEqual(lost, [], "an acknowledged transition stands in the history")
        again = w.rows("SELECT case_no, command_id, action, count(*) FROM history WHERE command_id <> '' AND NOT transport AND role <> 'system' GROUP BY 1, 2, 3 HAVING count(*) > 1")
        self.assertEqual(again, [], "once")
        self.assertEqual(e2e.history_faults(w), [])
        w.run("report", "recompute")  # histories lead to the spans, and the month's sums say what the spans say
        found = json.loads(w.run("doctor", "--json", "--lang", "en", check=False).stdout)
        self.assertEqual([f for f in found if f["check"] == "case in the gap"], [], "the doctor finds no gap where none is")


if __name__ == "__main__":
    unittest.main(verbosity=2)
