#!/usr/bin/python3
"""The month's pages and the papers of cases over the whole system, with three months of a made-up city behind it: every number is the
API's, opens into as many cases, stands beside the period before; the month is sealed and counted again; papers come out of the printer."""
import base64
import glob
import os
import re
import tempfile
import time
import unittest

import openpyxl

import pages
import wangge_e2e as e2e
from pages import DESK, PHONE, FakePages, Pages

MONTHS, PER_DAY = 3, 12
FIELDS = ["filed", "dispatched", "due", "carried_over", "closed", "closed_on_time", "closure_rate", "on_time_closure_rate", "rework_rate", "extension_rate", "awaiting_check", "in_enforcement", "open_at_end"]
PART_OF = {"closure_rate": "closed", "on_time_closure_rate": "closed_on_time", "rework_rate": "reworked", "extension_rate": "extended"}


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()


def month(back):
    """So many months before this one, as the district counts them."""
    now = time.gmtime(time.time() + 8 * 3600)
    n = now.tm_year * 12 + now.tm_mon - 1 - back
    return f"{n // 12:04d}-{n % 12 + 1:02d}"


def words(value, rate):
    return "–" if value is None else f"{value:.2f}" if rate else str(value)


def change(now, before, rate):
    if now is None or before is None:
        return "–"
    by = round(now - before, 2)
    size = f"{abs(by):.2f}" if rate else str(abs(int(by)))
    return ("＝" + ("0.00" if rate else "0")) if by == 0 else f"{'▲+' if by > 0 else '▼−'}{size}"


