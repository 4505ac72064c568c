#!/usr/bin/python3
"""The operator's desk over a pretend API: a hundred thousand cases, many at once, taking back, calls, what is typed is never lost."""
import threading
import time
import unittest

from selenium.webdriver.common.keys import Keys

import fake_api
import pages
from pages import FakePages
from e2e_http import figure


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()


class Large(FakePages):
    COUNT = 100_000

    def test_a_hundred_thousand_cases_keep_fewer_than_a_hundred_rows_in_the_document(self):
        world, base = self.serve(14)
        world.many = self.COUNT
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait("tr[data-case]")
        b.driver.set_script_timeout(120)
        begin = time.monotonic()
        rows = b.driver.execute_async_script("""
            const [done] = arguments, box = document.querySelector('.case-list'), last = () => Number([...document.querySelectorAll('tr[data-index]')].at(-1)?.dataset.index ?? 0) + 1;
            let most = 0;
            new MutationObserver(() => (most = Math.max(most, document.querySelectorAll('tr').length))).observe(document.querySelector('.cases'), { childList: true, subtree: true });
            const on = () => {
              if (document.querySelector('.cases').getAttribute('aria-rowcount') !== '-1' && last() >= %d) return done({ most, last: last() });
              box.scrollTop = box.scrollHeight;
              setTimeout(on, 60);  // asking for its height lays the page out: more often, and that is what takes the time
            };
            on();""" % self.COUNT)
        figure(f"{self.COUNT} cases read to the last in {time.monotonic() - begin:.1f} s, at most {rows['most']} rows in the document")
        self.assertEqual(rows["last"], self.COUNT)
        self.assertLess(rows["most"], 100)
        frames = b.driver.execute_async_script("""
            const [done] = arguments, box = document.querySelector('.case-list'), frames = [];
            box.scrollTop = 0;
            let before = performance.now();
            const next = (now) => { frames.push(now - before); before = now; box.scrollTop += 700; frames.length < 200 ? requestAnimationFrame(next) : done(frames.slice(5).sort((a, b) => a - b)); };
            requestAnimationFrame(next);""")
        figure(f"scrolling it: a frame takes {frames[len(frames) // 2]:.0f} ms at p50, {frames[int(len(frames) * 0.95)]:.0f} ms at p95")
        paints = b.driver.execute_async_script("""
            const [done] = arguments, times = [];
            const press = () => { const from = performance.now(); document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
              requestAnimationFrame(() => setTimeout(() => { times.push(performance.now() - from); times.length < 40 ? press() : done(times.sort((a, b) => a - b)); })); };
            press();""")
        figure(f"key to paint: {paints[20]:.0f} ms at p50, {paints[38]:.0f} ms at p95")
        self.assertLess(b.driver.execute_script("return document.querySelectorAll('tr').length"), 100)
        self.clean(b)


