#!/usr/bin/python3
"""Supervision and management over a real system: each page's main path, what is refused, what nobody half-applies; axe and width on all."""
import os
import unittest
import uuid
from datetime import datetime, timedelta

from selenium.webdriver.common.keys import Keys

import pages
import wangge_e2e as e2e
from pages import DESK, PHONE, Pages
from wangge_e2e import LITTER, MANHOLE, ZONE

VIEWS = {  # page -> who looks at it
    "approvals": "shift_leader", "orders": "leader", "escalations": "shift_leader", "coordination": "coordinator", "hotline": "hotline_agent",
    "suspicions": "inspector", "campaigns": "coordinator", "plans": "shift_leader", "attendance": "shift_leader", "coverage": "shift_leader", "rules": "coordinator",
    "catalogue": "catalogue_admin", "calendar": "catalogue_admin", "roster": "catalogue_admin", "units": "catalogue_admin", "part": "catalogue_admin",
    "switches": "catalogue_admin",
}


def setUpModule():
    pages.begin()
    e2e.shared()


def tearDownModule():
    pages.end()
    e2e.close()


class Office(Pages):
    @classmethod
    def setUpClass(cls):
        cls.w = e2e.shared()
        cls.patroller = cls.w.token(role="patroller")

    def base(self):
        return f"http://127.0.0.1:{self.w.port}"

    def open(self, b, view, role, more=""):
        b.sign_in(f"{self.base()}/?view={view}{more}", self.w.token(role=role))
        b.wait(".office h2")
        b.gone(".office [role=status]")

    def at_work(self, category=LITTER):
        """A case that a squad has."""
        no = self.w.committed(self.patroller, category=category)
        case = self.w.case(no)
        self.assertEqual(case["state"], "pending_dispose", case)
        return case

    def clerk(self, case):
        for role in ("unit_clerk", "unit_head", "squad_leader"):
            for account in self.w.accounts:
                if account["role"] == role and account.get("unit") == case["unit"]:
                    return account["token"]
        raise AssertionError(f"nobody of {case['unit']}")

    def put(self, b, css, text):
        node = b.wait(css)
        node.clear()
        node.send_keys(text)
        node.send_keys(Keys.TAB)

    def publish(self, b, note):
        b.click("#check")
        b.wait(".result .diff")
        b.wait("#note").send_keys(note)
        b.click("#publish")
        b.wait(".toast", "已发布")

    def version(self, part):
        return self.w.http.get(f"/api/v1/standing/{part}", self.w.token(role="catalogue_admin")).body

    def test_a_request_is_approved_and_another_refused_by_keyboard(self):
        first, second = self.at_work(), self.at_work()
        for case in (first, second):
            self.w.done(self.clerk(case), case["case_no"], "extend", reason="等待配件")
        b = self.page()
        self.open(b, "approvals", "dispatch_officer")
        b.until(lambda: len(b.all("tr[data-row]")) >= 2, "both requests")
        rows = [n.get_attribute("data-row") for n in b.all("tr[data-row]")]
        b.keys("a")
        b.wait(".action-form[data-action=approve_request]")
        b.keys(Keys.ENTER) if b.driver.switch_to.active_element.tag_name == "button" else b.click(".action-form .primary")
        b.wait(".toast", "同意申请")
        done = rows[0].split(".")[0]
        self.assertEqual(self.w.case(done)["extensions"], 1)
        b.until(lambda: not b.all(f"tr[data-row='{rows[0]}']"), "the decided row to go")
        b.driver.execute_script("document.activeElement.blur()")
        b.keys("b")
        b.wait(".action-form[data-action=refuse_request]")
        b.click(".action-form .primary")
        b.wait(".toast", "不同意申请")
        b.wait(".empty .big")
        self.assertEqual(self.w.case(rows[1].split(".")[0])["extensions"], 0)
        self.clean(b)

    def test_an_order_is_issued_answered_and_judged(self):
        case = self.at_work()
        b = self.page()
        self.open(b, "orders", "leader")
        b.wait("#issue-case").send_keys(case["case_no"])
        b.click(".issue button")
        b.click("[data-step=instruct]")
        b.wait(".action-form[data-action=instruct] textarea").send_keys("限三日内办结并回复")
        b.click(".action-form .primary")
        b.wait("tr[data-row]", "限三日内办结并回复")
        order = self.w.case(case["case_no"])["orders"][0]
        self.assertEqual(order["kind"], "instruct")
        b.shot("orders-with-one")
        self.w.done(self.clerk(case), case["case_no"], "answer_order", request_id=order.get("request_id") or order["order_id"], text="已清运完毕")
        b.click(".office-head .quiet", "刷新")
        b.click("tr[data-row]", "待阅批")
        b.wait(".timeline .said, .timeline", "已清运完毕")
        b.click("[data-step=judge_order]")
        b.driver.execute_script("document.querySelector('.action-form input[value=agree]').click()")
        b.click(".action-form .primary")
        b.wait(".empty .big")
        self.assertFalse(self.w.case(case["case_no"]).get("orders"))
        b.choose("#f-waiting", "settled")
        b.wait(".empty, tr[data-row]")
        b.wait("tr[data-row]", "限三日内办结并回复")
        self.assertIn("同意", b.text("tr[data-row]"))
        b.wait(".under .timeline", "已清运完毕")  # the row that was open stands open here too
        self.assertIn("结果：同意", b.text(".under .timeline"))
        b.shot("orders-settled")
        self.clean(b)

    def test_a_rule_is_tried_published_and_a_new_report_goes_by_it(self):
        before = self.at_work()
        other = next(s for s in e2e.pages(self.w.http, "/api/v1/squads", self.w.token(role="leader")) if s["unit"] != before["unit"])
        b = self.page()
        self.open(b, "rules", "coordinator")
        b.click(".add", "增加一行")
        row = "tbody tr:last-child"
        for column, value in (("编号", "e2e-litter"), ("编码", LITTER["code"])):
            self.put(b, f"{row} input[aria-label^='{column}']", value)
        for column, value in (("标准", LITTER["standard"]), ("类型", LITTER["kind"]), ("部门", other["unit"]), ("中队", other["key"])):
            b.choose(f"{row} select[aria-label^='{column}']", value)
        b.click("#dry-run")
        b.wait("#trial .big", "将改派")
        self.assertIn(before["case_no"][-5:], b.text("#trial"))
        self.assertEqual(self.w.case(before["case_no"])["squad"], before["squad"], "a dry run changes nothing")
        b.click("#check")
        b.wait(".diff .added", "e2e-litter")
        b.shot("rules-diff")
        if b.all(".publish .tick input"):
            b.click(".publish .tick input")
        b.wait("#note").send_keys("协调纪要 12 号")
        b.click("#publish")
        b.wait(".toast", "已发布")
        e2e.wait(lambda: self.at_work()["squad"] == other["key"], "a new report to go by the new rule", 30)
        self.assertEqual(self.version("rules")["note"], "协调纪要 12 号")
        self.clean(b)

    def test_a_limit_of_the_catalogue_is_compared_and_then_holds_for_new_cases_only(self):
        old = self.at_work(MANHOLE)
        limit = self.w.http.get(f"/api/v1/cases/{old['case_no']}/explain", self.w.token(role="leader")).body["limit_minutes"]
        key = "/".join(MANHOLE[k] for k in ("standard", "kind", "code"))
        b = self.page()
        self.open(b, "catalogue", "catalogue_admin", f"&table=conditions&category={key}")
        cells = b.all("tbody tr input[aria-label^='时限']")
        for cell in cells:
            if cell.get_attribute("value") == str(limit):
                cell.clear()
                cell.send_keys(str(limit + 7) + Keys.TAB)
        self.publish(b, "时限修订")
        b.wait(".diff", str(limit + 7))
        def new_limit():
            case = self.at_work(MANHOLE)
            return self.w.http.get(f"/api/v1/cases/{case['case_no']}/explain", self.w.token(role="leader")).body["limit_minutes"] == limit + 7
        e2e.wait(new_limit, "a new case with the new limit", 30)
        self.assertEqual(self.w.http.get(f"/api/v1/cases/{old['case_no']}/explain", self.w.token(role="leader")).body["limit_minutes"], limit)
        self.clean(b)

    def test_a_changed_calendar_tells_what_it_moves_and_moves_it(self):
        case = self.at_work()
        due = datetime.fromisoformat(case["due_at"])
        unit = next(u for u in e2e.pages(self.w.http, "/api/v1/units", self.w.token(role="leader")) if u["key"] == case["unit"])
        b = self.page()
        self.open(b, "calendar", "catalogue_admin", f"&calendar={unit.get('calendar') or 'center'}&month={due.astimezone(ZONE):%Y-%m}")
        day = due.astimezone(ZONE).strftime("%Y-%m-%d")
        cell = b.wait(f"[data-day='{day}']")
        cell.send_keys(" ")  # the day of the deadline becomes a day of rest
        b.wait(f"td.rests [data-day='{day}']")
        b.click("#check")
        b.wait(".diff", "将重算")
        self.assertIn(case["case_no"][-5:], b.text(".moved"))
        b.shot("calendar-diff")
        b.wait("#note").send_keys("临时放假通知")
        b.click("#publish")
        b.wait(".toast", "已发布")
        e2e.wait(lambda: datetime.fromisoformat(self.w.case(case["case_no"])["due_at"]) > due, "the deadline to move", 30)
        rows = self.w.http.get(f"/api/v1/cases/{case['case_no']}/history?limit=200", self.w.token(role="leader")).body["items"]
        self.assertIn("reproject", [r["action"] for r in rows])
        self.clean(b)

    def test_a_roster_with_a_bad_row_names_it_and_loads_nothing(self):
        before = self.version("duty")["tables"][0]["rows"]
        path = os.path.join(self.w.data, "排班.csv")
        good = "patroller,unit,street,community,grid,from,to\n" + "".join(f"{r[0]},{r[1]},{r[2]},,,06:00,22:00\n" for r in before)
        with open(path, "w", encoding="utf-8") as f:
            f.write(good + "patrol-9,no-such-unit,,,,06:00,14:00\n")
        b = self.page()
        self.open(b, "roster", "catalogue_admin")
        b.attach("input[type=file]", path)
        b.wait(".draft-bar.on")
        b.click("#check")
        b.wait(".faults li", "没有部门 no-such-unit")
        self.assertIn(f"第 {len(before) + 1} 行", b.text(".faults"))
        self.assertFalse(b.all("#publish"))
        b.shot("roster-fault")
        self.assertEqual(self.version("duty")["tables"][0]["rows"], before, "nothing half-loaded")
        with open(path, "w", encoding="utf-8") as f:
            f.write(good + "patrol-9,,370871001,,,22:00,23:00\n")
        b.attach("input[type=file]", path)
        b.until(lambda: not b.all(".faults"), "the faults to go")
        self.publish(b, "十二月排班")
        self.assertEqual(len(self.version("duty")["tables"][0]["rows"]), len(before) + 1)
        self.clean(b)

    def test_the_desk_decides_a_third_return_and_like_cases_follow_it(self):
        category = {**MANHOLE, "code": "01002"}
        case = self.at_work(category)
        no, first = case["case_no"], case["unit"]
        for turn in range(3):
            self.w.done(self.clerk(case), no, "return", reason="不属本部门")
            if turn < 2:
                self.w.done(self.w.token(role="shift_leader"), no, "approve_return")
                self.w.done(self.w.token(role="dispatch_officer"), no, "dispatch", unit=first)
        unit = next(u for u in ("drainage", "municipal", "sanitation") if u != first)
        b = self.page()
        self.open(b, "coordination", "coordinator")
        b.click(f"tr[data-row='{no}']", "三次回退")
        b.click("[data-step=approve_return]")
        b.choose(".action-form select[name=unit]", unit)
        b.driver.execute_script("document.querySelector('.action-form input[value=district]').click()")
        b.shot("coordination-decides")
        b.click(".action-form .primary")
        b.until(lambda: not b.all(f"tr[data-row='{no}']"), "the decided case to leave the desk")
        self.assertEqual(self.w.case(no)["unit"], unit)
        e2e.wait(lambda: self.at_work(category)["unit"] == unit, "a like case to follow the decision", 30)
        self.clean(b)

    def test_a_plan_is_written_published_switched_on_and_back(self):
        b = self.page()
        self.open(b, "part", "coordinator", "&part=plans")
        b.click(".add", "增加一行")
        row = "tbody tr:last-child"
        for column, value in (("代码", "rain"), ("名称", "暴雨"), ("转急类别", "06"), ("紧急时限", "90"), ("放宽至", "200")):
            self.put(b, f"{row} input[aria-label^='{column}']", value)
        self.publish(b, "应急办文件")
        self.open(b, "plans", "shift_leader")
        b.click("[data-row=rain] button", "启动")
        b.click("[data-row=rain] .primary", "启动")
        b.wait(".form-message", "原因")
        b.wait("#plan-reason").send_keys("暴雨橙色预警")
        b.click("[data-row=rain] .action-form .primary")
        b.wait("[data-row=rain] .flag", "已启动")
        urgent = lambda: self.w.http.get(f"/api/v1/cases/{self.at_work()['case_no']}/explain", self.w.token(role="leader")).body["clock"] == "urgent"
        e2e.wait(urgent, "a new case on the plan's clock", 30)
        b.shot("plans-on")
        b.click("[data-row=rain] button", "解除")
        b.wait("#plan-reason").send_keys("预警解除")
        b.click("[data-row=rain] .action-form .primary")
        b.wait("[data-row=rain] .flag", "未启动")
        e2e.wait(lambda: not urgent(), "the plan to be off whole", 30)
        self.assertIn("预警解除", b.text("[data-row=rain]"))
        self.clean(b)

    def test_a_campaign_is_seen_with_its_quota(self):
        coordinator = self.w.token(role="coordinator")
        part = self.w.http.get("/api/v1/standing/campaigns", coordinator).body
        table = part["tables"][0]
        today = datetime.now(ZONE)
        one = {"key": "autumn", "zh": "秋季市容整治", "en": "Autumn drive", "categories": "06", "from_day": f"{today - timedelta(days=3):%Y-%m-%d}", "to_day": f"{today + timedelta(days=30):%Y-%m-%d}", "quota": "40", "counted": "within", "checklist": "看门前;看背街", "points": "m1 {0} {1} 南门市场;m2 {0} {1} 北泵站".format(*self.w.points(1)[0])}
        table["rows"].append([one.get(c, "") for c in table["columns"]])
        answer = self.w.http.post("/api/v1/standing/campaigns/publish", coordinator, {"version": part["version"], "note": "专项方案", "tables": part["tables"]}, timeout=60)
        self.assertEqual(answer.status, 200, answer)
        e2e.wait(lambda: (self.at_work(), self.w.http.get("/api/v1/campaigns", coordinator).body["items"][0]["reported"])[1] > 0, "a report to count for it", 30)
        b = self.page()
        self.open(b, "campaigns", "coordinator")
        b.wait("[data-row=autumn]", "看背街")
        self.assertIn("/ 40", b.text("[data-row=autumn]"))
        tasks = lambda token: [p["point"] for p in self.w.http.get("/api/v1/campaigns/points?state=open", token).body["items"]]
        patroller = next(a for a in self.w.accounts if a["role"] == "patroller" and "m1" in tasks(a["token"]))
        visit = {"visit_id": str(uuid.uuid4()), "result": "unable", "note": "围挡未开"}
        self.assertEqual(self.w.http.post("/api/v1/campaigns/autumn/points/m1/visits", patroller["token"], visit).status, 200)
        b.driver.refresh()
        b.wait("[data-row=autumn]", "已走访 0 / 2，发现问题 0，无法走访 1")
        b.click("[data-points=autumn]")
        b.wait("[data-point=m1]", "围挡未开")
        b.wait("[data-point=m2]", "待走访")
        b.shot("campaigns-one")
        told = int(b.text("[data-row=autumn] [data-number=reported]"))
        b.click("[data-row=autumn] [data-number=reported]")
        b.wait(".list-title", "秋季市容整治")
        b.until(lambda: len(b.all("tr[data-case]")) == told, "as many cases as the number says")
        self.clean(b)

    def test_a_days_coverage_opens_into_cells_and_a_cell_into_its_case(self):
        case = self.at_work()
        name = next(a["name"] for a in self.w.accounts if a["token"] == self.patroller)
        self.assertEqual(self.w.http.post("/api/v1/duty/on", self.patroller, {"mark_id": str(uuid.uuid4())}).status, 200)
        b = self.page()
        self.open(b, "coverage", "leader")
        row = f"tr[data-row='{name}']"
        b.wait(row + " [data-what=report]")
        b.shot("coverage-people")
        b.click(row + " [data-what=report]")
        b.wait(".coverage-cells li", case["case_no"][-5:])
        self.assertEqual(pages.axe(b), [])
        b.shot("coverage-opened")
        self.clean(b)
        b.choose("#cv-by", "street")
        b.wait("tbody tr[data-row] [data-what=missed]")
        b.click("tbody tr[data-row] [data-what=missed]")
        b.wait(".coverage-cells .over", "当天未巡")
        self.clean(b)
        b.click(".filters button", "前一天")
        b.until(lambda: "day=" in b.driver.current_url, "the day in the address")
        b.wait("tbody tr[data-row], .empty")
        self.open(b, "coverage", "leader", f"&row={name}&what=report")
        b.click(".coverage-cells .trace a", case["case_no"][-5:])
        b.wait(".case-page .timeline")
        self.clean(b)

    def test_a_hotline_order_is_signed_for_on_its_page(self):
        made = self.w.http.post("/api/v1/hotline-orders", self.w.token(role="hotline_agent"), {"system": "hotline_12345", "number": "OFFICE-1", "text": "小区门口垃圾三天未清运"})
        self.assertEqual(made.status, 201, made)
        b = self.page()
        self.open(b, "hotline", "hotline_agent")
        b.click("tr[data-row]", "OFFICE-1")
        b.click("[data-step=sign_order]")
        b.click(".action-form[data-action=sign_order] .primary")
        b.wait(".toast", "签收工单")
        b.click("[data-step=assign_order]")
        b.click(".action-form .primary")
        b.wait(".action-form .form-message", "单位")
        b.choose("#ho-unit", "sanitation")
        b.click(".action-form .primary")
        b.wait("tr[data-row]", "环境卫生服务中心")
        b.shot("hotline-one")
        self.clean(b)

    def test_who_comes_second_reads_who_was_quicker(self):
        b = self.page()
        self.open(b, "switches", "catalogue_admin")
        self.put(b, "[data-switch=twin_metres] input", "60")
        b.click("#check")
        b.wait("#note").send_keys("试点")
        stands = self.version("policy")
        rows = [[n, "25" if n == "twin_hours" else v] for n, v in stands["tables"][0]["rows"]]
        quicker = self.w.http.post("/api/v1/standing/policy/publish", self.w.token(role="catalogue_admin"), {"version": stands["version"], "note": "另一人", "tables": [{**stands["tables"][0], "rows": rows}]}, timeout=60)
        self.assertEqual(quicker.status, 200, quicker)
        b.click("#publish")
        b.wait(".stale", "另一人")
        b.click(".stale button")
        b.until(lambda: b.all("[data-switch=twin_hours] input")[0].get_attribute("value") == "25", "what stands now")
        self.assertEqual(b.all("[data-switch=twin_metres] input")[0].get_attribute("value"), dict(map(tuple, self.version("policy")["tables"][0]["rows"]))["twin_metres"])
        self.clean(b)

    def test_every_page_is_accessible_fits_and_says_no_code(self):
        for size in (DESK, PHONE):
            b = self.page(size)
            last = ""
            for view, role in sorted(VIEWS.items(), key=lambda one: one[1]):
                with self.subTest(view=view, size=size):
                    if role != last:
                        b.sign_in(self.base() + "/", self.w.token(role=role))
                        b.wait("nav.views, .top nav")
                        last = role
                    b.open(f"{self.base()}/?view={view}")
                    b.wait(".office h2", seconds=60)  # a busy machine is no fault of the page
                    b.gone(".office [role=status]")
                    b.dark(False)
                    b.shot(f"{view}-{size[0]}")
                    if size == DESK:
                        self.assertEqual(pages.axe(b), [], f"{view} light")
                        b.dark(True)
                        self.assertEqual(pages.axe(b), [], f"{view} dark")
                        b.shot(f"{view}-dark")
                        b.dark(False)
                    self.clean(b)


if __name__ == "__main__":
    unittest.main(verbosity=2)
