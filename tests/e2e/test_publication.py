"""What a city publishes of a month, opened with other people's readers: workbook, bulletin from our template and from one that
Word has split, the page to print, the doors with their roles."""
import json
import os
import unittest
import zipfile
from html.parser import HTMLParser

import docx
import openpyxl

import wangge_e2e as e2e


def setUpModule():
    e2e.shared()


def tearDownModule():
    e2e.close()


class Page(HTMLParser):
    """Tags that reach outside, and what the cells say."""
    def __init__(self, text):
        super().__init__()
        self.outside, self.cells, self.inside = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "link", "img", "iframe", "object") or any(name in ("src", "href", "style") or name.startswith("on") for name, _ in attrs):
            self.outside.append(tag)
        self.inside = tag in ("td", "th")
        if self.inside:
            self.cells.append("")

    def handle_data(self, data):
        if self.inside:
            self.cells[-1] += data

    def handle_endtag(self, tag):
        self.inside = False


class Publication(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.w = e2e.shared()
        cls.w.run("demo-day")
        cls.table = json.loads(cls.w.run("report", "closure", "--lang", "zh", "--format", "json").stdout)
        cls.month = cls.table["month"]

    def file(self, name):
        return os.path.join(self.w.data, name)

    def get(self, path, role="leader"):
        return self.w.http.get("/api/v1/statistics/" + path, self.w.token(role=role), timeout=60)

    def test_the_month_is_one_workbook(self):
        self.w.run("report", "book", "--lang", "zh", "-o", self.file("book.xlsx"))
        book = openpyxl.load_workbook(self.file("book.xlsx"))
        self.assertGreaterEqual(len(book.sheetnames), 12)
        sheet = next(s for s in book if s.title.startswith("结案·按部门"))
        rows = [[c.value for c in row] for row in sheet.iter_rows()]
        head = next(row for row in rows if row[0] == "代码")
        total = next(row for row in rows if row[1] == "合计")
        self.assertEqual(total[head.index("立案数")], self.table["total"]["filed"])
        self.assertIn("上期结案率%", head)
        self.assertIn("去年同期结案率%", head)
        self.assertTrue(any("状态：进行中" in str(cell) for row in rows for cell in row))
        for one in book:
            for row in one.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f", f"{one.title} {cell.coordinate}")
        formulas = book["口径与公式"]
        self.assertIn("archive_num / need_archive_num × 100 %", [c.value for row in formulas.iter_rows() for c in row])

    def test_a_bulletin_from_our_template_and_from_one_that_word_split(self):
        self.w.run("report", "bulletin", "--lang", "zh", "-o", self.file("ours.docx"), "--number", "〔2026〕1号", "--organisation", "样市 <指挥> & 中心")
        ours = docx.Document(self.file("ours.docx"))
        text = "\n".join(p.text for p in ours.paragraphs)
        self.assertNotIn("{{", text)
        self.assertIn("样市 <指挥> & 中心", text)
        self.assertIn(f"本月立案{self.table['total']['filed']}件", text)
        rows = [[cell.text for cell in row.cells] for row in ours.tables[0].rows]
        self.assertEqual(len(rows) - 1, len(self.table["rows"]))
        self.assertEqual(rows[1][1], self.table["rows"][0]["name"])
        own = docx.Document()
        paragraph = own.add_paragraph("立案 ")
        for part in ("{{clo", "sure ", "fi", "led}} 件"):
            paragraph.add_run(part).bold = True
        own.add_paragraph("{{表 结案 按 街道}}")
        own.sections[0].header.paragraphs[0].text = "{{月份}}"
        own.save(self.file("own.docx"))
        self.w.run("report", "bulletin", "--lang", "zh", "--template", self.file("own.docx"), "-o", self.file("filled.docx"))
        filled = docx.Document(self.file("filled.docx"))
        self.assertEqual(filled.paragraphs[0].text, f"立案 {self.table['total']['filed']} 件")
        self.assertTrue(filled.paragraphs[0].runs[1].bold, "in the template's own form")
        self.assertRegex(filled.sections[0].header.paragraphs[0].text, r"^\d{4}年\d+月$")
        self.assertEqual(filled.tables[0].rows[0].cells[1].text, "街道")
        own.add_paragraph("{{weather}} {{closure colour}}")
        own.save(self.file("bad.docx"))
        refused = self.w.run("report", "bulletin", "--lang", "zh", "--template", self.file("bad.docx"), "-o", self.file("none.docx"), check=False)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("weather", refused.stderr)
        self.assertIn("colour", refused.stderr)
        self.assertFalse(os.path.exists(self.file("none.docx")))

    def test_a_bulletin_in_excel(self):
        own = openpyxl.Workbook()
        sheet = own.active
        sheet.append(["{{月份}}通报"])
        sheet.append(["{{逐行 结案 按 部门}}{{序号}}", "{{名称}}", "{{应结案数}}"])
        sheet.append(["合计", "", "{{结案 应结案数}}"])
        sheet.merge_cells("A3:B3")
        own.save(self.file("own.xlsx"))
        self.w.run("report", "bulletin", "--lang", "zh", "--template", self.file("own.xlsx"), "-o", self.file("filled.xlsx"))
        filled = openpyxl.load_workbook(self.file("filled.xlsx")).active
        count = len(self.table["rows"])
        self.assertEqual([filled.cell(2 + i, 3).value for i in range(count)], [row["due"] for row in self.table["rows"]])
        self.assertEqual(filled.cell(2 + count, 3).value, self.table["total"]["due"])
        self.assertEqual([str(m) for m in filled.merged_cells.ranges], [f"A{2 + count}:B{2 + count}"])
        self.w.run("report", "bulletin", "--lang", "zh", "--write-template", "-o", self.file("template.xlsx"))
        self.assertIn("{{", zipfile.ZipFile(self.file("template.xlsx")).read("xl/worksheets/sheet1.xml").decode())

    def test_the_page_to_print_needs_nothing_from_outside(self):
        for lang, word in (("zh", "结案数"), ("en", "Closed")):
            text = self.w.run("report", "closure", "--format", "html", "--lang", lang, "--compare").stdout
            page = Page(text)
            self.assertEqual(page.outside, [])
            self.assertIn(word, page.cells)
            self.assertIn("size: A4", text)
        answer = self.w.http.get("/print/closure")
        self.assertEqual(answer.status, 200)

    def test_evaluation_settlement_and_a_months_state_over_http(self):
        scores = self.get("evaluation?scheme=department", "evaluator").body
        self.assertEqual({g["id"] for g in scores["groups"]}, {"streets", "departments"})
        self.assertFalse(scores["scheme"]["standard"], "the demo has one of its own")
        opened = 0
        for row in (r for g in scores["groups"] for r in g["rows"]):
            for part in row["parts"]:
                for name, one in part["counts"].items():
                    if one["count"] and opened < 20:
                        opened += 1
                        listed = self.w.http.get(one["cases"] + "&limit=200", self.w.token(role="leader")).body
                        self.assertTrue(listed["next_cursor"] or len(listed["items"]) == one["count"], (row["key"], name))
        self.assertGreater(opened, 0)
        settled = self.get("settlement").body
        self.assertIn("collector", {c["key"] for c in settled["companies"]})
        state = self.get("months/" + self.month, "unit_head").body
        self.assertEqual(state["month_state"]["state"], "running")
        refused = self.w.http.post(f"/api/v1/statistics/months/{self.month}/seal", self.w.token(role="evaluator"), {})
        self.assertEqual((refused.status, refused.body["reason"]), (422, "still_running"))
        self.assertEqual(self.w.http.post(f"/api/v1/statistics/months/{self.month}/seal", self.w.token(role="acceptor"), {}).status, 403)
        tree = self.get("closure?by=unit_tree&compare=true").body
        self.assertIn("previous", tree["total"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
