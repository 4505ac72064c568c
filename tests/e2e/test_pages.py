#!/usr/bin/python3
"""The two plain pages in Chromium: over the whole system, and over a pretend API where a fault must be provoked.

The second half (FakePages) needs no built program. Screenshots: E2E_SHOTS=DIR, else a temporary folder that is named.
"""
import os
import tempfile
import threading
import unittest
import uuid

import browser
import fake_api
import wangge_e2e as e2e

SHOTS = os.environ.get("E2E_SHOTS") or tempfile.mkdtemp(prefix="wangge-shots-")
DESK, PHONE = (1440, 900), (390, 844)
NASTY = "<img src=x onerror=\"window.hurt=1\"><script>window.hurt=1</script>\"'><svg/onload=window.hurt=1> javascript:window.hurt=1 {{7*7}}"


def setUpModule():
    e2e.say("screenshots in", SHOTS)


def tearDownModule():
    for b in _browsers.values():
        b.close()
    e2e.close()


_browsers = {}  # one a size, language and seat: starting Chromium is the slow part


class Pages(unittest.TestCase):
    def page(self, size=DESK, lang="zh-CN", seat=1):
        if (size, lang, seat) not in _browsers:
            _browsers[size, lang, seat] = browser.Browser(size, lang, SHOTS)
        b = _browsers[size, lang, seat]
        b.open("about:blank")
        b.console()  # what an earlier test wrote is not ours
        return b

    def clean(self, b):
        self.assertEqual(b.console(), [], "no script error, no refused content")
        self.assertLessEqual(b.overflow(), 0, "the page is not wider than its window")
        self.assertIsNone(b.driver.execute_script("return window.hurt ?? null"))


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
            for name in ("style.css", "console.js", "squad.js", "api.js", "i18n.js"):
                self.assertEqual(self.w.http.get(f"/assets/{name}").status, 200)

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
        b.all(f"{card} input[type=file]")[0].send_keys(photo)
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
        p.all(f"{card} input[type=file]")[0].send_keys(photo)
        p.click(f"{card} .choice", "通过")
        p.shot("real-check")
        p.click(f"{card} .action-form .primary")
        p.gone(card)
        self.clean(p)

        d = self.page()
        d.sign_in(self.base + f"/?case={no}", self.w.token(role="shift_leader"))
        d.wait(".case-page h2", no)
        d.wait(".timeline .said", "已复位并加固")
        d.until(lambda: d.all(".timeline .photo canvas"), "the painted photo")
        d.click("[data-action=close]")
        d.wait(".action-form select").send_keys("恢复")
        d.driver.execute_script("const s = document.querySelector('.action-form select'); s.value = 'restored'; s.dispatchEvent(new Event('change'))")
        d.click(".action-form .primary")
        d.wait(".toast", "已结案")
        d.shot("real-closed")
        self.assertEqual(self.w.case(no)["state"], "closed")
        d.click("#nav-closure")
        d.wait(".figures")
        d.shot("real-closure")
        d.click(".figures tfoot td a")
        d.wait(".list-title", "结案统计明细")
        d.wait("tr[data-case]")
        self.clean(d)


