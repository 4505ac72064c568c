#!/usr/bin/python3
"""The first command: deploy/quickstart and `wangge up --demo`, once, again, over HTTPS, in a folder only root can enter."""
import csv
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
from datetime import datetime

import wangge_e2e as e2e


def counts(system):
    """How many of everything the demo's day makes."""
    return [system.rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("cases", "history", "task", "command", "report_key", "reporter")]


def clean(folder):
    shutil.rmtree(os.path.realpath(os.path.join(folder, "postgres")), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


class Quickstart(unittest.TestCase):
    """The script itself, on a DATA that only its owner can enter (as `mktemp -d` makes it)."""

    @classmethod
    def setUpClass(cls):
        cls.data = tempfile.mkdtemp(prefix="wangge-e2e-quick-")

    @classmethod
    def tearDownClass(cls):
        clean(cls.data)

    def once(self, *more):
        """Runs it to its end: (what it printed, what it said, seconds until the doors were open)."""
        begin, ready, said = time.monotonic(), None, []
        with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
            command = [os.path.join(e2e.ROOT, "deploy", "quickstart"), "--once", "--port", str(e2e.free_port()), "--data", self.data, *more]
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
            for line in process.stderr:
                said.append(line)
                if " ready: http" in line:
                    ready = time.monotonic() - begin
            code = process.wait(1200)
            out.seek(0)
            printed = out.read()
        self.assertEqual(code, 0, "".join(said)[-4000:])
        return printed, "".join(said), ready

    def made(self):
        w = e2e.System(data=self.data).start()
        try:
            return counts(w)
        finally:
            w.stop()

    def test_it_plays_a_day_prints_the_table_and_a_second_run_plays_nothing_twice(self):
        day = datetime.now(e2e.ZONE).date()
        printed, said, first = self.once()
        self.assertRegex(said, r"played 300 reports \(300 new")
        self.assertRegex(printed, r"(?m)^Closure by Unit, \d{4}-\d\d-01 to ")
        self.assertGreater(int(re.search(r"(?m)^ +Total +(\d+)", printed)[1]), 200, "filed in all")
        self.assertRegex(printed, r"(?m)^http://127\.0\.0\.1:\d+/$")
        for role in ("dispatch_officer", "patroller", "disposer", "leader"):
            self.assertRegex(printed, rf"(?m)^{role} ", printed)
        if os.geteuid() == 0:
            self.assertTrue(os.path.islink(os.path.join(self.data, "postgres")), "the database's user cannot come in here")
            self.assertIn("cannot reach", said)
        before = self.made()
        self.assertGreaterEqual(before[0], 300)
        printed, said, second = self.once()
        self.assertRegex(printed, r"(?m)^Closure by Unit, ")
        if datetime.now(e2e.ZONE).date() == day:  # at midnight another day becomes yesterday, and is played
            self.assertRegex(said, r"played 300 reports \(0 new, 300 there already\) and 0 actions")
            self.assertEqual(self.made(), before, "nothing played twice, nothing lost")
        e2e.figure(f"quickstart: doors open after {first:.1f} s, at the second run after {second:.1f} s")


class Tls(unittest.TestCase):
    """With --tls every part of the program that talks to the doors trusts the certificate that up made."""

    @classmethod
    def setUpClass(cls):
        cls.data = tempfile.mkdtemp(prefix="wangge-e2e-tls-")
        os.chmod(cls.data, 0o755)
        cls.done = subprocess.run([e2e.binary(), "up", "--demo", "--once", "--tls", "--data", cls.data, "--port", str(e2e.free_port())], capture_output=True, text=True, timeout=600)

    @classmethod
    def tearDownClass(cls):
        clean(cls.data)

    def test_a_demo_over_https_plays_its_day_and_prints_the_table(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr[-3000:])
        self.assertRegex(self.done.stdout, r"https://127\.0\.0\.1:\d+/")
        self.assertRegex(self.done.stderr, r"played 300 reports \(300 new")

    def test_replay_spool_and_doctor_speak_https(self):
        w = e2e.System(data=self.data, tls=True).start()
        try:
            file = os.path.join(self.data, "few.csv")
            with open(file, "w", encoding="utf-8", newline="") as f:
                rows = csv.writer(f)
                rows.writerow(["unique_key", "created_date", "closed_date", "longitude", "latitude", "neighborhood", "source", "category", "complaint_type", "descriptor"])
                for n in range(5):
                    rows.writerow([f"tls-{n}", "2017-05-02T09:00:00+00:00", "", "-122.43", "37.763", "x", "Phone", "y", "z", str(n)])
            done = w.run("replay", file, "--map", os.path.join(e2e.ROOT, "deploy", "demo", "sf311.toml"), "--lives", "--json")
            self.assertTrue(json.loads(done.stdout)["ok"], done.stdout)
            self.assertEqual(json.loads(w.run("spool", "status", "--json").stdout)[0]["damaged"], 0)
            found = {f["check"]: f for f in json.loads(w.run("doctor", "--json", "--lang", "en", check=False).stdout)}
            self.assertEqual(found["reports waiting"]["level"], "ok", found)
            stranger = os.path.join(self.data, "stranger")
            os.mkdir(stranger)
            shutil.copy(os.path.join(self.data, "demo-backdate.json"), stranger)
            done = subprocess.run([e2e.binary(), "replay", file, "--map", os.path.join(e2e.ROOT, "deploy", "demo", "sf311.toml"), "--lives", "--data", stranger, "--url", f"https://127.0.0.1:{w.port}"], capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 1)
            self.assertIn("not trusted", done.stderr, "without the certificate's file nobody is believed")
        finally:
            w.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
