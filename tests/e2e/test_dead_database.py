#!/usr/bin/python3
"""PostgreSQL stands still under load: the doors go on answering 202, and afterwards every report is a case.

Environment: DEAD_SECONDS=60 (the promise's long form: 600), DEAD_RATE=20 reports a second.
"""
import os
import signal
import threading
import time
import unittest
import uuid

import wangge_e2e as e2e

SECONDS = float(os.environ.get("DEAD_SECONDS", "60"))
RATE = float(os.environ.get("DEAD_RATE", "20"))


def setUpModule():
    e2e.shared()


def tearDownModule():
    e2e.close()


def family(pid):
    """The postmaster and all its children."""
    found = [pid]
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8") as f:
                    if int(f.read().rsplit(")", 1)[1].split()[1]) == pid:
                        found.append(int(name))
            except OSError:
                pass  # gone meanwhile
    return found


class DeadDatabase(unittest.TestCase):
    def test_doors_answer_202_while_the_database_stands_still_and_the_backlog_drains_by_itself(self):
        w = e2e.shared()
        token = w.token(role="patroller")
        points = w.points(100, 7)
        no = w.committed(token)
        answers, lock, stopped, standing = [], threading.Lock(), threading.Event(), threading.Event()

        def send(n):
            client, count, started = e2e.Client(w.port), 0, time.monotonic()
            while not stopped.is_set():
                lon, lat = points[count % len(points)]
                key, dead, begun = str(uuid.uuid4()), standing.is_set(), time.monotonic()
                answer = client.post("/api/v1/reports", token, e2e.report_body(w, lon=lon, lat=lat, description=f"停库 {key}"), headers={"Idempotency-Key": key}, timeout=30)
                with lock:
                    answers.append((key, dead and standing.is_set(), time.monotonic() - begun, answer))
                count += 1
                time.sleep(max(0, started + count * 4 / RATE - time.monotonic()))

        threads = [threading.Thread(target=send, args=(n,), daemon=True) for n in range(4)]
        for t in threads:
            t.start()
        e2e.wait(lambda: len(answers) > 20, "the load")
        postmaster = w.pid("postgres")
        os.kill(postmaster, signal.SIGSTOP)  # first, so that it makes no more children
        frozen = family(postmaster)
        try:
            for pid in frozen:
                os.kill(pid, signal.SIGSTOP)
            standing.set()
            end = time.monotonic() + SECONDS
            ready = w.http.get("/readyz", timeout=30)
            self.assertEqual(ready.status, 200, "reports can be accepted durably: that is what ready means")
            # What needs the database says so; nothing is done.
            command = w.http.post(f"/api/v1/cases/{no}/actions/note", w.token(role="shift_leader"), {"command_id": str(uuid.uuid4()), "version": 1, "text": "x"}, timeout=30)
            self.assertIn((command.status, command.code), ((503, "no_dispatcher"), (503, "unavailable"), (504, "outcome_unknown")), command)
            photo = w.http.call("POST", "/api/v1/media", token, raw=e2e.png(77), headers={"Content-Type": "image/png"}, timeout=30)
            self.assertIn(photo.status, (200, 201), "photos are taken also with the database down")
            while time.monotonic() < end:
                time.sleep(0.5)
                with lock:
                    bad = [a for a in answers if a[3].status not in (201, 202)]
                self.assertEqual(bad, [])
            seen = e2e.wait(lambda: (lambda a: a.body if a.status == 200 else None)(w.http.get(f"/api/v1/reports/{answers[-1][3].body['report_id']}", token, timeout=30)), "a queued report to be seen from the spool")
            self.assertEqual(seen["state"], "queued")
            standing.clear()
        finally:
            for pid in frozen:
                try:
                    os.kill(pid, signal.SIGCONT)
                except ProcessLookupError:
                    pass
            time.sleep(1)
            stopped.set()
            for t in threads:
                t.join(60)
        dead = [a for a in answers if a[1]]
        slowest = max((a[2] for a in dead), default=0)
        e2e.figure(f"{len(answers)} reports, {len(dead)} while the database stood still for {SECONDS:.0f} s; slowest answer {slowest * 1000:.0f} ms")
        self.assertGreater(len(dead), SECONDS * RATE / 4)
        self.assertEqual({a[3].status for a in dead}, {202})
        keys = [a[0] for a in answers]
        e2e.wait(lambda: w.rows("SELECT count(*) FROM report_key WHERE key = ANY(%s)", keys)[0][0] == len(keys), "every report to be a case", 180, 0.5)
        rows = {r["key"]: r["report_id"] for r in w.rows("SELECT key, report_id FROM report_key")}
        self.assertEqual([k for k, _, _, a in answers if rows[k] != a.body["report_id"]], [])
        self.assertEqual(w.rows("SELECT report_id FROM cases GROUP BY report_id HAVING count(*) > 1"), [])
        e2e.wait(lambda: w.ready() and w.http.get("/readyz").body["status"] == "ok", "everything well again", 60)
        self.assertEqual(e2e.history_faults(w), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