class MonthPages(Pages):
    @classmethod
    def setUpClass(cls):
        cls.w = e2e.System(demo=True)
        os.chmod(cls.w.data, 0o755)
        for step in (["migrate"], ["load", "--demo"], ["demo-years", "--months", str(MONTHS), "--per-day", str(PER_DAY), "--seed", "7"]):
            cls.w.run(*step)
        cls.w.start()
        cls.base = f"http://127.0.0.1:{cls.w.port}"
        cls.m, cls.oldest = month(2), month(3)
        cls.zh = f"{cls.m[:4]}年{int(cls.m[5:])}月"

    @classmethod
    def tearDownClass(cls):
        cls.w.stop()

    def get(self, path, role="leader"):
        answer = self.w.http.get("/api/v1/" + path, self.w.token(role=role), timeout=60)
        self.assertEqual(answer.status, 200, path)
        return answer.body

    def count(self, url):
        """How many cases the API lists behind a number."""
        number, cursor = 0, ""
        while True:
            page = self.w.http.get(url + "&limit=200" + (f"&cursor={cursor}" if cursor else ""), self.w.token(role="leader"), timeout=60).body
            number, cursor = number + len(page["items"]), page["next_cursor"]
            if not cursor:
                return number

    def beside(self, b):
        """How many cases the page lists beside the table, to the last."""
        b.wait(".cases-beside .beside-list li")
        while b.all(".beside-more"):
            before = len(b.all(".beside-list li"))
            b.click(".beside-more")
            b.until(lambda: len(b.all(".beside-list li")) > before, "more cases")
        b.until(lambda: b.all(".beside-count")[0].get_attribute("data-count"), "the whole list")
        return int(b.all(".beside-count")[0].get_attribute("data-count"))

    def open(self, b, path, role="leader", ready=".figures"):
        b.sign_in(self.base + path, self.w.token(role=role))
        b.wait(ready)

    def cells(self, b):
        return b.driver.execute_script("return Object.fromEntries([...document.querySelectorAll('.closure tr[data-row]')].map((tr) => [tr.dataset.row, Object.fromEntries([...tr.querySelectorAll('td[data-field]')].map((td) => [td.dataset.field, [td.querySelector('.figure').textContent.trim(), ...[...td.querySelectorAll('.change')].map((c) => c.innerText.replace(/\\s|增加.*|减少.*|持平/g, '').replace(/^(环比|同比)/, ''))]]))]))")

    def test_every_number_of_the_closure_table_is_the_api_s_and_opens_into_as_many_cases(self):
        b = self.page()
        self.open(b, f"/?view=closure&month={self.m}&by=unit&compare=1")
        table = self.get(f"statistics/closure?month={self.m}&by=unit&compare=true")
        shown = self.cells(b)
        self.assertGreater(table["total"]["due"], 100)
        self.assertEqual(set(shown), {r["key"] for r in table["rows"]} | {"*"})
        for row in [*table["rows"], {**table["total"], "key": "*"}]:
            for field in FIELDS:
                rate = field.endswith("_rate")
                expected = [words(row[field], rate)] + [change(row[field], (row[side] or {}).get(field) if any(table["total"][side][f] for f in ("filed", "due", "open_at_end")) else None, rate) for side in ("previous", "year_ago")]
                self.assertEqual(shown[row["key"]][field], expected, (row["key"], field))
        self.assertTrue(any(cell[1] not in ("–", "＝0") for cell in shown["*"].values()), "there is a month before to compare with")
        self.assertEqual({cell[2] for cell in shown["*"].values()}, {"–"}, "and no year before")
        self.assertIn("应结案 =", b.driver.execute_script("return document.querySelector('.basis p').textContent"))
        row = max(table["rows"], key=lambda r: r["due"])
        for key, field in ((row["key"], "due"), (row["key"], "closure_rate"), ("*", "extension_rate"), ("*", "rework_rate"), ("*", "on_time_closure_rate")):
            b.click(f"[data-row='{key}'] [data-field={field}] a")
            source = row if key != "*" else table["total"]
            part = PART_OF.get(field, field)
            b.until(lambda: f"field={field}" in b.driver.current_url, "the cell in the address")
            b.wait(".cases-beside h2", self.zh)
            self.assertEqual(self.beside(b), source[part], (key, field))
            self.assertEqual(self.count(source["cases"][part]), source[part])
        b.driver.refresh()
        b.wait(".cases-beside .beside-list li")
        self.assertEqual(b.all("a.figure[aria-current]")[0].text, words(table["total"]["on_time_closure_rate"], True), "a sent address opens the same")
        b.driver.switch_to.active_element.send_keys("\ue00c")
        b.gone(".cases-beside")
        b.until(lambda: b.driver.execute_script("return document.activeElement.closest('[data-row]')?.dataset.row") == "*", "the focus back in the table")
        b.keys("\n")
        b.wait(".cases-beside a", "在案件列表中打开")
        b.click(".cases-beside p a")
        b.wait(".list-title", "按期结案")
        b.click(".list-title a", "返回统计表")
        b.wait(".cases-beside .beside-list li")
        self.clean(b)

    def test_trees_open_level_by_level_and_periods_are_counted_as_periods(self):
        b = self.page()
        self.open(b, f"/?view=closure&month={self.m}&by=region_tree")
        table = self.get(f"statistics/closure?month={self.m}&by=region_tree")
        rows = {r["key"]: r for r in table["rows"]}
        level = lambda n: {k for k, r in rows.items() if r["level"] == n}
        seen = lambda: {n.get_attribute("data-row") for n in b.all(".figures tbody tr")}
        self.assertEqual(seen(), level(0) | level(1))
        street = next(k for k in level(1) if any(r["parent"] == k and r["due"] for r in rows.values()))
        twist = b.wait(f"[data-row='{street}'] .twist")
        b.driver.execute_script("arguments[0].focus()", twist)
        b.keys("\n")
        b.until(lambda: seen() == level(0) | level(1) | {k for k, r in rows.items() if r["parent"] == street}, "the communities of one street")
        community = max((r for r in rows.values() if r["parent"] == street), key=lambda r: r["due"])
        b.click(f"[data-row='{community['key']}'] [data-field=due] a")
        self.assertEqual(self.beside(b), community["due"])
        for by in ("unit_tree", "community", "grid", "category"):
            b.choose("#by", by)
            b.until(lambda: f"by={by}" in b.driver.current_url and b.all(".figures tbody tr"), by)
            total = self.get(f"statistics/closure?month={self.m}&by={by}")["total"]
            b.until(lambda: self.cells(b)["*"]["due"][0] == str(total["due"]), f"the total by {by}")
        for kind, asked, title in (("quarter", f"period=quarter&month={self.m}", f"{self.m[:4]}年第{(int(self.m[5:]) - 1) // 3 + 1}季度"), ("year", f"period=year&month={self.m}", f"{self.m[:4]}年")):
            b.choose("#period", kind)
            b.wait(".closure h2", title)
            total = self.get(f"statistics/closure?{asked}&by=category")["total"]
            b.until(lambda: self.cells(b).get("*", {}).get("filed", [""])[0] == str(total["filed"]), kind)
        self.open(b, f"/?view=closure&from={self.m}-03&to={self.m}-09&by=street")
        total = self.get(f"statistics/closure?from={self.m}-03&to={self.m}-09&by=street")["total"]
        self.assertEqual(self.cells(b)["*"]["filed"][0], str(total["filed"]))
        b.click(".step-on")
        b.until(lambda: f"from={self.m}-10&to={self.m}-16" in b.driver.current_url, "the seven days after")
        b.click(".trend-box summary")
        b.wait(".trend table td", seconds=40)
        self.clean(b)

    def test_tables_are_saved_and_printed_under_the_names_cities_use(self):
        b = self.page()
        self.dialog_only_noted(b)
        folder = tempfile.mkdtemp(prefix="wangge-saved-")
        b.downloads(folder)
        self.open(b, f"/?view=closure&month={self.m}&by=street")
        table = self.get(f"statistics/closure?month={self.m}&by=street")
        place = self.get("statistics/closure?by=district")["rows"][0]["name"]
        for kind in ("csv", "xlsx", "json"):
            b.click(f"[data-export={kind}]")
            name = os.path.join(folder, f"{self.zh}结案率_{place}_按街道.{kind}")
            b.until(lambda: os.path.exists(name), name)
        rows = [[c.value for c in r] for r in openpyxl.load_workbook(os.path.join(folder, f"{self.zh}结案率_{place}_按街道.xlsx")).active.iter_rows()]
        self.assertIn(table["total"]["due"], next(r for r in rows if "合计" in r))
        b.open(b.all("[data-export=print]")[0].get_attribute("href"))
        b.wait("table td")
        self.assertIn(str(table["total"]["due"]), [n.text for n in b.all("tr.total td")])
        self.assertEqual(b.all("script[src*=print], nav"), [])
        self.open(b, f"/?view=indicators&month={self.m}&by=street")
        b.open(b.all("[data-export=print]")[0].get_attribute("href"))
        b.wait("section table td")
        total = self.get(f"statistics/indicators?month={self.m}&by=street")["total"]["values"]["inst_num"]
        self.assertIn(str(total), [n.text for n in b.all("tr.total td, section td")])
        self.assertTrue(all(len(n.find_elements("css selector", "thead th")) <= 12 for n in b.all("table")), "no sheet is wider than paper")
        b.shot("indicators-paper")
        self.open(b, f"/?view=month&month={self.m}", ready=".stages")
        b.click("[data-publish=docx]")
        b.until(lambda: glob.glob(os.path.join(folder, f"{self.zh}通报_*.docx")), "the bulletin")
        b.click("[data-publish=book]")
        b.until(lambda: glob.glob(os.path.join(folder, f"{self.zh}月度统计工作簿_*.xlsx")), "the workbook", 60)
        self.clean(b)

    def test_indicators_say_their_formula_and_open(self):
        b = self.page()
        self.open(b, f"/?view=indicators&month={self.m}&by=unit")
        table = self.get(f"statistics/indicators?month={self.m}&by=unit")
        names = {i["id"]: i for i in table["indicators"]}
        for key, cell in self.cells(b).items():
            self.assertEqual(cell["value"][0], words(table["total"]["values"][key], names[key]["formula"] != key), key)
        b.click("[data-row=archive_rate] .about button", "公式")
        b.wait(".formula", "archive_num / need_archive_num")
        b.until(lambda: "losure" in b.text(".formula") or "losed" in b.text(".formula"), "its English name")
        self.assertIn("Zhengzhou", b.text(".formula"))
        b.click("[data-row=archive_rate] [data-field=value] a")
        self.assertEqual(self.beside(b), table["total"]["values"]["archive_num"])
        b.click("[data-row=archive_num] .about a", "按处置单位")
        row = max(table["rows"], key=lambda r: r["values"]["archive_num"])
        b.click(f"[data-break='{row['key']}'] a")
        b.wait(".cases-beside h2", row["name"])
        self.assertEqual(self.beside(b), row["values"]["archive_num"])
        self.clean(b)

    def test_a_score_is_taken_apart_and_the_settlement_adds_up(self):
        b = self.page()
        self.open(b, f"/?view=evaluation&month={self.m}&scheme=demo-department", ready=".grade")
        scores = self.get(f"statistics/evaluation?month={self.m}&scheme=demo-department")
        group = next(g for g in scores["groups"] if g["id"] == "departments")
        row = max((r for r in group["rows"] if r["score"] is not None), key=lambda r: r["deducted"])
        b.click(f"[data-row='{row['key']}'] button", "为何得此分")
        b.wait(".why-score")
        self.assertIn("why=departments.", b.driver.current_url)
        gave = [n.text for n in b.all(".why-score [data-field=gave]")]
        self.assertAlmostEqual(sum(float(x) for x in gave if x != "–") - float(row["deducted"]), float(row["score"]), delta=0.02)
        part = next(p for p in row["parts"] if any(c["count"] for c in p["counts"].values()))
        name, one = next((n, c) for n, c in part["counts"].items() if c["count"])
        b.click(f".why-score [data-part={part['indicator']}] a", name)
        self.assertEqual(self.beside(b), one["count"])
        b.choose("#scheme", "patroller")
        b.until(lambda: "scheme=patroller" in b.driver.current_url and b.all("[data-row='patrol-1']"), "the patrollers")
        self.open(b, f"/?view=settlement&month={self.m}", ready=".tariffs")
        bill = self.get(f"statistics/settlement?month={self.m}")
        person = max((p for c in bill["companies"] for p in c["people"]), key=lambda p: p["values"]["report_num"])
        shown = b.all(f"[data-row='{person['person']}'] [data-field=total]")[0].text
        self.assertEqual(shown, f"{person['total']:.2f}")
        b.click(f"[data-row='{person['person']}'] [data-field=report_num] a")
        self.assertEqual(self.beside(b), person["values"]["report_num"])
        self.clean(b)

    def test_nobody_is_shown_what_the_server_refuses(self):
        b = self.page()
        head = self.w.account(role="unit_head")
        self.open(b, f"/?view=month&month={self.oldest}", "unit_head", ".stages")
        b.click("#group-month")
        self.assertEqual([n.get_attribute("id") for n in b.all(".menu-list a[id^=nav-]") if n.is_displayed()], ["nav-closure", "nav-indicators", "nav-evaluation", "nav-month"])
        self.assertEqual(b.all("#seal, #verify, [data-publish]"), [])
        b.open(self.base + "/?view=settlement")
        b.wait(".error", "不在您的职责或范围内")
        self.open(b, f"/?view=closure&month={self.m}&by=unit", "unit_head")
        self.assertEqual(set(self.cells(b)), {head["unit"], "*"}, "his own unit's row")
        self.clean(b)

    def test_a_month_is_sealed_and_counted_again(self):
        b = self.page()
        self.open(b, f"/?view=month&month={self.oldest}", "evaluator", ".stages")
        self.assertEqual(b.all(".stages [aria-current=step]")[0].text.split()[1], "待封存")
        for item in b.all("[data-appeal]"):  # whatever the made-up city left undecided
            no = item.get_attribute("data-appeal")
            b.click(f"[data-appeal='{no}'] [data-action=refuse_request]")
            b.wait(".action-form textarea, .action-form input").send_keys("理由不成立")
            b.click(".action-form button.primary")
            b.until(lambda: not b.all(f"[data-appeal='{no}']"), f"{no} decided")
        b.click("#seal")
        b.wait(".sure", "封存不可撤销")
        b.click(".sure button", "取消")
        b.gone(".sure")
        self.assertEqual(self.get(f"statistics/months/{self.oldest}")["month_state"]["state"], "due", "asked, not sealed")
        b.click("#seal")
        b.keys("\n")  # the focus stands on the button that says yes
        b.wait("[data-panel=seal] .digest", seconds=60)
        state = self.get(f"statistics/months/{self.oldest}")["month_state"]
        self.assertTrue(state["final"])
        self.assertIn(state["digest"], b.text("[data-panel=seal]"))
        self.assertIn(self.oldest, b.text("[data-panel=sealed]"))
        b.click("#verify")
        b.wait(".verification .ok", "逐字相同", 60)
        self.assertIn("签名为本系统所签", b.text(".verification"))
        b.shot("month-sealed")
        self.open(b, f"/?view=closure&month={self.oldest}")
        b.wait(".month-stage[data-state=sealed]")
        self.clean(b)

    def dialog_only_noted(self, b):
        """A browser without a screen waits in the print dialog for ever; the pages' asking for it is noted instead."""
        source = "window.print = () => { window.asked_to_print = true; };"
        script = b.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})["identifier"]
        self.addCleanup(lambda: b.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script}))

    def printed(self, b, name):
        """The page as a printer gets it: saved, and how many sheets of paper it takes."""
        b.until(lambda: b.driver.execute_script("return window.asked_to_print"), "the print dialog asked for")
        data = base64.b64decode(b.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})["data"])
        with open(os.path.join(pages.SHOTS, f"{name}.pdf"), "wb") as f:
            f.write(data)
        return len(re.findall(rb"/Type\s*/Page\b", data))

    def test_papers_are_printed_from_the_case_and_many_at_once(self):
        b = self.page()
        self.dialog_only_noted(b)
        closed = self.get("cases?stage=evaluation&state=closed&limit=100")["items"]
        no = closed[0]["case_no"]
        self.open(b, f"/?case={no}", ready=".papers a")
        offered = [n.get_attribute("data-paper") for n in b.all(".papers a")]
        self.assertTrue({"filing", "dispatch", "check", "closing"} <= set(offered), offered)
        for paper in offered:
            self.assertEqual(self.w.http.get(f"/api/v1/print/{paper}?cases={no}", self.w.token(role="leader")).status, 200, f"offered: {paper}")
        for paper in ("filing", "closing"):
            b.open(f"{self.base}/print/sheets?sheet={paper}&cases={no}")
            b.wait("article.sheet h1", "案件立案单" if paper == "filing" else "案件结案报告单")
            self.assertIn(no, b.text("table.form"))
            self.assertTrue(b.all("svg.qr path"))
            b.shot(f"paper-{paper}")
            self.assertEqual(self.printed(b, f"paper-{paper}"), 1, f"{paper} takes one sheet")
            self.clean(b)
        some = [c["case_no"] for c in closed[:4]]
        self.open(b, "/?state=closed", ready="tr[data-case]")
        for each in some:
            b.click(f"tr[data-case='{each}'] .col_pick input")
        link = b.wait(".bulk .papers [data-paper=dispatch]").get_attribute("href")
        b.open(link)
        b.until(lambda: len(b.all("article.sheet")) == len(some), "a sheet a case")
        self.assertEqual(self.printed(b, "papers-dispatch"), len(some))
        self.assertEqual({n.text.strip() for n in b.all(".code")}, set(some))
        b.open(f"{self.base}/print/sheets?sheet=filing&cases=3708712099010100001")
        b.wait(".error", "3708712099010100001")
        kinds = {}
        for item in self.get("cases?limit=200&month=" + self.m)["items"]:
            for row in self.get(f"cases/{item['case_no']}/history?limit=200")["items"] if len(kinds) < 4 else []:
                if row["action"] in ("extend", "supervise", "suspend", "return", "defer"):
                    kinds.setdefault(row["action"], item["case_no"])
        for action, paper in (("extend", "extension"), ("supervise", "supervision"), ("suspend", "suspension"), ("return", "return"), ("defer", "deferral")):
            if action in kinds:
                b.open(f"{self.base}/print/sheets?sheet={paper}&cases={kinds[action]}")
                b.wait("article.sheet h1")
                b.shot(f"paper-{paper}")
                self.assertEqual(self.printed(b, f"paper-{paper}"), 1, paper)
        self.assertTrue(kinds, "some request in three months")

    def test_every_page_is_whole_readable_and_reachable_in_light_and_dark(self):
        views = [("closure", f"/?view=closure&month={self.m}&by=unit&compare=1", ".chart rect"), ("beside", f"/?view=closure&month={self.m}&by=unit&row=*&field=due", ".beside-list li"),
                 ("tree", f"/?view=closure&month={self.m}&by=region_tree", ".twist"), ("indicators", f"/?view=indicators&month={self.m}&indicator=archive_rate", ".breakdown"),
                 ("evaluation", f"/?view=evaluation&month={self.m}&why=departments.drainage", ".grade"), ("settlement", f"/?view=settlement&month={self.m}", ".tariffs"),
                 ("month", f"/?view=month&month={self.m}", ".stages"), ("empty", "/?view=closure&month=2001-01", ".empty")]
        for size, where in ((DESK, "desk"), (PHONE, "phone")):
            b = self.page(size)
            self.open(b, "/", ready="tr[data-case], .empty")
            for name, path, ready in views:
                with self.subTest(view=name, size=where):
                    b.dark(False)
                    b.open(self.base + path)
                    b.wait(ready)
                    self.clean(b)
                    for dark in (False, True) if size == DESK else (False,):
                        b.dark(dark)
                        b.shot(f"month-{where}-{name}{'-dark' if dark else ''}")
                        self.assertEqual(b.driver.execute_script(pages.CHECKS), [], "dark" if dark else "light")
                        self.assertEqual(pages.axe(b, "color-contrast" if dark else None), [], "dark" if dark else "light")
                    b.dark(False)
                    if size == DESK:
                        self.assertEqual(b.driver.execute_script(pages.FOCUS), [])


