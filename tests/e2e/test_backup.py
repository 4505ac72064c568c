#!/usr/bin/python3
"""Promise 9: a backup taken under load restores to every report acknowledged before it, and the surviving spool of a
second gateway brings the later ones, with the numbers they were given.
Environment: BACKUP_SECONDS=10 of load on each side of the backup."""
import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

import wangge_e2e as e2e

SECONDS = float(os.environ.get("BACKUP_SECONDS", "10"))


class FarGateway:
    """A second gateway whose spool and media lie outside DATA."""

    def __init__(self, data, folder):
        self.folder, self.port = folder, e2e.free_port()
        self.log = open(os.path.join(folder, "far-output.log"), "ab")
        words = ["gateway.name=far", f"gateway.spool_dir={folder}/spool", f"gateway.media_dir={folder}/media", f"server.port={self.port}"]
        self.process = subprocess.Popen([e2e.binary(), "gateway", "--data", data, *[w for s in words for w in ("--set", s)]], stdout=self.log, stderr=self.log, start_new_session=True)
        self.http = e2e.Client(self.port)
        e2e.wait(lambda: self.http.get("/readyz", timeout=5).status == 200, "the far gateway", 60)

    def stop(self, hard=False):
        self.process.send_signal(signal.SIGKILL if hard else signal.SIGTERM)
        self.process.wait(60)
        self.log.close()


class Load(threading.Thread):
    """Reports through one gateway, one after the other; acknowledged = [(monotonic time, key, answer body)]."""

    def __init__(self, system, port, seed):
        super().__init__(daemon=True)
        self.w, self.port, self.seed, self.stopped = system, port, seed, False
        self.token = system.token(role="patroller")
        self.acknowledged, self.wrong = [], []
        self.start()

    def run(self):
        client, points = e2e.Client(self.port), self.w.points(100, self.seed)
        chance = random.Random(self.seed)
        while not self.stopped:
            key = str(uuid.uuid4())
            lon, lat = chance.choice(points)
            body = e2e.report_body(self.w, lon=lon, lat=lat, description=f"备份 {key}")
            try:
                answer = client.post("/api/v1/reports", self.token, body, headers={"Idempotency-Key": key}, timeout=10)
            except Exception:
                continue  # not acknowledged
            if answer.status in (201, 202):
                self.acknowledged.append((time.monotonic(), key, answer.body))
            elif answer.status not in (429, 503, 507):
                self.wrong.append(answer)
            time.sleep(0.01)

    def finish(self):
        self.stopped = True
        self.join(60)
        return self


