#!/usr/bin/python3
"""What must hold on every page of the real system (every_page.py): nothing in data ever runs, axe finds nothing, and WebGL or a
route to anywhere is not needed.

More than 300 hostile strings (hostile_strings.json) go through every text field of the API, then each page is opened.
"""
import csv
import fcntl
import itertools
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
import uuid

import browser
import every_page
import pages
import wangge_e2e as e2e
from pages import DESK, PHONE

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "hostile_strings.json"), encoding="utf-8") as f:
    HOSTILE = json.load(f)

# Anything that runs calls hurt, alert and the like, or is refused by the policy, which says so.
HOOK = """
window.__ran = [];
for (const name of ['hurt', 'alert', 'confirm', 'prompt', 'open']) window[name] = () => { window.__ran.push(name); return null; };
document.addEventListener('securitypolicyviolation', (e) => window.__ran.push(`policy ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""


def packed(most, strings=None):
    """As few texts of at most that many characters as hold all of them; one that is longer is cut."""
    out, now = [], ""
    for text in strings or HOSTILE:
        text = text[:most - 1]
        if len(now) + len(text) + 1 > most:
            out.append(now)
            now = ""
        now += text + " "
    return [t for t in [*out, now] if t.strip()]


class Hostile:
    """The strings, through every text field that takes words; answers the cases worth opening."""

    def __init__(self, system):
        self.w = system
        self.sent = 0
        self.leader, self.acceptor = system.token(role="shift_leader"), system.token(role="acceptor")

    def ok(self, answer, *allowed):
        if answer.status not in (200, 201, 202, *allowed):
            raise AssertionError(f"refused: {answer}")
        self.sent += 1
        return answer

    def report(self, **change):
        return self.ok(self.w.report(self.acceptor, str(uuid.uuid4()), source="hotline_12319", lon=0, lat=0, **change))

    def cases(self):
        texts, lines = packed(4000), packed(200)
        people, phones = packed(100), packed(40)
        numbers = []
        for i, line in enumerate(lines):
            answer = self.report(description=texts[i % len(texts)] if i < len(texts) else HOSTILE[i % len(HOSTILE)] + " ",
                                 address=line, reporter={"name": people[i % len(people)], "phone": phones[i % len(phones)]})
            if answer.status == 201:
                numbers.append(answer.body["case_no"])
        whole = numbers[0]
        for text in texts:
            self.ok(self.w.act(self.leader, whole, "note", text=text))
        for i, text in enumerate(texts):  # reasons of every kind
            if i + 1 < len(numbers):
                self.ok(self.w.act(self.leader, numbers[i + 1], "decline", reason=text))
        # One that a squad has: its phone shows the words too.
        patroller = self.w.token(role="patroller")
        given = self.w.committed(patroller, description=texts[0], address=lines[0])
        case = self.w.case(given)
        if case["squad"]:
            holder = self.w.holder_of(case)
            for text in texts[:2]:
                self.ok(self.w.act(holder, given, "note", text=text))
        self.w.committed(patroller, description="x" * 3990 + "<b>", address=lines[1])
        return whole

    def desk(self, whole):
        http, leader = self.w.http, self.leader
        texts, reasons = packed(4000), packed(400)
        if http.get("/api/v1/shifts", leader).status == 200:
            record = self.ok(http.post("/api/v1/handovers", leader, {})).body
            for text in texts:
                record = self.ok(http.post(f"/api/v1/handovers/{record['number']}/notes", leader, {"version": record["version"], "notes": text})).body
            self.ok(http.post(f"/api/v1/handovers/{record['number']}/sign", leader, {"version": record["version"]}))
            self.ok(http.post(f"/api/v1/handovers/{record['number']}/sign", self.named, {"version": record["version"] + 1, "remark": texts[0]}))
            for name in [s for s in HOSTILE if 0 < len(s.strip()) and len(s) <= 40][:36]:
                self.ok(http.post("/api/v1/views", leader, {"view_id": str(uuid.uuid4()), "name": name, "query": "light=red", "shared": True, "pinned": True}))
            for reason in reasons[:3]:
                self.ok(http.post(f"/api/v1/cases/{whole}/takeover", self.acceptor, {"reason": reason}))
            self.ok(http.post("/api/v1/presence", self.acceptor, {"seat": HOSTILE[0][:36], "case_no": whole, "working": True}))
        for i, text in enumerate(texts):
            self.ok(http.post("/api/v1/hotline-orders", self.acceptor, {"system": "hotline_12345", "number": f"H{i}", "text": text, "address": packed(200)[i],
                                                                       "caller": {"name": packed(100)[i], "phone": packed(40)[i]}}))

    def city(self):
        """The names of a loaded catalogue, and a person's own."""
        with tempfile.TemporaryDirectory() as folder:
            files = [shutil.copy(os.path.join(e2e.ROOT, "deploy", "demo", "data", name), folder) for name in ("catalogue.csv", "conditions.csv")]
            texts = itertools.cycle(packed(40, [s for s in HOSTILE if s.isprintable()]))
            for path in files:
                with open(path, encoding="utf-8", newline="") as f:
                    rows = list(csv.DictReader(f))
                for row in rows:
                    row["zh"] = (next(texts).strip() + " " + row["zh"])[:60]
                with open(path, "w", encoding="utf-8", newline="") as f:
                    out = csv.DictWriter(f, rows[0].keys())
                    out.writeheader()
                    out.writerows(rows)
            self.w.run("load", "catalogue", *files, "--district", e2e.DISTRICT)
        done = self.w.run("user", "token", "<b>{{hurt()}}<svg\u00a0onload=hurt()>", "--role", "shift_leader", "--district", e2e.DISTRICT)
        self.named = done.stdout.split()[-1]
        self.w.accounts.append({"name": "hostile", "role": "shift_leader", "token": self.named})
        e2e.wait(lambda: self.w.http.get("/api/v1/me", self.named).status == 200, "the hostile name to reach the doors", 30)


class EveryPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.w = e2e.shared()
        cls.hostile = Hostile(cls.w)
        cls.hostile.city()
        cls.whole = cls.hostile.cases()
        cls.hostile.desk(cls.whole)
        cls.cases = {"case": cls.whole}
        cls.browsers = {}

    @classmethod
    def tearDownClass(cls):
        for b in cls.browsers.values():
            b.close()
        e2e.close()

    def chromium(self, size, *flags):
        if (size, flags) not in self.browsers:
            b = self.browsers[size, flags] = browser.Browser(size, "zh-CN", pages.SHOTS, flags=flags)
            b.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": HOOK})
        return self.browsers[size, flags]

    def ran(self, b):
        return b.driver.execute_script("return window.__ran") + [line for line in b.console() if "interest-cohort" not in line]

    def test_nothing_in_data_runs_on_any_page_and_axe_finds_nothing(self):
        self.assertGreaterEqual(len(HOSTILE), 300)
        looked = 0
        for page in every_page.every(self.w):
            for size in (PHONE,) if page.phone else (DESK,):
                with self.subTest(page=page.id):
                    b = self.chromium(size)
                    b.dark(False)
                    every_page.open_page(b, self.w, page, self.cases)
                    self.assertEqual(self.ran(b), [])
                    self.assertEqual(b.all("main script, main iframe, main object, main embed, main [onerror], main [onload], main [onfocus]"), [])
                    self.assertLessEqual(b.overflow(), 0, "wider than its window")
                    self.assertEqual(pages.axe(b), [], "light")
                    b.dark()
                    self.assertEqual(pages.axe(b, "color-contrast"), [], "dark")
                    looked += 1
        e2e.figure(f"{len(HOSTILE)} hostile strings in {self.hostile.sent} calls; {looked} pages: nothing ran, no policy report, axe clean in light and dark")

    def test_the_pages_need_no_webgl(self):
        for page in every_page.every(self.w):
            with self.subTest(page=page.id):
                b = self.chromium(PHONE if page.phone else DESK, "--disable-3d-apis")
                every_page.open_page(b, self.w, page, self.cases)
                self.assertEqual(self.ran(b), [])
                self.assertIsNone(b.driver.execute_script("return document.createElement('canvas').getContext('webgl')"))

    def test_a_null_byte_and_what_is_no_text_is_refused(self):
        for bad in (b'{"description":"a\\u0000b"}', b'{"description":"\xff"}', b'{"description":"\\ud800"}'):
            answer = self.w.http.call("POST", "/api/v1/reports", self.hostile.acceptor, raw=bad, headers={"Content-Type": "application/json", "Idempotency-Key": "x"})
            self.assertEqual((answer.status, answer.code), (400, "bad_json"), bad)
        answer = self.w.report(self.hostile.acceptor, "long", source="hotline_12319", description="字" * 4001)
        self.assertEqual(answer.fields().get("/description"), "too_long")


NAMESPACE = "WANGGE_IN_NAMESPACE"


class NoRoute(unittest.TestCase):
    """The same pages where nothing but the loopback exists: this file runs itself again in a network namespace of its own."""

    def test_every_page_works_without_any_route(self):
        if os.geteuid() or not shutil.which("unshare"):
            self.skipTest("a network namespace needs root and unshare")
        if subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode:
            self.skipTest("this machine gives no network namespace")
        done = subprocess.run(["unshare", "-n", sys.executable, __file__, "Inside"], env={**os.environ, NAMESPACE: "1"}, capture_output=True, text=True, timeout=600)
        for line in done.stderr.splitlines():
            if "figure:" in line:
                e2e.say(line)
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])


def loopback_up():
    """What `ip link set lo up` does, without needing the package."""
    with socket.socket() as s:
        flags = struct.pack("16sh14x", b"lo", 0x1)  # IFF_UP
        fcntl.ioctl(s, 0x8914, flags)  # SIOCSIFFLAGS


class Inside(unittest.TestCase):
    def test_pages(self):
        with open("/proc/net/route", encoding="ascii") as f:
            self.assertLessEqual(len(f.read().splitlines()), 1, "no route: at most the head of an empty table")
        loopback_up()
        w = e2e.System().start()
        self.addCleanup(w.stop)
        case = w.committed(w.token(role="patroller"))
        open_ = {size: browser.Browser(size, "zh-CN", pages.SHOTS) for size in (DESK, PHONE)}
        for b in open_.values():
            self.addCleanup(b.close)
            b.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": HOOK})
        looked = 0
        for page in every_page.every(w):
            with self.subTest(page=page.id):
                b = open_[PHONE if page.phone else DESK]
                every_page.open_page(b, w, page, {"case": case})
                self.assertEqual(b.driver.execute_script("return window.__ran") + b.console(), [])
                outside = b.driver.execute_script("return performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.startsWith(location.origin) && !n.startsWith('blob:') && !n.startsWith('data:'))")
                self.assertEqual(outside, [])
                looked += 1
        e2e.figure(f"{looked} pages in a network namespace without any route: all work")


if not os.environ.get(NAMESPACE):
    del Inside  # only NoRoute runs it

if __name__ == "__main__":
    unittest.main(verbosity=2)