class Appeals(FakePages):
    def test_appeals_are_decided_before_the_seal_and_a_refused_seal_says_why(self):
        world, base = self.serve(3)
        no = world.add(60, "closed", "路灯不亮")
        world.ask(no, "appeal", reason="地下管线 <b>改迁</b> 致延误")
        b = self.page()
        b.sign_in(base + "/?view=month&month=2026-09", "leader")
        b.wait(f"[data-appeal='{no}'] .said", "地下管线 <b>改迁</b> 致延误")
        b.wait("[data-panel=seal] .hint", "尚有未决申诉")
        self.assertEqual(b.all("#seal"), [])
        b.click(f"[data-appeal='{no}'] [data-action=approve_request]")
        b.until(lambda: not b.all(f"[data-appeal='{no}']") or b.all(".action-form .primary"), "sent at once, or its form")
        if b.all(".action-form .primary"):
            b.click(".action-form .primary")
        b.wait("[data-panel=appeals] .hint", "没有未决申诉")
        self.assertEqual(world.cases[no]["requests"], [])
        world.fail["POST /api/v1/statistics/months"] = {"status": 422, "code": "not_allowed", "title": "当前不允许", "detail": "2026-09 的申诉期未满"}
        b.click("#seal")
        b.click("#seal-sure")
        b.wait("[data-panel=seal] .error", "申诉期未满")
        b.wait("#seal")
        world.fail["GET /api/v1/statistics/months"] = (503, "no_database")
        b.driver.refresh()
        b.wait(".month-state .error", "数据库暂不可用")
        world.fail.clear()
        b.click(".month-state .error button", "重试")
        b.wait("#seal")
        self.clean(b)


if __name__ == "__main__":
    unittest.main(verbosity=2)
