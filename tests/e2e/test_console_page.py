#!/usr/bin/python3
"""The operator's page over a pretend API: the queue, one case, and faults on purpose."""
import threading
import unittest

import fake_api
import fake_city
import pages
from pages import RAW, FakePages, PHONE


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()


class Queue(FakePages):
    def test_empty_list_error_and_recovery_are_drawn(self):
        world, base = self.serve(0)
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait(".empty", "现在没有在办案件")
        b.shot("fake-empty")
        b.open(base + "/?light=red")
        b.wait(".empty", "没有符合条件的案件")
        world.fail["GET /api/v1/cases"] = (503, "no_database")
        b.open(base + "/")
        b.wait(".note .error", "数据库暂不可用")
        b.shot("fake-error")
        asked = len(world.asked)
        b.click(".note .error button", "重试")
        b.until(lambda: any(a.startswith("GET /api/v1/cases?") for a in world.asked[asked:]), "it asked again")
        world.add(1)
        world.fail.clear()
        world.hint()
        b.wait("tr[data-case]")
        b.gone(".note .error")
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
        self.assertEqual(len(b.all("tr.current")), 1, "the first row is marked: Enter opens it")
        b.keys("jj")
        b.until(lambda: [n.get_attribute("class") for n in b.all("tr[data-case]")].index(b.all("tr.current")[0].get_attribute("class")) >= 0 and b.all("tr[data-case]")[2] == b.all("tr.current")[0], "the third row marked")
        b.keys("\n")
        b.wait(".case-page .timeline")
        self.assertIn("case=", b.driver.current_url)
        b.keys("/")
        self.assertEqual(b.driver.switch_to.active_element.get_attribute("id"), "search")
        b.keys("火炬大厦\n")
        b.until(lambda: len(b.all("tr[data-case]")) == 1, "the found case")
        b.keys("\ue00c")
        b.keys("\ue00c")
        b.until(lambda: "case=" not in b.driver.current_url, "Esc closes the case")
        b.click(".filters a", "清除条件")
        b.until(lambda: len(b.all("tr[data-case]")) == 14, "the whole list again")
        self.clean(b)

    def test_lights_show_their_counts_and_filter(self):
        world, base = self.serve()
        red = {no for no, c in world.cases.items() if c["light"] == "red"}
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait(f".lights [data-light=red]", str(len(red)))
        b.click(".lights [data-light=red]")
        b.until(lambda: {n.get_attribute("data-case") for n in b.all("tr[data-case]")} == red, "the red ones")
        b.wait(".lights [data-light=red][aria-pressed=true]")
        world.add(16, "pending_dispose")
        world.hint()
        b.wait(".lights [data-light=red]", str(len(red) + 1))
        self.assertEqual(b.driver.switch_to.active_element.get_attribute("data-light"), "red", "new numbers leave the keyboard where it was")
        b.click(".lights [data-light=red]")
        b.until(lambda: len(b.all("tr[data-case]")) == 15, "all again")
        self.clean(b)

    def test_a_closed_case_is_found_by_its_number(self):
        world, base = self.serve(16)
        closed = self.case_in(world, "closed")
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait("tr[data-case]")
        self.assertEqual(b.all(f"tr[data-case='{closed}']"), [], "it is not in the queue of open cases")
        b.keys("/")
        b.keys(closed + "\n")
        b.wait(f"tr[data-case='{closed}']", "已结案")
        b.wait(f"tr[data-case='{closed}'] .light", "已结束")
        self.assertEqual(b.text(f"tr[data-case='{closed}'] .col_left"), "", "its clock is over")
        self.clean(b)

    def test_the_next_case_of_ones_role_is_one_key_away(self):
        world, base = self.serve()
        mine = self.case_in(world, "pending_dispatch")
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait(f".next-up a[data-case='{mine}']", "下一件")
        b.wait(".tabs a.mine", "待派遣")
        b.keys("n")
        b.wait(".case-page .timeline")
        self.assertIn(mine, b.driver.current_url)
        b.click("[data-action=dispatch]")
        b.click(".action-form .primary")
        b.wait(".toast", "待处置")
        b.wait(".next-up a", "待督查")
        self.clean(b)

    def test_an_undelivered_task_is_a_red_alarm_with_the_way_to_its_case_until_it_is_received(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_dispose")
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait("tr[data-case]")
        b.gone(".alarms")
        world.escalate(no)
        world.hint()
        b.wait(".alarms", "1 项任务派出后没有设备收到")
        b.wait(".alarms", "市政养护一队")
        b.wait(f"tr[data-case='{no}'] .flag", "未送达")
        self.assertTrue(b.driver.title.startswith("(1)"), b.driver.title)
        b.shot("fake-alarm")
        b.open(base + "/?view=closure")
        b.click(f".alarms a[data-case='{no}']")
        b.wait(".part-alarm .alarm", "市政养护一队")
        b.wait("[data-fact=delivery]", "超时未送达")
        b.wait(".timeline", "任务超时未送达")
        world.receive(world.tasks[f"{no}-4"])
        world.hint()
        b.gone(".alarms")
        b.gone(".part-alarm .alarm")
        b.wait("[data-fact=delivery]", "设备已收到")
        self.clean(b)

    def test_names_come_from_every_page_of_the_master_data(self):
        world, base = self.serve(3)
        last = fake_city.CATALOGUE[-1]
        self.assertGreater(len(fake_city.CATALOGUE), 400)
        no = next(iter(world.cases))
        world.cases[no]["category"] = {k: last[k] for k in ("standard", "kind", "code")}
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait(f"tr[data-case='{no}'] .name", last["zh"])
        self.clean(b)

    def test_what_presses_is_flagged_and_the_steps_own_limit_counts_down(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_dispose")
        world.cases[no].update(urgent=True, supervised=1)
        world.ask(no, "extend")
        b = self.page()
        b.sign_in(base + "/", "acceptor")
        for words in ("急", "督办", "延期待批"):
            b.wait(f"tr[data-case='{no}'] .col_what", words)
        b.wait(f"tr[data-case='{self.case_in(world, 'pending_file')}'] .left.over", "本环节超 6分")
        b.wait(f"tr[data-case='{self.case_in(world, 'pending_accept')}'] .left", "本环节剩")
        b.wait(f".next-up a[data-case='{self.case_in(world, 'pending_file')}']", "本环节超")
        b.open(base + f"/?case={no}")
        b.wait("[data-fact=requests]", "延期 · 钱承办")
        b.wait(".case-line", "延期待批")
        self.clean(b)

    def test_a_page_keeps_up_while_hints_never_stop(self):
        world, base = self.serve()
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait(".line", "实时")
        b.wait("tr[data-case]")
        over = threading.Event()

        def busy():
            while not over.wait(0.05):
                world.hint("case", {"case_no": "3708712026010100001"})
        busy_city = threading.Thread(target=busy)
        busy_city.start()
        try:
            world.add(20)
            b.wait(".fresh", "1 件")
        finally:
            over.set()
            busy_city.join()
        self.clean(b)

    def test_many_alarms_stay_readable(self):
        world, base = self.serve(0)
        for n in range(7):
            world.escalate(world.add(n * 16, "pending_dispose"), 12 + n)
        b = self.page(PHONE)
        b.sign_in(base + "/", "officer")
        b.wait(".alarms", "7 项任务")
        b.click(".alarms summary", "另有 3 项")
        b.until(lambda: len([a for a in b.all(".alarms a") if a.is_displayed()]) == 7, "all of them")
        self.clean(b)

    def test_the_keys_are_listed_and_the_current_view_is_marked(self):
        world, base = self.serve()
        b = self.page()
        b.sign_in(base + "/", "officer")
        b.wait("tr[data-case]")
        self.assertEqual(b.wait("#nav-cases").get_attribute("aria-current"), "page")
        self.assertIsNone(b.all("#nav-closure")[0].get_attribute("aria-current"))
        b.keys("?")
        b.wait("dialog.help", "快捷键")
        b.shot("fake-help")
        b.keys("j")
        b.keys("\ue00c")
        b.gone("dialog.help")
        b.open(base + f"/?case={self.case_in(world, 'pending_dispatch')}")
        b.wait(".case-page .timeline")
        b.keys("1")
        b.wait(".action-form[data-action=dispatch]")
        b.keys("\ue00c")
        b.keys("\ue00c")
        b.gone(".action-form")
        b.keys("gt")
        b.wait(".figures")
        self.assertEqual(b.all("#nav-closure")[0].get_attribute("aria-current"), "page")
        self.assertIsNone(b.wait("#nav-cases").get_attribute("aria-current"))
        self.clean(b)


class Case(FakePages):
    def test_a_case_tells_its_stages_photos_names_and_reasons_in_words(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_close")
        world.cases[no]["verify_result"] = "exist"
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
        b.wait(".case-page .timeline")
        self.assertEqual(len(b.all(".steps li")), 7)
        b.wait(".steps .now", "核查结案")
        self.assertRegex(b.wait(".steps li:nth-child(4)").text, r"小时|分", "the time spent stands under the stage")
        self.assertEqual([f.text.rstrip("0123456789 \n") for f in b.all(".photo-groups figcaption")], ["处置前", "处置后", "核查"])
        b.wait("[data-fact=verify_result]", "属实")
        b.wait(".part-why", "大类默认 → 环境卫生服务中心 / 环卫二队")
        for words in ("部件养护单位", "未关联部件", "本街道的规则", "没有规则", "4小时（工作时间）", "工作时计时", "中心工作日历", "起算", "超期反馈"):
            b.wait(".part-why", words)
        for part in (".part-why", ".part-facts", ".part-timeline"):
            self.assertEqual(RAW.findall(b.text(part)), [], part)
        b.until(lambda: b.all(".photo canvas"), "a painted photo")
        b.click(".part-photos .photo")
        b.wait("dialog .lightbox-line", "处置前 1 / 2")
        b.keys("\ue014")
        b.wait("dialog .lightbox-line", "处置前 2 / 2")
        b.keys("\ue014")
        b.wait("dialog .lightbox-line", "处置后 1 / 1")
        b.shot("fake-lightbox")
        b.keys("\ue00c")
        b.gone("dialog")
        self.assertIn("case=", b.driver.current_url, "Esc closed the photo only")
        self.clean(b)

    def test_every_line_of_routing_is_understood_also_as_an_object(self):
        world, base = self.serve()
        no = self.case_in(world, "disposing")
        lines = ["component_maintainer: rule m-1 names a unit or squad that is not there", "condition_in_grid: rules a and b disagree: a person decides", "condition_in_street: no rule",
                 {"level": "class_in_district", "result": "no_rule"}, {"level": "territorial", "rule": "st-1", "unit": "st_liuhang", "squad": "st_liuhang-1"},
                 "named: municipal / municipal-1 by 李派遣", "something quite new",
                 {"level": "responsibility", "result": "disagree", "rule": "q1", "other": "q2", "text": "…"}, {"level": "ordered", "result": "absent", "rule": "o1"}]
        real = fake_api.Handler.explain
        fake_api.Handler.explain = lambda self, case: {**real(self, case), "routing": lines, "left_ms": 5400000, "unit": "municipal", "squad": "municipal-1"}
        self.addCleanup(setattr, fake_api.Handler, "explain", real)
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        for words in ("规则 m-1 所指的部门或中队不存在", "规则 a 与 b 不一致，由人工决定", "属地街道", "命中 st-1 → 柳行街道办事处 / 柳行街道城管队", "李派遣 指定 市政养护中心 / 市政养护一队",
                      "人工指定 → 市政养护中心 / 市政养护一队", "something quite new", "权责清单", "规则 q1 与 q2 不一致，由人工决定", "规则 o1 所指的部门此时无人可派", "暂停计时，剩余 1小时30分"):
            b.wait(".part-why", words)
        self.clean(b)

    def test_what_comes_in_shows_live_without_a_new_version_and_leaves_a_form_alone(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_dispose")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        b.click("[data-action=note]")
        b.wait(".action-form textarea").send_keys("半句话")
        version = world.cases[no]["version"]
        rows = len(b.all(".timeline > li"))
        world.escalate(no)
        world.hint()
        b.wait(".timeline > li.alarm", "任务超时未送达")
        world.receive(world.tasks[f"{no}-4"])
        world.hint()
        b.until(lambda: len(b.all(".timeline > li")) == rows + 2, "both rows")
        self.assertEqual(world.cases[no]["version"], version, "transport rows never raise it")
        self.assertEqual(b.wait(".action-form textarea").get_attribute("value"), "半句话")
        b.keys("\ue00c")
        b.keys("\ue00c")
        b.gone(".action-form")
        b.wait("[data-action=note]")
        self.clean(b)

    def test_somebody_was_faster_is_told_with_who_and_what(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_accept")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
        b.click("[data-action=decline]")
        b.wait(".action-form textarea").send_keys("不属实")
        world.cases[no]["version"] += 1
        world.history[no].append({**world.history[no][-1], "version": world.cases[no]["version"], "action": "note", "actor": "孙值班", "role": "shift_leader", "at": fake_city.stamp()})
        b.click(".action-form .primary")
        b.wait(".form-message", "孙值班")
        b.wait(".form-message", "备注")
        b.shot("fake-stale")
        b.click(".action-form .primary")
        b.wait(".toast", "不予受理")
        self.assertEqual(world.history[no][-1]["reason"], "不属实")
        self.clean(b)

    def test_an_unanswered_command_is_repeated_under_the_same_id_and_done_once(self):
        world, base = self.serve()
        no = world.add(1, "pending_accept")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
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


    def test_a_step_that_asks_nothing_goes_out_by_a_click_and_never_by_its_number(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_accept")
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
        b.wait(".case-page .timeline")
        names = [n.get_attribute("data-action") for n in b.all(".buttons [data-action]")]
        b.keys(str(names.index("send_verify") + 1))
        b.until(lambda: b.driver.switch_to.active_element.get_attribute("data-action") == "send_verify", "the button to have the focus")
        self.assertEqual(self.posts(world, "/actions/"), [])
        b.keys("\n")
        b.wait(".toast", "核实中")
        self.clean(b)

if __name__ == "__main__":
    unittest.main(verbosity=2)
