#!/usr/bin/python3
"""The whole story on the real pages, once in Chinese and once in English: reported on the patrol page without a line, accepted, filed and dispatched by keyboard alone,
on the squad's phone within a second, disposed with a photo, checked, closed, counted in the month.
"""
import os
import shutil
import tempfile
import time
import unittest
import uuid

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import browser
import pages
import wangge_e2e as e2e
from pages import DESK, PHONE, Pages

SEND = Keys.CONTROL + Keys.ENTER
browser.FLAGS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # a camera without one


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()
    e2e.close()


def report_from_phone(test, lang, words, lon, lat):
    """On the patrol page: made where there is no line, sent when there is one."""
    w, who = test.w, test.w.account(role="patroller")
    b = test.page(PHONE, lang, 3)
    line = lambda up: b.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": not up, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    tap = lambda css: (b.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", b.wait(css)), b.click(css))
    b.driver.execute_cdp_cmd("Network.enable", {})
    b.driver.execute_cdp_cmd("Emulation.setGeolocationOverride", {"latitude": lat, "longitude": lon, "accuracy": 9})
    b.sign_in(test.base + "/patrol", who["token"])
    b.wait(".place", "±9")
    category = next(c for c in e2e.pages(w.http, "/api/v1/catalogue", who["token"]) if all(c[k] == v for k, v in e2e.MANHOLE.items()))
    line(False)
    tap(".shutter")
    b.wait(".photos li")
    b.wait("#category-input").send_keys(category["zh" if lang.startswith("zh") else "en"])
    tap(f"[data-category='{'/'.join(e2e.MANHOLE.values())}']")
    b.wait("#description").send_keys(words)
    tap(".send")
    b.wait(".waiting")
    test.assertEqual(w.rows("SELECT 1 FROM cases WHERE description = %s", words), [])
    line(True)
    b.driver.execute_script("window.dispatchEvent(new Event('online'))")
    no = e2e.wait(lambda: w.rows("SELECT case_no FROM cases WHERE description = %s", words), "the report to become a case")[0][0]
    b.gone(".waiting")
    test.assertEqual([said for said in b.console() if "ERR_INTERNET_DISCONNECTED" not in said], [])
    return no


def place_with_squad(w):
    """Somewhere, and the squad that what is reported there goes to: its phone is to be open before the officer sends anything."""
    no = w.committed(w.token(role="patroller"), description="先报一件")
    for role, action in (("acceptor", "accept"), ("acceptor", "file"), ("dispatch_officer", "dispatch")):
        case = w.done(w.token(role=role), no, action)
    return case["lon"], case["lat"], w.holder_of(w.case(no))


def by_hand(w):
    """A city where people accept, file and dispatch; disposals pass on by themselves."""
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(os.path.join(e2e.ROOT, "deploy", "demo", "data", "district.toml"), folder)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        for name in ("auto_accept", "auto_file", "auto_dispatch"):
            text = "\n".join(line for line in text.split("\n") if not line.startswith(name + " ")).replace("[policy]\n", f"[policy]\n{name} = false\n")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        w.run("load", "policy", path, "--district", e2e.DISTRICT)
    token = w.token(role="patroller")
    e2e.wait(lambda: w.case(w.committed(token, description="试一下"))["state"] == "pending_accept", "the policy to reach the dispatcher", 30, 0.5)


class Keyboard:
    """A person without a mouse. Counts what is pressed."""

    def __init__(self, b):
        self.b, self.pressed = b, 0

    def press(self, *keys):
        for key in keys:
            self.b.keys(key)
            self.pressed += 1

    def step(self, case_no, key, action):
        """The case stands open: the step by its letter, its form, sent as it is."""
        b = self.b
        b.wait(f".buttons [data-action={action}]")
        self.press(key)
        b.until(lambda: b.all(f".action-form[data-action={action}]") or not b.all(f".buttons [data-action={action}]"), f"the form of {action}")
        if b.all(f".action-form[data-action={action}]"):
            self.press(SEND)
        b.gone(f".buttons [data-action={action}]")

    def find(self, case_no):
        """Its number in the search, as it is read out on the telephone."""
        b = self.b
        self.press("/")
        b.wait("#search").send_keys(case_no, Keys.ENTER)
        self.pressed += len(case_no) + 1
        b.wait(f"tr[data-case='{case_no}']")
        b.until(lambda: len(b.all("tr[data-case]")) == 1, "the one case")
        self.press(Keys.ESCAPE, "o")
        b.wait(".case-page h2", case_no[-5:])
        b.wait(".case-page .timeline")


