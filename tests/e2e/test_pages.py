#!/usr/bin/python3
"""The pages in Chromium: over the whole system (RealPages), and how they look and read everywhere (EveryPage).

EveryPage, test_console_page.py, test_console_forms.py and test_squad_page.py run over fake_api.py and need no built program. Screenshots: E2E_SHOTS=DIR.
"""
import os
import re
import tempfile
import unittest
import uuid

import browser
import fake_api
import fake_city
import pages
import wangge_e2e as e2e
from pages import DESK, NASTY, PHONE, FakePages, Pages


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()
    e2e.close()


class RealPages(Pages):
    """An operator, a squad and a patroller work one case through on the real pages."""

    @classmethod
    def setUpClass(cls):
        cls.w = e2e.shared()
        cls.base = f"http://127.0.0.1:{cls.w.port}"
        cls.folder = tempfile.mkdtemp(prefix="wangge-photos-")

    def test_pages_are_served_under_a_strict_policy(self):
        for path in ("/", "/squad"):
            answer = self.w.http.get(path)
            self.assertEqual(answer.status, 200)
            self.assertIn("default-src 'self'", answer.headers["content-security-policy"])
            self.assertNotIn("unsafe-inline", answer.headers["content-security-policy"])
            files = set(re.findall(r'"(/assets/[^"]+)"', answer.raw.decode()))
            self.assertGreater(len(files), 3)
            for name in files:
                found = self.w.http.get(name)
                self.assertEqual(found.status, 200)
                self.assertIn("immutable" if re.search(r"-[\w-]{8}\.(js|css)$", name) else "no-cache", found.headers["cache-control"])

    def test_a_wrong_token_is_told_so(self):
        b = self.page()
        b.sign_in(self.base + "/", "wrong")
        b.wait(".form-message", "令牌无效")

    def test_the_operator_sees_new_cases_live_and_acts_on_one(self):
        b = self.page()
        b.sign_in(self.base + "/", self.w.token(role="acceptor"))
        b.wait(".line", "实时")
        b.until(lambda: b.all("tr[data-case]") or b.all(".empty"), "the list")
        no = self.w.committed(self.w.token(role="patroller"), lon=0, lat=0, description=NASTY)
        b.open(self.base + "/?state=pending_accept")
        b.wait(f"tr[data-case='{no}']")
        b.wait(".tabs a[aria-current]", "待受理")
        b.shot("real-list")
        b.click(f"tr[data-case='{no}'] .no")
        b.wait(".case-page .description", "<img src=x onerror=")
        b.wait(".timeline", "上报")
        b.shot("real-case")
        shown = {n.get_attribute("data-action") for n in b.all(".buttons [data-action]")}
        offered = {a["name"] for a in self.w.http.get(f"/api/v1/cases/{no}", self.w.token(role="acceptor")).body["actions"]}
        self.assertEqual(shown, offered, "exactly the buttons that the server offers")
        b.click("[data-action=decline]")
        b.wait(".action-form textarea").send_keys("位置无法核实")
        b.click(".action-form .primary")
        b.wait(".toast", "不予受理")
        e2e.wait(lambda: self.w.case(no)["state"] == "not_accepted", "the declined case")
        self.clean(b)
        other = self.w.committed(self.w.token(role="patroller"), lon=0, lat=0, description="随后上报的一件")
        b.open(self.base + "/?state=pending_accept")
        b.wait(f"tr[data-case='{other}']")
        third = self.w.committed(self.w.token(role="patroller"), lon=0, lat=0, description="再报一件")
        b.wait(".fresh", "新增")
        b.keys(".")
        b.wait(f"tr[data-case='{third}']")
        self.clean(b)

    def test_a_case_goes_from_the_squad_s_phone_to_the_patroller_s_and_to_the_desk(self):
        patroller = self.w.token(role="patroller")
        first = self.w.committed(patroller, description=NASTY)
        case = self.w.case(first)
        squad = self.w.holder_of(case)
        b = self.page(PHONE)
        b.sign_in(self.base + "/squad", squad)
        b.wait(f".task[data-case='{first}']")
        b.wait(".line", "实时")
        # A second report at the same place reaches the open page by itself.
        no = self.w.committed(patroller, lon=case["lon"], lat=case["lat"], description="同一地点又一件")
        self.assertEqual(self.w.case(no)["squad"], case["squad"])
        card = f".task[data-case='{no}']"
        b.wait(card, seconds=10)
        e2e.wait(lambda: self.w.rows("SELECT 1 FROM task WHERE case_no = %s AND received_at IS NOT NULL", no), "the page to have said received")
        b.shot("real-squad")
        b.click(f"{card} [data-action=sign]")
        b.click(f"{card} [data-action=dispose]")
        photo = os.path.join(self.folder, "after.png")
        browser.picture(photo, (20 + uuid.uuid4().int % 100, 10, 10))
        b.wait(f"{card} .camera")
        b.attach(f"{card} input[type=file]", photo)
        b.wait(f"{card} .thumb")
        b.wait(f"{card} .action-form textarea").send_keys("已复位并加固")
        b.shot("real-dispose")
        b.click(f"{card} .action-form .primary")
        b.gone(card)
        self.clean(b)
        e2e.wait(lambda: self.w.case(no)["state"] == "checking", "the disposal to reach the check")

        holder = self.w.rows("SELECT holder FROM task WHERE case_no = %s AND kind = 'check' AND open", no)[0]["holder"]
        p = self.page(PHONE, seat=2)
        p.sign_in(self.base + "/squad", self.w.patroller(holder))
        p.click(f"{card} [data-action=check]")
        p.wait(f"{card} .camera")
        p.attach(f"{card} input[type=file]", photo)
        p.click(f"{card} .choice", "通过")
        p.shot("real-check")
        p.click(f"{card} .action-form .primary")
        p.gone(card)
        self.clean(p)

        d = self.page()
        d.sign_in(self.base + f"/?case={no}", self.w.token(role="shift_leader"))
        d.wait(".case-page h2", no)
        d.wait(".timeline .said", "已复位并加固")
        d.until(lambda: d.all(".photo canvas"), "the painted photo")
        d.click("[data-action=close]")
        self.assertIn("恢复", d.wait(".action-form select").text)
        d.choose(".action-form select", "restored")
        d.click(".action-form .primary")
        d.wait(".toast", "已结案")
        d.shot("real-closed")
        self.assertEqual(self.w.case(no)["state"], "closed")
        d.click("#group-month")
        d.click("#nav-closure")
        d.wait(".figures")
        d.shot("real-closure")
        d.click(".figures tfoot td a")
        d.wait(".cases-beside .beside-list li")
        d.click(".cases-beside p a", "在案件列表中打开")
        d.wait(".list-title", "结案统计明细")
        d.wait("tr[data-case]")
        self.clean(d)


