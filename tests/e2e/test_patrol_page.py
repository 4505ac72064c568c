#!/usr/bin/python3
"""The patroller's phone over a pretend API: a report in three taps with and without a line, marks in pictures, tasks with the
same angle, duty and roll-calls; nothing typed is lost and nothing is sent twice."""
import os
import tempfile
import time
import unittest
import uuid

import browser
import fake_api
import pages
from fake_city import stamp
from pages import FakePages, PHONE
from wangge_e2e import say

browser.FLAGS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
LITTER = "gbt47678.5-2026/matter/06010"


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()


def noise(path, width, height):
    """A true PNG that does not get smaller."""
    import struct
    import zlib
    rows = b"".join(b"\0" + os.urandom(3 * width) for _ in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


class Patrol(FakePages):
    def open(self, cases=16, token="patrol"):
        self.world, self.base = self.serve(cases)
        b = self.page(PHONE)
        self.place(b)
        b.sign_in(self.base + "/patrol", token)
        b.wait(".tabs, main .card")
        return b

    def place(self, b, lat=35.4325, lon=116.6325, accuracy=12):
        b.driver.execute_cdp_cmd("Emulation.setGeolocationOverride", {"latitude": lat, "longitude": lon, "accuracy": accuracy})

    def tap(self, b, css, text=""):
        """As a thumb does it: what lies under the tabs is moved into sight first."""
        b.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", b.wait(css, text))
        b.click(css, text)

    def kept(self, b, part):
        """Waits until the phone's shelf holds a key that begins so."""
        b.until(lambda: b.driver.execute_async_script("""const [part, done] = arguments, open = indexedDB.open('wangge');
            open.onsuccess = () => { const keys = open.result.transaction('kept').objectStore('kept').getAllKeys();
              keys.onsuccess = () => { open.result.close(); done(keys.result.some((k) => k.startsWith(part))); }; };""", part), f"{part} to be kept")

    def shoot(self, b):
        before = len(b.all(".report .photos li, .sheet .photos li"))
        self.tap(b, ".shutter")
        b.until(lambda: len(b.all(".report .photos li, .sheet .photos li")) == before + 1, "the photo")

    def pick(self, b, typed="bllj", key=LITTER):
        b.wait("#category-input").send_keys(typed)
        self.tap(b, f"[data-category='{key}']")

    def reports(self):
        return [r["body"] for r in self.world.reports.values()]

    def test_a_report_is_three_taps_and_seconds(self):
        b = self.open()
        b.wait(".place .where", "370871001002010")
        b.wait(".place .where", "±12 米")
        b.wait(".shutter")
        b.shot("patrol-report-empty")
        self.shoot(b)
        self.pick(b)
        self.assertIn("工地围挡内", b.text(".do-not"), "what is not to be reported is told before sending")
        self.tap(b, ".send")
        b.until(lambda: len(self.reports()) == 1, "the first report")
        # Now as on any day: what was used before is one tap away.
        b.wait(f"[data-category='{LITTER}']")
        began, taps = time.monotonic(), 0
        for tap in (lambda: self.shoot(b), lambda: self.tap(b, f"[data-category='{LITTER}']"), lambda: self.tap(b, ".send")):
            tap()
            taps += 1
        b.until(lambda: len(self.reports()) == 2, "the second report")
        seconds = time.monotonic() - began
        say(f"figure: a report: {taps} taps, {seconds:.1f} s until it has its number")
        self.assertEqual(taps, 3)
        first = self.reports()[0]
        self.assertEqual((first["source"], first["category"]["code"]), ("patrol", "06010"))
        self.assertAlmostEqual(first["lon"], 116.6325, 5)
        self.assertTrue(first["description"], "the category's name where nothing was written")
        # The picture that is named is the marked copy; its original is there, and both say when and how they were taken.
        copy = self.world.facts[first["photos"][0]]
        self.assertEqual(copy["taken"], "camera")
        self.assertIn(copy["original"], self.world.media)
        self.assertIn("captured_at", self.world.facts[copy["original"]])
        self.assertNotEqual(self.world.media[copy["original"]][1], self.world.media[first["photos"][0]][1])
        with open(os.path.join(pages.SHOTS, "patrol-marked.jpg"), "wb") as f:
            f.write(self.world.media[first["photos"][0]][1])
        b.click("[data-tab=mine]")
        b.wait("main", "今日已报 2 件")
        self.clean(b)

    def test_a_report_without_a_line_survives_a_reload_and_goes_out_once(self):
        b = self.open()
        b.driver.execute_async_script("const [done] = arguments; navigator.serviceWorker.ready.then(() => done())")
        for part in ("cells.", "names", "me", "duty."):
            self.kept(b, part)
        b.until(lambda: b.driver.execute_async_script("const [done] = arguments; caches.keys().then(async (names) => done(names.length && (await (await caches.open(names.at(-1))).keys()).length > 5))"), "the page to be kept")
        self.world.dead = self.world.drop_streams = True
        b.open(self.base + "/patrol")
        b.wait(".place .where", "370871001002010")  # cells and catalogue lie on the phone
        self.shoot(b)
        self.pick(b)
        b.wait("#description").send_keys("菜市场北门垃圾外溢")
        self.kept(b, "draft.")
        time.sleep(0.3)  # the draft is written a moment behind the last key
        b.open(self.base + "/patrol")
        b.until(lambda: b.driver.execute_script("return document.querySelector('#description')?.value") == "菜市场北门垃圾外溢", "the draft is there again")
        self.assertEqual(len(b.all(".report .photos li")), 1)
        self.tap(b, ".send")
        b.wait(".waiting", "待上传 1 条")
        b.shot("patrol-offline")
        b.open(self.base + "/patrol")
        b.wait(".waiting", "待上传 1 条")
        self.assertEqual(self.reports(), [])
        self.world.dead = self.world.drop_streams = False
        b.driver.execute_script("window.dispatchEvent(new Event('online'))")
        b.until(lambda: len(self.reports()) == 1, "the report")
        b.gone(".waiting")
        b.open(self.base + "/patrol")
        b.wait(".line", "实时")
        self.assertEqual(len([a for a in self.world.asked if a == "POST /api/v1/reports"]), 1)
        self.assertEqual(self.reports()[0]["description"], "菜市场北门垃圾外溢")
        self.assertEqual([line for line in b.console() if "ERR_EMPTY_RESPONSE" not in line], [])

    def test_a_session_that_ends_and_a_refusal_lose_nothing(self):
        b = self.open()
        self.world.fail["POST /api/v1/reports"] = {"status": 422, "code": "invalid", "title": "有字段不符合要求", "errors": [{"field": "/description", "code": "too_long"}]}
        self.shoot(b)
        self.pick(b)
        b.wait("#description").send_keys("<script>window.hurt=1</script>‮😀")
        self.tap(b, ".send")
        b.click("[data-tab=mine]")
        b.wait("[data-outbox=report]", "太长")
        self.assertLessEqual(b.overflow(), 0, "with what waits in sight the head still fits")
        b.shot("patrol-refused")
        self.world.fail.clear()
        b.click("[data-outbox=report] button", "取回修改")
        b.until(lambda: b.driver.execute_script("return document.querySelector('#description')?.value").startswith("<script>"), "it is in the form again")
        self.world.fail["GET /api/v1/me"] = (401, "unauthorized")
        self.kept(b, "draft.")
        time.sleep(0.3)
        b.open(self.base + "/patrol")
        b.wait("#token")
        self.world.fail.clear()
        b.wait("#token").send_keys("patrol")
        b.click(".sign-in .primary")
        b.until(lambda: len(b.all(".report .photos li")) == 1, "the draft of before")
        self.tap(b, ".send")
        b.until(lambda: len(self.reports()) == 1, "the report")
        self.clean(b)

    def test_where_there_is_no_place_a_cell_is_picked(self):
        b = self.open()
        self.place(b, 35.46, 116.6325, 30)
        b.wait(".flag-line", "2.2 公里")
        b.shot("patrol-far")
        self.place(b, accuracy=800)
        b.wait(".flag-line", "误差较大")
        b.click(".place .link", "选网格")
        b.wait(".cell-pick input").send_keys("003")
        b.click("[data-cell='370871001002003']")
        b.wait(".place", "由中心落点")
        self.shoot(b)
        self.pick(b)
        self.tap(b, ".send")
        b.until(lambda: len(self.reports()) == 1, "the report")
        sent = self.reports()[0]
        self.assertEqual((sent["lon"], sent["lat"]), (0, 0), "no place on the map: the manual queue")
        self.assertIn("370871001002003", sent["address"])
        self.clean(b)

    def test_the_gallery_is_the_citys_switch_and_says_so(self):
        b = self.open()
        b.wait(".shutter")
        self.assertEqual(b.all(".gallery"), [], "refused: it is not even offered")
        self.world.gallery = True
        b.open(self.base + "/patrol")
        b.wait(".gallery", "标为相册")
        path = os.path.join(tempfile.mkdtemp(prefix="wangge-photos-"), "old.png")
        browser.picture(path)
        b.attach(".camera-box input[type=file]", path)
        b.wait(".photos .from-gallery", "相册")
        fake = os.path.join(os.path.dirname(path), "IMG_1.HEIC")
        with open(fake, "wb") as f:
            f.write(b"\0\0\0\x18ftypheic" + b"x" * 100)
        b.attach(".camera-box input[type=file]", fake)
        b.wait(".camera-box .form-message", "HEIC")
        b.shot("patrol-gallery")
        self.pick(b)
        self.tap(b, ".send")
        b.until(lambda: len(self.reports()) == 1, "the report")
        self.assertEqual(self.world.facts[self.reports()[0]["photos"][0]]["taken"], "gallery")
        self.clean(b)

    def test_a_large_picture_goes_up_in_pieces_and_goes_on_where_it_stopped(self):
        b = self.open()
        self.world.gallery = True
        b.open(self.base + "/patrol")
        b.wait(".gallery")
        path = os.path.join(tempfile.mkdtemp(prefix="wangge-photos-"), "large.png")
        noise(path, 700, 700)
        self.assertGreater(os.path.getsize(path), 1 << 20)
        b.attach(".camera-box input[type=file]", path)
        b.wait(".photos .from-gallery")
        self.pick(b)
        b.wait(".line", "实时")
        self.world.fail["PATCH /api/v1/uploads"] = (503, "overloaded")
        self.tap(b, ".send")
        b.until(lambda: any(a.startswith("PATCH") for a in self.world.asked), "the first piece")
        b.wait(".waiting", "待上传 1 条")
        self.world.fail.clear()
        b.driver.execute_script("window.dispatchEvent(new Event('online'))")
        b.until(lambda: len(self.reports()) == 1, "the report")
        upload = next(iter(self.world.uploads.values()))
        self.assertEqual(len([u for u in self.world.uploads.values() if u["length"] == upload["length"]]), 1, "it went on with the upload it had begun")
        with open(path, "rb") as f:
            self.assertEqual(upload["bytes"], f.read(), "the original as it was")
        self.assertEqual((upload["facts"]["taken"], upload["facts"]["filetype"]), ("gallery", "image/png"))
        self.clean(b)

    def test_tasks_are_verified_and_checked_with_the_same_angle(self):
        b = self.open(16)
        no = self.case_in(self.world, "checking")
        verify = self.world.add(30, "verifying")
        self.world.tasks[f"{verify}-1"] = {**next(t for t in self.world.tasks.values() if t["kind"] == "check"), "task_id": f"{verify}-1", "case_no": verify, "kind": "verify", "version": self.world.cases[verify]["version"]}
        b.click("[data-tab=tasks]")
        b.driver.execute_script("window.dispatchEvent(new Event('online'))")
        b.wait(f"[data-case='{verify}']")
        b.shot("patrol-tasks")
        b.click(f"[data-case='{no}'] button", "去办理")
        b.wait(".sheet .ghost")
        b.wait(".sheet .shutter")
        b.shot("patrol-check")
        self.tap(b, ".sheet .choice", "不通过")
        self.tap(b, ".sheet button[type=submit]")
        b.wait(".sheet .form-message", "先拍一张照片")
        self.shoot(b)
        self.tap(b, ".sheet button[type=submit]")
        b.until(lambda: any(r["action"] == "check" for r in self.world.history[no]), "the check")
        row = next(r for r in self.world.history[no] if r["action"] == "check")
        self.assertEqual(self.world.cases[no]["state"], "pending_dispose", "failed: back to the squad")
        self.assertIn("original", self.world.facts[row["photos"][0]])
        b.wait(f"[data-case='{verify}'] button", "去办理")
        b.click(f"[data-case='{verify}'] button", "去办理")
        b.wait(".sheet[data-action=verify]")
        self.tap(b, ".sheet .choice", "属实")
        self.shoot(b)
        self.tap(b, ".sheet button[type=submit]")
        b.until(lambda: any(r["action"] == "verify" for r in self.world.history[verify]), "the verification")
        b.wait(".empty", "没有待办任务")
        b.shot("patrol-no-tasks")
        self.clean(b)

    def test_self_disposal_has_a_photo_before_and_after(self):
        b = self.open()
        self.shoot(b)
        self.tap(b, ".self")
        b.wait(".shutter", "处置后")
        b.wait(".ghost")
        self.pick(b)
        self.tap(b, ".send")
        b.wait(".send-bar .form-message", "处置后")
        self.shoot(b)
        b.shot("patrol-self")
        self.tap(b, ".send")
        b.until(lambda: len(self.reports()) == 1, "the report")
        own = self.reports()[0]["self_disposed"]
        self.assertEqual((len(own["before"]), len(own["after"])), (1, 1))
        self.clean(b)

    def test_near_twins_are_asked_about_first(self):
        b = self.open()
        twin = self.world.add(40, "disposing", "菜市场北门垃圾")
        self.world.cases[twin].update(lon=116.6326, lat=35.4325, category={"standard": "gbt47678.5-2026", "kind": "matter", "code": "06010"})
        self.shoot(b)
        self.pick(b)
        b.wait(".twins", "是其中之一吗")
        b.shot("patrol-twins")
        self.tap(b, ".twins button")
        b.gone(".twins")
        self.assertEqual(len(b.all(".report .photos li")), 0)
        self.assertEqual(self.reports(), [], "nothing was reported twice")
        self.clean(b)

    def test_points_of_a_campaign_are_visited_the_nearest_first(self):
        b = self.open(16)
        self.world.tasks.clear()
        point = lambda key, name, lon: {"campaign": "flood", "campaign_name": "防汛排查", "to": "2026-12-31", "checklist": ["收水口", "井盖"], "point": key, "name": name, "lon": lon,
                                        "lat": 35.4325, "grid": "370871001002001", "visits": []}
        self.world.points = [point("far", "北泵站", 116.66), point("near", "南门市场", 116.633)]
        b.click("[data-tab=tasks]")
        b.wait("[data-point=near]", "南门市场")
        self.assertEqual([n.get_attribute("data-point") for n in b.all("[data-point]")], ["near", "far"])
        b.shot("patrol-points")
        b.click("[data-point=near] button", "去走访")
        b.wait(".sheet .shutter")
        self.tap(b, ".sheet .choice", "收水口")
        self.tap(b, ".sheet .choice", "发现问题")
        self.tap(b, ".sheet button[type=submit]")
        b.wait(".sheet .form-message", "先拍一张照片")
        self.shoot(b)
        self.assertEqual(pages.axe(b), [])
        b.shot("patrol-point")
        self.tap(b, ".sheet button[type=submit]")
        b.until(lambda: self.world.points[1]["visits"], "the visit")
        visit = self.world.points[1]["visits"][0]
        self.assertEqual([visit["result"], visit["checked"], len(visit["photos"])], ["found", ["收水口"], 1])
        self.assertAlmostEqual(visit["lon"], 116.6325, 4)
        b.gone("[data-point=near]")
        b.click("[data-point=far] button", "去走访")
        self.tap(b, ".sheet .choice", "无法走访")
        self.tap(b, ".sheet button[type=submit]")
        b.wait(".sheet .form-message", "为何")
        b.wait("#point-note").send_keys("围挡未开")
        self.tap(b, ".sheet button[type=submit]")
        b.until(lambda: self.world.points[0]["visits"], "the reason")
        b.wait("[data-point=far]", "北泵站")
        self.clean(b)

    def test_on_duty_and_the_answer_to_a_roll_call(self):
        b = self.open()
        b.click(".off-duty button")
        b.click("[data-duty]", "上岗")
        b.wait(".duty-state", "在岗")
        b.until(lambda: self.world.marks and self.world.marks[-1]["on_duty"], "the mark")
        self.assertAlmostEqual(self.world.marks[-1]["lon"], 116.6325, 5)
        b.shot("patrol-mine")
        call = str(uuid.uuid4())
        self.world.calls.append({"roll_call_id": call, "called_by": "冯主任", "note": "例行抽查", "at": stamp(), "answer_by": stamp(3)})
        for q in self.world.streams:
            q.put(("roll_call", {"roll_call_id": call}))
        b.wait(".roll-call", "内拍照应答")
        b.shot("patrol-roll-call")
        b.click(".roll-call button", "应答")
        b.click(".roll-call .shutter")
        b.until(lambda: self.world.calls[0].get("answer"), "the answer")
        answer = self.world.calls[0]["answer"]
        self.assertTrue(answer["photo"].startswith("sha256-") and answer["lon"] and answer["device_at"])
        b.gone(".roll-call")
        b.click("[data-duty]", "下岗")
        b.until(lambda: not self.world.marks[-1]["on_duty"], "off duty")
        self.clean(b)

    def test_every_tab_is_accessible_light_and_dark_in_both_languages(self):
        b = self.open()
        self.pick(b)
        for dark in (False, True):
            b.dark(dark)
            for tab in ("report", "tasks", "mine"):
                b.click(f"[data-tab={tab}]")
                b.wait({"report": ".report", "tasks": ".task", "mine": ".duty"}[tab])
                self.assertEqual(pages.axe(b), [], f"{tab} dark={dark}")
                self.assertEqual(b.driver.execute_script(pages.CHECKS), [], f"{tab} dark={dark}")
                b.shot(f"patrol-{tab}-{'dark' if dark else 'light'}")
        self.assertEqual(b.driver.execute_script(pages.FOCUS), [])
        b.click("#language")
        b.wait(".tabs", "Report")
        self.assertFalse(b.driver.execute_script(r"return [...document.querySelectorAll('main, header')].some((n) => /[\u4e00-\u9fff]/.test(n.innerText.replace(/[^\x00-\x7f]*社区|[^\x00-\x7f]*街道|赵监督|中文/g, '')))"), "English words only")
        b.shot("patrol-english")
        b.click("#language")
        self.clean(b)

    def test_others_are_told_where_their_page_is(self):
        b = self.open(token="officer")
        b.wait("main", "给监督员使用")
        self.clean(b)


if __name__ == "__main__":
    unittest.main(verbosity=2)