class Desk(FakePages):
    def test_a_dispatch_is_taken_back_by_one_key_while_nobody_signed(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_dispatch")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        b.wait(".case-page .timeline")
        b.keys("a")
        b.wait(".action-form[data-action=dispatch]")
        b.click(".action-form .primary")
        b.wait(".toast", "撤销")
        b.keys("z")
        b.wait(".toast", "撤回改派")
        self.assertEqual([r["action"] for r in world.history[no]][-2:], ["dispatch", "recall"])
        self.assertEqual(world.cases[no]["state"], "pending_dispatch")
        self.clean(b)

    def test_a_dispatch_says_whom_the_rules_would_send_and_enter_accepts(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_dispatch")
        world.suggestion = {"case_no": no, "version": 3, "unit": "municipal", "squad": "municipal-1", "rule": "r1", "routing": [{"level": "class_in_district", "result": "hit", "text": "规则 r1 派遣至市政养护一队"}],
                            "squads": [{"squad": "municipal-1", "unit": "municipal", "suggested": True, "on_shift": True, "load": 3, "metres": 820}, {"squad": "municipal-2", "unit": "municipal", "suggested": False, "on_shift": False, "load": 0, "metres": None}]}
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        b.wait(".case-page .timeline")
        b.keys("a")
        b.wait(".dispatch-hint strong", "市政养护一队")
        for words in ("规则 r1", "在办 3 件", "距现场 820 米", "不在班"):
            b.wait(".dispatch-hint", words)
        b.shot("desk-dispatch-hint")
        self.assertEqual(pages.axe(b), [])
        b.click("[data-squad=municipal-2] button")
        b.until(lambda: b.wait(".action-form select[name=squad]").get_attribute("value") == "municipal-2", "the other squad in the form")
        b.keys(Keys.ESCAPE)
        b.driver.execute_script("document.activeElement.blur()")
        b.click("[data-action=dispatch]")
        b.wait(".action-form select[name=unit]").send_keys(Keys.ENTER)
        b.wait(".toast", "撤销")
        self.assertEqual(world.cases[no]["state"], "pending_dispose")
        self.clean(b)

    def test_a_row_says_at_once_what_is_being_done_and_goes_back_when_it_is_refused(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_accept")
        answer, real = threading.Event(), fake_api.Handler.post_cases
        self.addCleanup(setattr, fake_api.Handler, "post_cases", real)
        self.addCleanup(answer.set)

        def slow(handler, who, rest, args, body):
            answer.wait(30)
            answer.clear()
            return real(handler, who, rest, args, body)
        fake_api.Handler.post_cases = slow
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
        state = f"tr[data-case='{no}'] .col_state"
        b.click("[data-action=decline]")
        b.wait(".action-form textarea").send_keys("现场没有找到", Keys.CONTROL, Keys.ENTER)
        b.wait(state, "正在不予受理")
        self.assertEqual(world.cases[no]["state"], "pending_accept", "nothing is answered yet")
        world.cases[no]["version"] += 1  # somebody was faster
        answer.set()
        b.wait(state, "待受理")
        self.assertEqual(world.cases[no]["state"], "pending_accept")
        b.wait(".action-form [type=submit]:not([disabled])").click()
        b.wait(state, "正在不予受理")
        answer.set()
        b.wait(state, "不予受理")
        b.until(lambda: world.cases[no]["state"] == "not_accepted", "the step to be taken")
        b.console()  # 409 is written there by the browser
        self.clean(b)

    def test_columns_are_chosen_in_the_url_and_kept_by_a_view(self):
        world, base = self.serve()
        b = self.page()
        b.sign_in(base + "/?state=pending_accept", "acceptor")
        heads = lambda: [e.get_attribute("class") for e in b.all(".cases th")][1:]
        usual = ["col_light", "col_case", "col_what", "col_where", "col_state", "col_who", "col_due", "col_left"]
        b.wait("tr[data-case]")
        self.assertEqual(heads(), usual)
        b.click("#columns")
        b.click("[data-column=who]")
        b.click("[data-column=source]")
        b.shot("desk-columns")
        self.assertEqual(pages.axe(b), [])
        chosen = ["col_light", "col_case", "col_what", "col_where", "col_state", "col_source", "col_due", "col_left"]
        b.until(lambda: heads() == chosen, "the columns that were chosen")
        self.assertIn("cols=where.state.source.due", b.driver.current_url)
        self.assertEqual(len(b.all("tr[data-case] td")) % (len(chosen) + 1), 0, "a cell a column")
        b.keys(Keys.ESCAPE)
        b.click(".views button", "保存视图")
        b.wait(".view-name").send_keys("待受理带来源")
        b.click(".views button", "保存")
        b.wait(".view.on a", "待受理带来源")
        b.open(base + "/")
        b.until(lambda: heads() == usual, "the usual columns")
        b.click(".view a", "待受理带来源")
        b.until(lambda: heads() == chosen, "the view's columns")
        b.click("#columns")
        for column in ("who", "source"):
            b.click(f"[data-column={column}]")
        b.until(lambda: "cols=" not in b.driver.current_url, "nothing to be said of the usual columns")
        self.clean(b)

    def test_many_at_once_tells_each_result_and_only_the_failed_go_again(self):
        world, base = self.serve(0)
        numbers = [world.add(16 * n + 2, "pending_dispatch") for n in range(4)]
        sent = []
        real = fake_api.Handler.post_cases

        def once_stale(handler, who, rest, args, body):
            sent.append(rest[0])
            if rest[0] == numbers[1] and sent.count(rest[0]) == 1:
                return handler.problem(422, "not_allowed", "当前状态不允许该操作")
            return real(handler, who, rest, args, body)
        fake_api.Handler.post_cases = once_stale
        self.addCleanup(setattr, fake_api.Handler, "post_cases", real)
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait("tr[data-case]")
        b.keys("xJJ")
        b.wait(".bulk", "已选 3 件")
        b.click("[data-bulk=dispatch]")
        b.shot("desk-bulk")
        b.click(".bulk .action-form .primary")
        b.wait(f"[data-result='{numbers[1]}'].bad", "当前状态不允许该操作")
        b.until(lambda: len(b.all(".bulk-results .ok")) == 2, "the two others to be done")
        self.assertEqual(world.cases[numbers[3]]["state"], "pending_dispatch", "what was not chosen is not touched")
        b.click(".bulk .action-form .primary")
        b.until(lambda: len(b.all(".bulk-results .ok")) == 3, "the failed one to be done")
        self.assertEqual(sent, [numbers[0], numbers[1], numbers[2], numbers[1]], "what was done is not sent again")
        self.clean(b)

    def test_what_is_typed_survives_a_session_that_ends(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_accept")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
        b.click("[data-action=decline]")
        b.wait(".action-form textarea").send_keys("电话里说位置在路口，现场没有找到")
        world.fail["GET /api/v1/cases"] = {"status": 401, "code": "unauthorized", "title": "需要有效的令牌"}
        world.hint()
        b.wait(".form-message", "令牌无效")
        world.fail.clear()
        b.give_token("acceptor")
        b.gone("dialog.again")
        b.until(lambda: b.wait(".action-form textarea").get_attribute("value") == "电话里说位置在路口，现场没有找到", "the words again")
        b.click(".action-form .primary")
        b.wait(".toast", "不予受理")
        self.clean(b)

    def test_without_a_line_what_sends_is_grey_and_comes_back_by_itself(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_accept")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
        b.click("[data-action=decline]")
        b.wait(".action-form textarea").send_keys("现场没有找到")
        line = lambda up: b.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": not up, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
        self.addCleanup(line, True)
        b.driver.execute_cdp_cmd("Network.enable", {})
        line(False)
        b.wait(".banner", "连接中断")
        for css in ("[data-action=accept]", ".action-form [type=submit]"):
            button = b.wait(css + "[aria-disabled=true]")
            self.assertIn("连接中断", button.get_attribute("title"))
        b.shot("desk-no-line")
        b.click(".action-form [type=submit]")
        b.wait(".toast", "不能提交")
        b.wait(".action-form textarea").send_keys("，已电话核实", Keys.CONTROL, Keys.ENTER)
        b.click("[data-action=accept]")
        self.assertEqual(b.wait(".action-form textarea").get_attribute("value"), "现场没有找到，已电话核实", "typing goes on, no form is swapped away")
        self.assertEqual(world.cases[no]["state"], "pending_accept")
        line(True)
        b.gone("[aria-disabled=true]")
        b.gone(".banner")
        self.assertIsNone(b.wait("[data-action=accept]").get_attribute("title") or None)
        b.click(".action-form [type=submit]")
        b.wait(".toast", "不予受理")
        self.assertEqual(world.history[no][-1]["reason"], "现场没有找到，已电话核实")
        b.console()  # what the browser says of a line that is gone is no fault of the page
        self.clean(b)

    def test_a_view_is_saved_under_a_name_and_found_again(self):
        world, base = self.serve()
        b = self.page()
        b.sign_in(base + "/?light=red&unit=municipal", "officer")
        b.click(".views button", "保存视图")
        b.wait(".view-name").send_keys("市政红灯")
        b.click(".views button", "保存")
        b.wait(".view-counts .red", "1")
        b.wait(".view.on a", "市政红灯")
        b.open(base + "/")
        b.click(".view a", "市政红灯")
        b.until(lambda: "light=red" in b.driver.current_url and "unit=municipal" in b.driver.current_url, "its filters in the URL")
        self.clean(b)

    def test_two_leaders_sign_the_handover_and_what_is_typed_is_never_lost(self):
        world, base = self.serve(16)
        b = self.page()
        b.sign_in(base + "/?view=handover", "shift")
        b.wait(".ho-red", "2 个班次")
        b.click(".ho-shifts button", "开始交接")
        b.wait(".ho-record", "今日办结")
        b.wait("#ho-notes").send_keys("崇文大道积水点有人值守")
        b.open(base + "/?view=handover&number=1")
        b.until(lambda: b.wait("#ho-notes").get_attribute("value") == "崇文大道积水点有人值守", "the words again")
        b.click("#ho-sign")
        b.wait(".ho-signatures", "孙值班")
        b.gone("#ho-sign")
        self.assertEqual(world.desk["handovers"][1]["notes"], "崇文大道积水点有人值守", "what stood on the screen is what was signed")
        o = self.page(seat=2)
        o.sign_in(base + "/?view=handover&number=1", "shift2")
        o.wait("#ho-remark").send_keys("收到")
        o.click("#ho-sign", "接班签字")
        o.wait(".ho-shifts li.on", "已交接")
        o.gone("#ho-sign")
        self.clean(b)
        self.clean(o)

    def test_who_else_looks_and_works_is_seen_and_taking_over_wants_a_reason(self):
        world, base = self.serve(16)
        no = self.case_in(world, "pending_dispatch")
        b, o = self.page(), self.page(seat=2)
        b.sign_in(base + f"/?case={no}", "officer")
        b.wait(".case-page .timeline")
        b.keys("a")
        b.wait(".action-form[data-action=dispatch]")
        b.until(lambda: world.__dict__.get("desk", {}).get("leases", {}).get(no), "the lease of who has the form open")
        o.sign_in(base + f"/?case={no}", "shift")
        o.wait(".presence .flag", "李派遣 正在处理")
        o.wait(f"tr[data-case='{no}'] .face.works", "李")
        world.hint("presence", {"case_no": no, "people": [{"name": "周受理", "role": "acceptor"}], "lease": world.desk["leases"][no]})
        o.wait(".presence", "也在看：周受理")
        o.click(".take-over")
        o.wait(".take-form input").send_keys("李派遣去现场了\n")
        o.wait(".presence", "孙值班 从 李派遣 接手：李派遣去现场了")
        self.clean(b)
        self.clean(o)

    def test_the_palette_finds_states_and_steps_by_their_initials(self):
        world, base = self.serve()
        b = self.page()
        b.sign_in(base + f"/?case={self.case_in(world, 'pending_dispatch')}", "officer")
        b.wait(".case-page .timeline")
        b.keys(Keys.CONTROL + "k")
        b.wait(".palette input").send_keys("pq")
        b.wait(".palette li.on", "派遣")
        b.keys("\n")
        b.wait(".action-form[data-action=dispatch]")
        b.keys(Keys.ESCAPE)
        b.keys(Keys.ESCAPE)
        b.gone(".action-form")
        b.keys(Keys.CONTROL + "k")
        b.wait(".palette input").send_keys("dcz")
        b.wait(".palette li.on", "待处置")
        b.keys("\n")
        b.until(lambda: "state=pending_dispose" in b.driver.current_url, "the state's list")
        self.clean(b)

    def test_a_call_is_taken_by_keyboard_alone_and_becomes_one_case(self):
        world, base = self.serve()
        b = self.page()
        b.sign_in(base + "/", "acceptor")
        b.wait("tr[data-case]")
        b.keys("c")
        b.wait(".intake input[name=category]").send_keys("ysjg")
        b.wait(".found li.on", "雨水井盖异常")
        b.keys("\n")
        b.keys("\t")
        b.keys("崇文大道井盖丢了")
        world.fail["POST /api/v1/reports"] = (503, "no_room")
        b.keys("\t")
        b.keys("崇文大道 1 号\n")
        b.wait(".intake .form-message")
        self.assertEqual(b.wait(".intake textarea").get_attribute("value"), "崇文大道井盖丢了", "what was typed stays")
        world.fail.clear()
        b.click(".intake .primary")
        b.wait(".intake-done a")
        self.assertEqual(len(world.reports), 1)
        sent = next(iter(world.reports.values()))["body"]
        self.assertEqual((sent["category"]["code"], sent["address"], sent["lon"], sent["lat"]), ("01003", "崇文大道 1 号", 0, 0))
        b.click(".intake-done a")
        b.wait(".case-page .description", "崇文大道井盖丢了")
        self.clean(b)

    def test_a_callers_number_brings_what_was_reported_with_it(self):
        world, base = self.serve()
        no = self.case_in(world, "disposing")
        world.callers["13800001234"] = [{"kind": "case", "case_no": no, "state": "disposing", "category": world.cases[no]["category"], "description": "井盖 <b>丢了</b>", "address": "崇文大道 1 号", "lon": 116.5, "lat": 35.4, "at": "2026-11-20T09:00:00+08:00", "name": "李**"},
                                        {"kind": "order", "order_no": "h1", "number": "20261101-7", "state": "handling", "description": "投诉", "address": "", "at": "2026-11-01T09:00:00+08:00", "name": "李**"}]
        b = self.page()
        b.sign_in(base + "/?view=intake", "acceptor")
        b.wait("#i-phone").send_keys("138 0000 1234")
        b.wait(f"#caller-earlier [data-told='{no}']", "李**")
        b.wait("#caller-earlier [data-told=h1]", "20261101-7")
        self.assertFalse(any("1380000" in asked for asked in world.asked), "a number stands in no address")
        b.shot("intake-caller")
        b.click(f"#caller-earlier [data-told='{no}'] button")
        self.assertEqual(b.wait("#i-place").get_attribute("value"), "116.5, 35.4")
        self.assertEqual(pages.axe(b), [])
        b.wait("#i-phone").send_keys("5")
        b.gone("#caller-earlier")
        self.clean(b)

    def test_photos_tell_how_far_from_the_place_they_were_taken(self):
        world, base = self.serve()
        no = next(n for n, c in world.cases.items() if c["photos"] and not c["closed_at"])
        far, *others = world.cases[no]["photos"]
        world.photo_facts[far] = {"taken": "gallery", "captured_at": "2026-11-20T01:00:00Z", "received_at": "2026-11-20T09:00:00Z", "place": {"lon": 116.0, "lat": 35.0, "from": "exif"}, "metres": 412}
        b = self.page()
        b.sign_in(base + f"/?case={no}", "leader")
        line = b.wait(f".photo-places [data-photo='{far}']", "相距 412 米")
        self.assertIn("far-off", line.get_attribute("class"))
        for word in ("照片自带位置", "相册", "拍摄于"):
            self.assertIn(word, line.text)
        self.assertEqual(len(b.all(".photo-places li")), 1, "of the others nothing is known")
        b.shot("case-photo-far")
        self.clean(b)

    def test_a_likely_twin_stands_beside_and_one_key_merges_and_another_takes_it_back(self):
        world, base = self.serve(16)
        no, twin = self.case_in(world, "pending_accept"), self.case_in(world, "disposing")
        world.cases[no]["twins"] = [twin]
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
        b.wait(f"[data-twin='{twin}']", "相距")
        b.wait(f"[data-twin='{twin}'] kbd", "M")
        b.keys("m")
        b.wait(".toast", "撤销")
        self.assertEqual((world.cases[no]["state"], world.history[no][-1]["action"]), ("merged", "merge"))
        b.keys("z")
        b.until(lambda: world.cases[no]["state"] == "pending_accept", "the case to stand alone again")
        b.wait(f"[data-twin='{twin}'] button:not([aria-disabled])")
        world.fail[f"POST /api/v1/cases/{no}/actions/merge"] = (422, "not_allowed")
        b.click(f"[data-twin='{twin}'] button", "合并到此案")
        b.wait(".toast", "不能办理")
        self.assertEqual(world.cases[no]["state"], "pending_accept")
        self.clean(b)

    def test_paused_live_updates_change_nothing_until_they_go_on(self):
        world, base = self.serve()
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait(".line", "实时")
        b.wait("tr[data-case]")
        b.keys(Keys.ALT + "l")
        b.wait(".top .flag", "已暂停刷新")
        asked = len(world.asked)
        world.add(20)
        world.hint()
        b.driver.execute_async_script("setTimeout(arguments[0], 600)")
        self.assertEqual([a for a in world.asked[asked:] if "/cases?" in a], [])
        b.keys(Keys.ALT + "l")
        b.wait(".fresh", "1 件")
        self.clean(b)


if __name__ == "__main__":
    unittest.main(verbosity=2)
