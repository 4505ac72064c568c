#!/usr/bin/python3
"""The console's forms and the month's table over a pretend API: names instead of codes, refusals in words, figures that open."""
import glob
import json
import os
import re
import tempfile
import unittest

import fake_api
import pages
from pages import RAW, FakePages


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()


class Forms(FakePages):
    def open(self, state, token, action):
        world, base = self.serve(16)
        no = self.case_in(world, state)
        b = self.page()
        b.sign_in(base + f"/?case={no}", token)
        b.click(f"[data-action={action}]")
        b.wait(".action-form")
        return world, no, b

    def test_a_refusal_is_told_in_words_and_the_input_stays(self):
        world, no, b = self.open("pending_accept", "acceptor", "decline")
        b.wait(".action-form textarea").send_keys("refuse me")
        b.click(".action-form .primary")
        b.wait(".form-message", "当前状态不允许该操作：已超过申请回退的时限")
        self.assertEqual(b.all(".action-form textarea")[0].get_attribute("value"), "refuse me")
        b.shot("fake-refused")
        self.clean(b)

    def test_faults_of_fields_are_told_in_words_and_shown_at_their_field(self):
        world, no, b = self.open("pending_dispatch", "officer", "dispatch")
        world.fail["POST /api/v1/cases"] = {"status": 422, "code": "invalid", "title": "有字段不符合要求", "detail": "see the fields", "errors": [
            {"field": "/unit", "code": "required"}, {"field": "/opinion", "code": "too_long"}, {"field": "/lon", "code": "out_of_range"}, {"field": "/squad", "code": "brand_new"}]}
        b.click(".action-form .primary")
        message = b.wait(".form-message", "有字段不符合要求：see the fields").text
        for words in ("处置单位：必填", "意见：太长", "经度：超出范围", "中队：不符合要求"):
            self.assertIn(words, message)
        self.assertEqual(RAW.findall(message), [])
        self.assertEqual([n.get_attribute("data-field") for n in b.all(".field.bad")], ["unit", "squad", "opinion"])
        self.clean(b)

    def test_units_squads_and_conditions_go_by_their_names(self):
        world, no, b = self.open("pending_dispatch", "officer", "dispatch")
        units = [o.text for o in b.wait("select[name=unit]").find_elements("css selector", "option")]
        self.assertIn("市政养护中心", units)
        self.assertNotIn("监督指挥中心", units, "it has no squad")
        b.choose("select[name=unit]", "sanitation")
        b.until(lambda: [o.text for o in b.all("select[name=squad] option")] == ["按派遣规则", "环卫一队", "环卫二队", "环卫三队"], "the unit's squads")
        b.choose("select[name=squad]", "sanitation-3")
        b.click(".action-form .primary")
        b.wait(".toast", "待处置")
        _, _, b = self.open("pending_close", "acceptor", "close")
        closing = [o.text for o in b.all("select[name=closing_condition] option")]
        self.assertEqual(closing[:4], ["请选择", "恢复", "更换", "修复"])
        self.assertEqual([c for c in closing if re.search("[a-z]", c)], [])
        self.clean(b)

    def test_another_category_takes_the_old_ones_condition_away(self):
        world, no, b = self.open("pending_file", "acceptor", "amend")
        box = lambda: b.driver.execute_script("return document.querySelector('select[name=condition]').value")
        options = lambda: [o.text for o in b.all("select[name=condition] option")]
        self.assertEqual(box(), "", "nothing is sent that was not changed")
        self.assertEqual(options()[0], "不改")
        b.wait("input[name=category]").send_keys("01003 雨水井盖异常 · 市政公用设施")
        b.until(lambda: "缺失或移位，行人车辆有跌落危险" in options(), "the new category's conditions")
        self.assertEqual((box(), options()[0]), ("", "按目录默认"))
        sent = self.sent()
        b.click(".action-form .primary")
        b.wait(".toast")
        self.assertEqual(sent[0]["category"]["code"], "01003")
        self.assertNotIn("condition", sent[0])
        self.clean(b)

    def test_a_category_that_is_not_in_the_list_is_not_sent(self):
        world, no, b = self.open("pending_file", "acceptor", "amend")
        b.wait("input[name=category]").send_keys("井盖之类")
        b.click(".action-form .primary")
        b.wait(".form-message", "请从列表中选择类别")
        self.assertEqual(self.posts(world, "/actions/"), [])
        self.clean(b)

    def test_often_used_reasons_are_one_click(self):
        world, no, b = self.open("pending_accept", "acceptor", "decline")
        b.click(".chip", "与在办案件重复")
        b.click(".action-form .primary")
        b.wait(".toast")
        self.assertEqual(world.history[no][-1]["reason"], "与在办案件重复")
        self.clean(b)


    def sent(self):
        sent = []
        real = fake_api.Handler.post_cases
        fake_api.Handler.post_cases = lambda self, who, rest, args, body: (sent.append(json.loads(body)), real(self, who, rest, args, body))[1]
        self.addCleanup(setattr, fake_api.Handler, "post_cases", real)
        return sent

    def test_a_request_is_decided_by_its_words_not_its_number(self):
        world, base = self.serve()
        no = self.case_in(world, "pending_dispose")
        world.ask(no, "suspend", until="2026-12-31T18:00:00.000+08:00")
        world.ask(no, "extend", by="孙队长")
        sent = self.sent()
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        b.click("[data-action=approve_request]")
        offered = [o.text for o in b.wait("select[name=request_id]").find_elements("css selector", "option")]
        self.assertEqual(offered[0], "请选择")
        self.assertIn("挂账 至 2026-12-31 18:00 · 钱承办", offered[1])
        self.assertIn("延期 · 孙队长", offered[2])
        b.choose("select[name=request_id]", "r6")
        b.click(".action-form .primary")
        b.wait(".toast", "同意申请")
        self.assertEqual(sent[0]["request_id"], "r6")
        self.clean(b)

    def test_times_and_several_units_are_sent_as_the_api_wants_them(self):
        sent = self.sent()
        world, no, b = self.open("pending_dispose", "clerk", "suspend")
        b.wait(".action-form textarea").send_keys("无权属单位")
        b.driver.execute_script("const box = document.querySelector('input[name=until]'); box.value = '2026-12-31T18:00'; box.dispatchEvent(new Event('input', {bubbles: true}))")
        b.click(".action-form .primary")
        b.wait(".toast")
        self.assertEqual(sent[0]["until"], "2026-12-31T18:00:00+08:00")
        world, no, b = self.open("pending_dispatch", "officer", "dispatch")
        b.click(".tick", "园林绿化中心")
        b.click(".tick", "排水管理处")
        b.click(".action-form .primary")
        b.wait(".toast")
        self.assertEqual(sent[1]["assist"], ["greening", "drainage"])
        self.clean(b)

    def test_a_merge_offers_the_possible_twin(self):
        sent = self.sent()
        world, base = self.serve(16)
        no, twin = self.case_in(world, "pending_accept"), self.case_in(world, "disposing")
        world.cases[no]["twins"] = [twin]
        b = self.page()
        b.sign_in(base + f"/?case={no}", "acceptor")
        b.click("[data-action=merge]")
        self.assertEqual(b.wait("input[name=into]").get_attribute("value"), twin)
        b.click(".action-form .primary")
        b.wait(".toast")
        self.assertEqual(sent[0]["into"], twin)
        self.clean(b)

    def test_only_units_that_assist_can_be_spared(self):
        world, base = self.serve(16)
        no = self.case_in(world, "pending_dispose")
        world.tasks[f"{no}-4-greening"] = {**world.tasks[f"{no}-4"], "task_id": f"{no}-4-greening", "kind": "assist", "unit": "greening", "squad": None}
        b = self.page()
        b.sign_in(base + f"/?case={no}", "officer")
        b.wait("[data-fact=assisting]", "园林绿化中心")
        b.click("[data-action=waive_assist]")
        self.assertEqual([o.text for o in b.wait("select[name=unit]").find_elements("css selector", "option")], ["请选择", "园林绿化中心"])
        self.clean(b)