class Story(Pages):
    @classmethod
    def setUpClass(cls):
        cls.w = e2e.shared()
        cls.base = f"http://127.0.0.1:{cls.w.port}"
        cls.folder = tempfile.mkdtemp(prefix="wangge-photos-")
        by_hand(cls.w)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def desk(self, role, lang, seat):
        b = self.page(DESK, lang, seat)
        b.sign_in(self.base + "/", self.w.token(role=role))
        b.wait(".line", "●")
        return b, Keyboard(b)

    def closed_this_month(self, lang):
        answer = self.w.http.get(f"/api/v1/statistics/closure?month={e2e.now_text()[:7]}&by=district", self.w.token(role="leader"), headers={"Accept-Language": lang})
        return answer.body["total"]["closed"]

    def photo(self, card, b):
        path = os.path.join(self.folder, f"{uuid.uuid4().hex}.png")
        browser.picture(path, (uuid.uuid4().int % 120, 60, 90))
        b.wait(f"{card} .camera")
        b.attach(f"{card} input[type=file]", path)
        b.wait(f"{card} .thumb")

    def tell(self, lang, words):
        before = self.closed_this_month(lang)
        lon, lat, squad_phone = place_with_squad(self.w)
        no = report_from_phone(self, lang, f"{words} {uuid.uuid4().hex[:6]}", lon, lat)

        b, keys = self.desk("acceptor", lang, 1)
        keys.find(no)
        keys.step(no, "a", "accept")
        keys.step(no, "a", "file")
        self.assertEqual(self.w.case(no)["state"], "pending_dispatch")
        self.clean(b)

        d, keys = self.desk("dispatch_officer", lang, 2)
        p = self.page(PHONE, lang, 1)
        p.sign_in(self.base + "/squad", squad_phone)
        p.wait(".line", "●")
        card = f".task[data-case='{no}']"
        keys.find(no)
        keys.press("a")
        d.wait(".action-form[data-action=dispatch]")
        begin = time.monotonic()
        keys.press(SEND)
        p.wait(card)
        e2e.figure(f"{lang}: dispatched by keyboard, on the squad's page {1000 * (time.monotonic() - begin):.0f} ms after the key")
        d.keys("?")
        d.wait("dialog.help", "Enter")
        d.keys(Keys.ESCAPE)
        self.clean(d)

        p.click(f"{card} [data-action=sign]")
        p.click(f"{card} [data-action=dispose]")
        self.photo(card, p)
        p.click(f"{card} .action-form .primary")
        p.gone(card)
        self.clean(p)
        e2e.wait(lambda: self.w.case(no)["state"] == "checking", "the check")

        holder = self.w.rows("SELECT holder FROM task WHERE case_no = %s AND kind = 'check' AND open", no)[0]["holder"]
        c = self.page(PHONE, lang, 2)
        c.sign_in(self.base + "/squad", self.w.patroller(holder))
        c.click(f"{card} [data-action=check]")
        self.photo(card, c)
        c.click(f"{card} .choice")  # the first: passed
        c.click(f"{card} .action-form .primary")
        c.gone(card)
        self.clean(c)
        e2e.wait(lambda: self.w.case(no)["state"] == "pending_close", "the checked case")

        b, keys = self.desk("acceptor", lang, 1)
        keys.find(no)
        keys.press("a")
        b.wait(".action-form[data-action=close] select")
        field = b.driver.switch_to.active_element
        self.assertEqual(field.tag_name, "select", "the one field has the focus")
        keys.press(Keys.ARROW_DOWN, SEND)
        e2e.wait(lambda: self.w.case(no)["state"] == "closed", "the closed case")
        self.clean(b)

        m, _ = self.desk("leader", lang, 3)
        self.assertEqual(self.closed_this_month(lang), before + 1)
        m.keys("gt")
        m.wait(".figures tfoot")
        figures = [n.text for n in m.driver.find_elements(By.CSS_SELECTOR, ".figures tfoot td")]
        self.assertIn(str(before + 1), figures)
        m.shot(f"story-month-{lang}")
        self.clean(m)

    def test_the_whole_story_in_chinese(self):
        self.tell("zh-CN", "人行道地砖松动")

    def test_the_whole_story_in_english(self):
        self.tell("en-US", "Loose paving stones")


if __name__ == "__main__":
    unittest.main(verbosity=2)