class Backup(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.w = e2e.System().start()
        self.far_folder = tempfile.mkdtemp(prefix="wangge-far-")
        self.copies = tempfile.mkdtemp(prefix="wangge-copies-")
        self.far = FarGateway(self.w.data, self.far_folder)
        self.restored = None

    def tearDown(self):
        if self.far.process.poll() is None:
            self.far.stop()
        if self.restored:
            self.restored.stop()
            shutil.rmtree(os.path.realpath(os.path.join(self.restored.data, "postgres")), ignore_errors=True)
        self.w.stop()
        for folder in (self.far_folder, self.copies):
            shutil.rmtree(folder, ignore_errors=True)

    def destroy(self):
        """Everything of DATA is gone, its processes too, without a goodbye."""
        up = self.w.process
        pids = [self.w.pid(n) for n in ("gateway", "dispatcher", "postgres")]
        for pid in [up.pid, *pids]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # restarted or gone between reading and killing: up's death takes it along
        up.wait()
        gone = lambda: not any(os.path.exists(f"/proc/{p}") for p in pids)
        e2e.wait(gone, "the processes to be gone", 30)
        shutil.rmtree(os.path.realpath(os.path.join(self.w.data, "postgres")), ignore_errors=True)
        shutil.rmtree(self.w.data, ignore_errors=True)

    def note(self, case_no, text, system=None, gateway=None):
        """A step through the far gateway; the version it was answered."""
        w = system or self.w
        token, http = w.token(role="shift_leader"), (gateway or self.far).http
        version = e2e.wait(lambda: http.get(f"/api/v1/cases/{case_no}", token).body.get("version"), f"case {case_no} at the far gateway")
        body = {"command_id": str(uuid.uuid4()), "version": version, "text": text}
        answer = e2e.wait(lambda: (lambda a: a if a.status == 200 else None)(http.post(f"/api/v1/cases/{case_no}/actions/note", token, body)), f"{text} on {case_no}")
        noted = os.path.join(self.far_folder, "spool", "answered.0")
        e2e.wait(lambda: body["command_id"] in open(noted, encoding="ascii").read(), "the note to be on file")
        return answer.body["version"]

    def gap(self, system):
        """{case_no: answered version} as the doctor tells it."""
        found = json.loads(system.run("doctor", "--json", "--lang", "en", "--spool", os.path.join(self.far_folder, "spool"), check=False).stdout)
        rows = [re.match(r"(\d+): answered version (\d+), here (\d+)", f["text"]) for f in found if f["check"] == "case in the gap"]
        return {m[1]: int(m[2]) for m in rows}

    def test_backup_under_load_destroyed_restored(self):
        near, far = Load(self.w, self.w.port, 1), Load(self.w, self.far.port, 2)
        photo = self.w.photo(self.w.token(role="patroller"), 77)
        touched, untouched = (self.w.committed(self.w.token(role="patroller")) for _ in range(2))
        for no in (touched, untouched):
            self.note(no, "before the backup")
        time.sleep(SECONDS)
        begin = time.monotonic()
        self.w.run("backup", f"{self.copies}/b")
        time.sleep(SECONDS)
        near.finish()
        before = {key: body for at, key, body in near.acknowledged if at < begin}
        dispatched = self.w.committed(self.w.token(role="patroller"))
        lost = {touched: self.note(touched, "after it"), dispatched: self.note(dispatched, "of a case made after it")}
        self.assertGreater(len(before), 20)
        self.destroy()
        time.sleep(min(SECONDS, 3))  # the far gateway goes on answering 202 alone
        far.finish()
        self.assertEqual(near.wrong + far.wrong, [])
        self.far.stop(hard=True)
        alone = [body for _, _, body in far.acknowledged[-5:]]
        self.assertTrue(all(b["state"] == "queued" for b in alone), alone)

        new = f"{self.copies}/new"
        done = subprocess.run([e2e.binary(), "restore", f"{self.copies}/b", "--data", new], capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.restored = r = e2e.System(data=new).start()
        self.far = FarGateway(new, self.far_folder)

        acknowledged = {**before, **{key: body for _, key, body in far.acknowledged}}
        found = lambda: {x["key"]: x for x in r.rows("SELECT key, report_id, case_no FROM report_key WHERE key = ANY(%s)", list(acknowledged))}
        e2e.wait(lambda: len(found()) == len(acknowledged), f"all {len(acknowledged)} acknowledged reports", 180, 0.5)
        rows = found()
        for key, body in acknowledged.items():
            self.assertEqual(rows[key]["report_id"], body["report_id"])
            if body["state"] == "committed":
                self.assertEqual(rows[key]["case_no"], body["case_no"], "the number that was answered")
        self.assertEqual(r.rows("SELECT report_id FROM cases GROUP BY report_id HAVING count(*) > 1"), [])
        self.assertEqual(r.rows("SELECT case_no FROM cases GROUP BY case_no HAVING count(*) > 1"), [])
        self.assertEqual(e2e.history_faults(r), [])
        self.assertEqual(r.run("audit", "verify", check=False).returncode, 0)

        # Steps are not spooled: the doctor names each case that lost one, by the notes of the gateway that survived.
        gap = self.gap(r)
        self.assertLessEqual({no: v for no, v in lost.items()}.items(), gap.items())
        self.assertNotIn(untouched, gap)
        self.note(touched, "again, so that the version alone would hide it", system=r, gateway=self.far)
        self.assertIn(touched, self.gap(r))

        fresh = r.committed(r.token(role="patroller"))
        self.assertGreaterEqual(int(fresh[14:]), 100000, "numbers leap over what may have been given out and forgotten")
        self.assertNotEqual(fresh, dispatched)
        self.assertEqual(r.http.get(f"/api/v1/media/{photo}", r.token(role="patroller")).status, 200)
        e2e.say(f"before the backup {len(before)}, far {len(far.acknowledged)}, all there")

    def test_back_to_a_moment(self):
        patroller = self.w.token(role="patroller")
        self.w.run("backup", f"{self.copies}/b")
        first = self.w.committed(patroller)
        moment = self.w.rows("SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.USOF')")[0][0]
        second = self.w.committed(patroller)
        new = f"{self.copies}/new"
        self.w.run("backup", f"{self.copies}/b2")  # switches the log, so that the moment is archived
        done = subprocess.run([e2e.binary(), "restore", f"{self.copies}/b", "--data", new, "--until", moment], capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr)
        shutil.rmtree(f"{new}/spool")  # else its spool, copied with the backup, has nothing to add: only the database speaks
        self.restored = r = e2e.System(data=new).start()
        numbers = {x[0] for x in r.rows("SELECT case_no FROM cases")}
        self.assertIn(first, numbers)
        self.assertNotIn(second, numbers)


if __name__ == "__main__":
    unittest.main()
