#!/usr/bin/python3
"""How many keys and taps, and how long: 20 reports filed on the console by keyboard, 5 tasks closed on the phone. A script presses as
fast as the pages answer, so the seconds are the system's share of the work. WANGGE_REPORTS and WANGGE_TASKS change the numbers.
"""
import os
import shutil
import tempfile
import time
import unittest
import uuid

import browser
import pages
import test_story
import wangge_e2e as e2e
from pages import PHONE

REPORTS, TASKS = int(os.environ.get("WANGGE_REPORTS", 20)), int(os.environ.get("WANGGE_TASKS", 5))
setUpModule, tearDownModule = test_story.setUpModule, test_story.tearDownModule


class Stopwatch(pages.Pages):
    def setUp(self):
        self.w = e2e.shared()
        self.base = f"http://127.0.0.1:{self.w.port}"
        self.folder = tempfile.mkdtemp(prefix="wangge-photos-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def test_1_tasks_on_the_phone(self):
        patroller = self.w.token(role="patroller")
        first = self.w.case(self.w.committed(patroller))
        numbers = [first["case_no"], *(self.w.committed(patroller, lon=first["lon"], lat=first["lat"]) for _ in range(TASKS - 1))]
        p = self.page(PHONE)
        p.sign_in(self.base + "/squad", self.w.holder_of(first))
        taps, begin = 0, time.monotonic()
        for no in numbers:
            card = f".task[data-case='{no}']"
            path = os.path.join(self.folder, f"{uuid.uuid4().hex}.png")
            browser.picture(path, (uuid.uuid4().int % 120, 10, 10))
            p.click(f"{card} [data-action=sign]")
            p.click(f"{card} [data-action=dispose]")
            p.wait(f"{card} .camera")
            p.attach(f"{card} input[type=file]", path)
            p.wait(f"{card} .thumb")
            p.click(f"{card} .action-form .primary")
            p.gone(card)
            taps += 4  # sign, dispose, the camera's shutter, send
        seconds = time.monotonic() - begin
        e2e.figure(f"{TASKS} tasks on the phone, signed and disposed with a photo: {taps} taps ({taps // TASKS} each), {seconds:.1f} s, {seconds / TASKS:.1f} s each")

    def test_2_reports_by_keyboard(self):
        test_story.by_hand(self.w)
        patroller = self.w.token(role="patroller")
        for _ in range(REPORTS):
            self.w.committed(patroller)
        waiting = lambda: self.w.rows("SELECT count(*) FROM cases WHERE state IN ('pending_accept', 'pending_file')")[0][0]
        b = self.page()
        b.sign_in(self.base + "/", self.w.token(role="acceptor"))
        keys = test_story.Keyboard(b)
        b.wait(".next-up a")
        left, begin = waiting(), time.monotonic()
        for _ in range(REPORTS):
            b.wait(".next-up a")
            no = b.all(".next-up a")[0].get_attribute("data-case")
            keys.press("n")
            b.until(lambda: f"case={no}" in b.driver.current_url and b.all(".case-page .timeline"), "the case")
            if b.all(".buttons [data-action=accept]"):
                keys.step(no, "a", "accept")
            keys.step(no, "a", "file")
            b.until(lambda: (b.all(".next-up a") or [None])[0] is None or b.all(".next-up a")[0].get_attribute("data-case") != no, "the next one")
        seconds = time.monotonic() - begin
        self.assertEqual(waiting(), left - REPORTS)
        e2e.figure(f"{REPORTS} reports accepted and filed by keyboard: {keys.pressed} keys ({keys.pressed / REPORTS:.1f} each: n, a, Ctrl+Enter, a, Ctrl+Enter), {seconds:.1f} s, {seconds / REPORTS:.1f} s each")


if __name__ == "__main__":
    unittest.main(verbosity=2)