class Closure(FakePages):
    def test_every_figure_and_rate_opens_into_its_cases_and_a_nought_does_not(self):
        world, base = self.serve(16)
        b = self.page()
        b.sign_in(base + "/?view=closure&month=2026-10&by=unit", "leader")
        b.wait(".figures")
        self.assertIn("2026年10月", b.text(".closure h2"))
        self.assertIn("读数时刻", b.text(".as-of"))
        b.click(".basis summary")
        b.wait(".basis", "应结案 =")
        row = lambda key, field: b.all(f".figures tbody tr:nth-child({key}) [data-field={field}]")[0]
        self.assertEqual(row(1, "closure_rate").text, "91.48")
        self.assertEqual(row(4, "closure_rate").text, "–")
        self.assertEqual(row(4, "due").find_elements("css selector", "a"), [])
        row(1, "on_time_closure_rate").find_element("css selector", "a").click()
        b.wait(".cases-beside h2", "市政养护中心 · 按期结案")
        b.until(lambda: any("closure_field=closed_on_time" in a and "closure_key=municipal" in a and "as_of=" in a for a in world.asked), "exactly the cases counted")
        b.click(".cases-beside p a", "在案件列表中打开")
        b.wait(".list-title", "市政养护中心 · 按期结案")
        b.click(".list-title a", "返回统计表")
        b.wait(".closure h2", "2026年10月")
        b.click(".closure button", "上月")
        b.wait(".closure h2", "2026年9月")
        b.choose("#by", "squad")
        b.until(lambda: "by=squad" in b.driver.current_url and "month=2026-09" in b.driver.current_url, "both in the URL")
        self.clean(b)

    def test_the_table_is_saved_under_a_name_people_know(self):
        world, base = self.serve(16)
        b = self.page()
        folder = tempfile.mkdtemp(prefix="wangge-saved-")
        b.downloads(folder)
        b.sign_in(base + "/?view=closure&month=2026-10", "leader")
        for kind in ("csv", "xlsx"):
            b.click(f"[data-export={kind}]")
            b.until(lambda: glob.glob(os.path.join(folder, f"2026年10月结案率_市政养护中心.{kind}")), f"the {kind} file")
        with open(glob.glob(os.path.join(folder, "*.csv"))[0], encoding="utf-8-sig") as f:
            self.assertIn("市政养护中心", f.read())
        self.clean(b)

    def test_who_may_not_read_it_is_not_sent_there(self):
        world, base = self.serve(16)
        b = self.page()
        b.sign_in(base + "/", "squad")
        b.wait("tr[data-case]")
        self.assertEqual(b.all("#nav-closure, #group-month"), [])
        b.open(base + "/?view=closure")
        b.wait(".closure .error", "不在您的职责或范围内")
        self.clean(b)


if __name__ == "__main__":
    unittest.main(verbosity=2)