class EveryPage(FakePages):
    """What holds for each view in each language, light and dark."""

    def views(self, world):
        by = {c["state"]: no for no, c in world.cases.items()}
        return [("cases", "/", "officer", ".next-up a", None), ("case", f"/?case={by['pending_close']}", "acceptor", ".timeline", None),
                ("form", f"/?case={by['pending_file']}", "acceptor", ".timeline", "[data-action=amend]"), ("closure", "/?view=closure", "leader", ".figures", None), ("handover", "/?view=handover", "shift", ".ho-shifts li", None),
                ("intake", "/?view=intake", "acceptor", ".intake input[name=category]", None), ("empty", "/?light=yellow&state=checking", "officer", ".empty", None),
                ("squad", "/squad", "squad", ".task button.primary", None), ("patrol", "/squad", "patrol", ".task button.primary", ".task button.primary")]

    def test_every_view_is_whole_readable_and_reachable_in_light_and_dark(self):
        world, base = self.serve(16)
        world.escalate(next(iter(world.cases)))
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            for view, path, token, ready, then in self.views(world):
                with self.subTest(view=view, size=name):
                    b = self.page(size)
                    b.sign_in(base + path, token)
                    b.wait(ready)
                    if then:
                        b.click(then)
                        b.wait(".action-form")
                    self.clean(b)
                    for dark in (False, True):
                        b.dark(dark)
                        b.shot(f"look-{name}-{view}{'-dark' if dark else ''}")
                        self.assertEqual(b.driver.execute_script(pages.CHECKS), [], "dark" if dark else "light")
                        if size == DESK or "/squad" in path or not dark:  # what is dark on the desk is dark on the phone: the colours are the same
                            self.assertEqual(pages.axe(b, "color-contrast" if dark else None), [], "dark" if dark else "light")
                    b.dark(False)
                    self.assertEqual(b.driver.execute_script(pages.FOCUS), [])

    def test_data_never_becomes_markup_anywhere(self):
        world, base = self.serve(3)
        no = world.add(50, "pending_dispose", NASTY)
        world.cases[no]["address"] = NASTY
        world.escalate(no)
        world.tasks[f"{no}-4"]["holder"] = NASTY
        world.history[no].append({"version": 9, "action": NASTY, "actor": NASTY, "role": NASTY, "from": "x", "to": NASTY, "at": fake_city.stamp(), "reason": NASTY, "opinion": NASTY,
                                  "photos": [], "transport": False, "changes": {"address": NASTY, "unit": NASTY, "verify_result": NASTY}})
        for path, token, seen in (("/?case=" + no, "officer", ".timeline .said"), ("/squad", "squad", f".task[data-case='{no}'] .description")):
            b = self.page()
            b.sign_in(base + path, token)
            b.wait(seen, "<img src=x")
            self.assertEqual(b.all("main img, main svg, main script, .alarms img"), [])
            self.clean(b)

    def test_english_is_there_by_the_browser_s_language_and_by_the_switch(self):
        world, base = self.serve(16)
        world.escalate(next(iter(world.cases)))
        b = self.page(lang="en-US")
        b.sign_in(base + "/", "officer")
        b.wait(".tabs a", "To dispatch")
        b.wait(".alarms", "1 task reached no device")
        self.clean(b)
        for path, token, ready in ((f"/?case={self.case_in(world, 'pending_close')}", "acceptor", ".timeline"), ("/?view=closure", "leader", ".figures"), ("/squad", "squad", ".task button.primary")):
            b.sign_in(base + path, token)
            b.wait(ready)
            b.shot(f"english-{token}")
            self.clean(b)
        b.sign_in(base + "/", "officer")
        b.wait(".tabs a", "To dispatch")
        b.click("#language")
        b.wait(".tabs a", "待派遣")
        self.assertEqual(b.driver.execute_script("return document.documentElement.lang"), "zh-CN")
        self.clean(b)


if __name__ == "__main__":
    unittest.main(verbosity=2)
