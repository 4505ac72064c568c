#!/usr/bin/python3
"""The squad's phone without a line: it starts, a whole job is done, nothing is lost by a reload, nothing is done twice."""
import os
import tempfile
import unittest

import browser
import fake_api
import pages
from pages import FakePages, PHONE


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()


class Offline(FakePages):
    def cut(self):
        """The line is gone for everything, the service worker too."""
        self.world.dead = self.world.drop_streams = True

    def mend(self, b):
        self.world.dead = self.world.drop_streams = False
        b.driver.execute_script("window.dispatchEvent(new Event('online'))")

    def open(self):
        self.world, self.base = self.serve(16)
        self.no = next(iter(self.world.cases))
        self.card = f".task[data-case='{self.no}']"
        b = self.page(PHONE)
        b.sign_in(self.base + "/squad", "squad")
        b.wait(f"{self.card} [data-action=sign]")
        b.driver.execute_async_script("const [done] = arguments; navigator.serviceWorker.ready.then(() => done())")
        return b

    def dispose(self, b):
        path = os.path.join(tempfile.mkdtemp(prefix="wangge-photos-"), "after.png")
        browser.picture(path)
        b.click(f"{self.card} [data-action=dispose]")
        b.wait(f"{self.card} .camera")
        b.attach(f"{self.card} input[type=file]", path)
        b.wait(f"{self.card} .thumb canvas")
        b.wait(f"{self.card} textarea").send_keys("已复位")
        b.click(f"{self.card} .action-form button[type=submit]")

    def steps(self):
        return [r["action"] for r in self.world.history[self.no] if r["action"] in ("sign", "dispose")]

    def test_a_whole_job_without_a_line_is_sent_once_when_it_is_back(self):
        b = self.open()
        b.until(lambda: b.driver.execute_async_script("const [done] = arguments; caches.keys().then(async (names) => done(names.length && (await (await caches.open(names.at(-1))).keys()).length > 5))"), "the page to be kept")
        b.until(lambda: b.driver.execute_async_script("""const [done] = arguments, open = indexedDB.open('wangge');
            open.onsuccess = () => { const keys = open.result.transaction('kept').objectStore('kept').getAllKeys();
              keys.onsuccess = () => { open.result.close(); done(['me', 'names'].every((k) => keys.result.includes(k)) && keys.result.some((k) => k.startsWith('tasks.'))); }; };"""), "the tasks to be kept")
        self.cut()
        b.open(self.base + "/squad")
        b.wait(self.card)
        b.wait(".banner", "连接中断")
        b.click(f"{self.card} [data-action=sign]")
        b.wait(".outbox", "待上传 1 条")
        self.dispose(b)
        b.wait(".outbox", "待上传 2 条")
        b.shot("squad-outbox")
        self.assertEqual(pages.axe(b), [])
        b.open(self.base + "/squad")
        b.wait(".outbox", "待上传 2 条")
        b.wait(".top .waiting", "待上传 2 条")
        self.assertEqual(self.steps(), [])
        self.mend(b)
        b.gone(".outbox", 40)
        b.gone(self.card)
        self.assertEqual(self.steps(), ["sign", "dispose"], "each once, in their order")
        self.assertEqual(len(self.world.history[self.no][-1]["photos"]), 1)

    def test_an_answer_that_was_lost_is_asked_for_and_nothing_is_done_twice(self):
        b = self.open()
        real, lost = fake_api.Handler.post_cases, []

        def answer_lost(handler, *rest):
            if lost:
                return real(handler, *rest)
            lost.append(True)
            handler.send = lambda *_, **__: None  # done, but the word of it never arrives
            real(handler, *rest)
            handler.hang_up()
        fake_api.Handler.post_cases = answer_lost
        self.addCleanup(setattr, fake_api.Handler, "post_cases", real)
        b.click(f"{self.card} [data-action=sign]")
        b.until(lambda: lost and not b.all(".outbox") and b.all(f"{self.card} [data-action=dispose]"), "the step to be known as done", 40)
        self.assertEqual(self.steps(), ["sign"])

    def test_what_was_refused_later_is_told_and_left_to_the_person(self):
        b = self.open()
        self.cut()
        b.click(f"{self.card} [data-action=sign]")
        b.wait(".outbox", "待上传 1 条")
        self.world.cases[self.no]["version"] += 1
        self.mend(b)
        b.wait(".outbox .form-message", "案件已被更新", 40)
        b.shot("squad-refused")
        b.click(".outbox button", "再次提交")
        b.gone(".outbox", 40)
        self.assertEqual(self.steps(), ["sign"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