class FakePages(Pages):
    """Faults on purpose: errors, empty lists, a lost line, a stale version, an answer that never came."""

    def serve(self, *args, **more):
        world = fake_api.World(*args, **more)
        server, base = fake_api.serve(world)
        def end():
            world.drop_streams = True
            server.shutdown()
            server.server_close()
        self.addCleanup(end)
        return world, base

    def case_in(self, world, state):
        return next(no for no, c in world.cases.items() if c["state"] == state)

    def test_empty_list_error_and_recovery_are_drawn(self):
        world, base = self.serve(0)
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait(".empty", "没有符合条件的案件")
        b.shot("fake-empty")
        world.fail["GET /api/v1/cases"] = (503, "unavailable")
        b.open(base + "/")
        b.wait(".note .error", "数据库暂时不可用")
        b.shot("fake-error")
        world.fail.clear()
        world.add(1)
        b.click(".note .error button")
        b.wait("tr[data-case]")
        self.clean(b)

    def test_filters_stand_in_the_url_and_keys_move_through_the_list(self):
        world, base = self.serve()
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait("tr[data-case]")
        b.click(".tabs a", "待派遣")
        b.until(lambda: "state=pending_dispatch" in b.driver.current_url, "the state in the URL")
        b.until(lambda: {n.get_attribute("data-case") for n in b.all("tr[data-case]")} == {no for no, c in world.cases.items() if c["state"] == "pending_dispatch"}, "the filtered list")
        b.driver.back()
        b.until(lambda: len(b.all("tr[data-case]")) == 14, "the whole list again")
        b.keys("jj")
        b.until(lambda: b.all("tr.current"), "a current row")
        b.keys("\n")
        b.wait(".case-page .timeline")
        self.assertIn("case=", b.driver.current_url)
        b.keys("/")
        self.assertEqual(b.driver.switch_to.active_element.get_attribute("id"), "search")
        b.keys("第 3 号\n")
        b.until(lambda: len(b.all("tr[data-case]")) == 1, "the found case")
        b.keys("\ue00c")
        b.keys("\ue00c")
        b.until(lambda: "case=" not in b.driver.current_url, "Esc closes the case")
        self.clean(b)

    def test_somebody_was_faster_is_told_with_who_and_what(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_accept")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        b.click("[data-action=decline]")
        b.wait(".action-form textarea").send_keys("不属实")
        world.cases[no]["version"] += 1
        world.history[no].append({"version": world.cases[no]["version"], "action": "note", "actor": "孙值班", "role": "shift_leader", "from": "pending_accept", "to": "pending_accept", "at": fake_api.stamp()})
        b.click(".action-form .primary")
        b.wait(".form-message", "孙值班")
        b.wait(".form-message", "备注")
        b.shot("fake-stale")
        b.click(".action-form .primary")
        b.wait(".toast")
        self.assertEqual(world.history[no][-1]["reason"], "不属实")
        self.clean(b)

    def test_an_unanswered_command_is_repeated_under_the_same_id_and_done_once(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_accept")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        b.click("[data-action=accept]")
        b.wait(".action-form")
        world.fail["POST /api/v1/cases"] = (504, "outcome_unknown")
        b.click(".action-form .primary")
        b.wait(".form-message", "可能已经办理")
        world.fail.clear()
        sent = []
        real = fake_api.Handler.post_cases
        fake_api.Handler.post_cases = lambda self, who, rest, args, body: (sent.append(body), real(self, who, rest, args, body))[1]
        self.addCleanup(setattr, fake_api.Handler, "post_cases", real)
        b.click(".action-form .primary", "重试")
        b.wait(".toast")
        self.assertEqual(len(sent), 1)
        self.clean(b)

    def test_a_refusal_is_told_in_words_and_the_input_stays(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_accept")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        b.click("[data-action=decline]")
        b.wait(".action-form textarea").send_keys("refuse me")
        b.click(".action-form .primary")
        b.wait(".form-message", "已过回退时限")
        self.assertEqual(b.all(".action-form textarea")[0].get_attribute("value"), "refuse me")
        b.shot("fake-refused")
        self.clean(b)

    def test_a_lost_line_shows_the_age_of_the_data_and_heals(self):
        world, base = self.serve()
        b = self.page(PHONE)
        b.sign_in(base + "/squad", "squad")
        b.wait(".task")
        world.drop_streams = True
        world.fail["GET /api/v1/"] = (503, "unavailable")
        b.wait(".banner", "连接中断", 45)
        self.assertTrue(b.all(".task"), "what was known stays readable")
        b.shot("fake-offline")
        world.drop_streams = False
        world.fail.clear()
        b.gone(".banner")
        b.wait(".line", "实时")
        self.clean(b)

    def test_a_withdrawn_task_leaves_and_a_new_one_comes_by_itself(self):
        world, base = self.serve()
        b = self.page(PHONE)
        b.sign_in(base + "/squad", "squad")
        b.wait(".task")
        task = next(t for t in world.mine(fake_api.ME["squad"]))
        task["open"] = False
        world.hint("task_withdrawn", task)
        b.gone(f".task[data-task='{task['task_id']}']")
        no = world.add(77, "pending_dispose")
        world.hint("task", world.tasks[f"{no}-4"])
        b.wait(f".task[data-case='{no}']")
        b.until(lambda: world.tasks[f"{no}-4"].get("received"), "the page to say received")
        for t in world.tasks.values():
            t["open"] = False
        b.open(base + "/squad")
        b.wait(".empty", "现在没有任务")
        b.shot("fake-no-tasks")
        self.clean(b)

    def test_data_never_becomes_markup_anywhere(self):
        world, base = self.serve(3)
        no = world.add(50, "pending_dispose", NASTY)
        world.cases[no]["address"] = NASTY
        world.history[no].append({"version": 9, "action": NASTY, "actor": NASTY, "role": NASTY, "from": "x", "to": NASTY, "at": fake_api.stamp(), "reason": NASTY, "opinion": NASTY})
        for path, token, seen in (("/?case=" + no, "officer", ".timeline .said"), ("/squad", "squad", f".task[data-case='{no}'] .description")):
            b = self.page()
            b.sign_in(base + path, token)
            b.wait(seen, "<img src=x")
            self.assertEqual(b.all("main img, main svg, main script"), [])
            self.clean(b)

    def test_english_is_there_by_the_browser_s_language_and_by_the_switch(self):
        world, base = self.serve()
        b = self.page(lang="en-US")
        b.sign_in(base + "/", "officer")
        b.wait("tr[data-case]")
        b.wait(".tabs a", "To dispatch")
        b.click("#language")
        b.wait(".tabs a", "待派遣")
        self.assertEqual(b.driver.execute_script("return document.documentElement.lang"), "zh-CN")
        self.clean(b)

    def test_both_pages_look_whole_at_both_sizes_in_light_and_dark(self):
        world, base = self.serve()
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            for path, token, ready in (("/", "officer", "tr[data-case]"), ("/?view=closure", "officer", ".figures"), ("/squad", "squad", ".task button.primary"), ("/squad", "patrol", ".task button.primary")):
                b = self.page(size)
                b.sign_in(base + path, token)
                b.wait(ready)
                self.clean(b)
                b.shot(f"look-{name}-{token}-{path.strip('/?').replace('=', '-') or 'cases'}")
                b.dark()
                b.shot(f"look-{name}-{token}-{path.strip('/?').replace('=', '-') or 'cases'}-dark")


if __name__ == "__main__":
    unittest.main(verbosity=2)
