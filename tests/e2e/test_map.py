#!/usr/bin/python3
"""Map, wall and public page over the whole system: tiles as a stranger reads them, a base map behind our door, pages without WebGL."""
import math
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import browser
import pages
import wangge_e2e as e2e
from pages import DESK, PHONE, Pages, axe
from vector_tile import read_tile, tile_of

WALL, WIDE = (1920, 1080), (5760, 1080)
system = wmts = None


class Wmts(BaseHTTPRequestHandler):
    """A city's map service: one picture for all, and who asked for what."""
    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        body = browser.picture(None, (210, 220, 205))
        self.send_response(200 if "tk=the-key" in self.path else 403)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def setUpModule():
    global system, wmts
    pages.begin()
    wmts = ThreadingHTTPServer(("127.0.0.1", 0), Wmts)
    wmts.daemon_threads = True
    threading.Thread(target=wmts.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{wmts.server_address[1]}/wmts?LAYER=vec&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
    system = e2e.shared(settings=(f"map.url={url}", "map.key=the-key", "map.attribution=样城自然资源局", "map.approval_number=鲁S(2026)001号", "public.districts=370871"))
    patroller = system.token(role="patroller")
    system.places = system.points(24, seed=7)
    system.numbers = [system.committed(patroller, lon=lon, lat=lat, category=e2e.LITTER if n % 3 else e2e.MANHOLE, description=f"第 {n} 件") for n, (lon, lat) in enumerate(system.places)]


def tearDownModule():
    pages.end()
    e2e.close()
    wmts.shutdown()
    wmts.server_close()


def pixel(b, lon, lat):
    """Where a place is drawn, in the page's own pixels; None while the map is not there."""
    return b.driver.execute_script("""
        const box = document.querySelector('.map-target'), at = box?.cityMap?.pixel(arguments[0], arguments[1]);
        if (!at) return null;
        const r = box.getBoundingClientRect();
        return at[0] < 0 || at[1] < 0 || at[0] > r.width || at[1] > r.height ? null : [r.left + at[0], r.top + at[1]];""", lon, lat)


def ink(b, lon, lat, size=9):
    """How many different colours lie around a place on the canvas: an empty map has one or two, a mark some more."""
    return b.driver.execute_script("""
        const box = document.querySelector('.map-target'), at = box.cityMap.pixel(arguments[0], arguments[1]), n = arguments[2], seen = new Set();
        for (const canvas of box.querySelectorAll('canvas')) {
          const scale = canvas.width / canvas.clientWidth || 1;
          try {
            const d = canvas.getContext('2d').getImageData((at[0] - n) * scale, (at[1] - n) * scale, 2 * n * scale, 2 * n * scale).data;
            for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200) seen.add(`${d[i] >> 4},${d[i + 1] >> 4},${d[i + 2] >> 4}`);
          } catch {}
        }
        return seen.size;""", lon, lat, size)


def press(b, x, y, kind="click"):
    from selenium.webdriver.common.action_chains import ActionChains
    action = ActionChains(b.driver)
    action.w3c_actions.pointer_action.move_to_location(int(x), int(y))
    if kind == "click":
        action.w3c_actions.pointer_action.click()
    action.perform()


class Tiles(unittest.TestCase):
    def tile(self, layer, token, z, lon, lat, **headers):
        x, y = tile_of(lon, lat, z)
        return system.http.get(f"/api/v1/tiles/{layer}/{z}/{x}/{y}.mvt", token, headers=headers or None)

    def test_a_case_lies_where_it_was_reported_and_in_its_scope_only(self):
        no, (lon, lat) = system.numbers[0], system.places[0]
        leader = system.token(role="shift_leader")
        answer = self.tile("cases", leader, 16, lon, lat)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["content-type"], "application/vnd.mapbox-vector-tile")
        layer, = read_tile(answer.raw)
        self.assertEqual((layer["name"], layer["extent"]), ("cases", 4096))
        mine, = [f for f in layer["features"] if f["tags"]["case_no"] == no]
        n, (x, y) = 2 ** 16, tile_of(lon, lat, 16)
        self.assertAlmostEqual(mine["points"][0][0], ((lon / 360 + 0.5) * n - x) * 4096, delta=1)
        self.assertAlmostEqual(mine["points"][0][1], ((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n - y) * 4096, delta=1)
        self.assertEqual(mine["tags"]["state"], system.case(no)["state"])
        self.assertEqual(self.tile("cases", leader, 16, lon, lat, **{"If-None-Match": answer.headers["etag"]}).status, 304)
        other = next(a["token"] for a in system.accounts if a["role"] == "disposer" and a["squad"] != system.case(no)["squad"])
        foreign = self.tile("cases", other, 16, lon, lat)
        self.assertNotIn(no.encode(), foreign.raw, "a squad sees its own cases")

    def test_standing_layers_show_the_district_and_every_tile_is_small(self):
        token, (lon, lat) = system.token(role="acceptor"), system.places[0]
        for layer, z, key in (("cells", 15, "grid"), ("areas", 13, "zh"), ("areas", 10, "zh")):
            found, = read_tile(self.tile(layer, token, z, lon, lat).raw)
            self.assertTrue(all(f["tags"][key] for f in found["features"]), layer)
            self.assertGreater(len(found["features"]), 1, f"{layer} at {z}")
        for z in range(6, 19):
            for layer in ("cells", "areas", "cases", "squads", "components"):
                self.assertLess(len(self.tile(layer, token, z, lon, lat).raw), 200_000, f"{layer} at {z}")

    def test_the_base_map_comes_through_our_door_and_its_key_stays_here(self):
        token = system.token(role="acceptor")
        about = system.http.get("/api/v1/map", token)
        self.assertEqual(about.body["base_map"]["approval_number"], "鲁S(2026)001号")
        self.assertNotIn("the-key", str(about.body))
        Wmts.asked.clear()
        for _ in range(2):
            self.assertEqual(system.http.get("/api/v1/basemap/10/843/404", token).raw[:4], b"\x89PNG")
        self.assertEqual(len(Wmts.asked), 1, "the second came from memory")
        self.assertIn("TILEMATRIX=10&TILEROW=404&TILECOL=843&tk=the-key", Wmts.asked[0])


class MapPages(Pages):
    @classmethod
    def setUpClass(cls):
        cls.base = f"http://127.0.0.1:{system.port}"

    def ready(self, b, lon, lat, least=4):
        b.until(lambda: pixel(b, lon, lat), "the map")
        b.until(lambda: ink(b, lon, lat) >= least, "the case to be drawn")

    def test_the_map_shows_cases_and_opens_one(self):
        b, (lon, lat) = self.page(), system.places[3]
        b.sign_in(f"{self.base}/?view=map&lon={lon}&lat={lat}&z=18.5", system.token(role="dispatch_officer"))
        self.ready(b, lon, lat)
        b.wait(".map-source", "鲁S(2026)001号")
        b.shot("map-near")
        press(b, *pixel(b, lon, lat))
        b.wait(".map-card a", "打开案件")
        for dark in (False, True):
            b.dark(dark)
            b.until(lambda: b.all(".map-box.look-dark" if dark else ".map-box.look-light"), "the look")
            self.assertEqual(axe(b), [])
        b.shot("map-dark")
        b.dark(False)
        b.click(".map-card a", "打开案件")
        b.wait(".case-page .timeline")
        self.assertIn(f"case={system.numbers[3]}", b.driver.current_url)
        self.clean(b)

    def test_list_and_map_point_at_each_other(self):
        b = self.page()
        b.sign_in(f"{self.base}/?map=1", system.token(role="shift_leader"))
        b.wait("tr[data-case]")
        no = b.all("tr[data-case]")[0].get_attribute("data-case")
        case = system.case(no)
        b.keys("f")
        self.ready(b, case["lon"], case["lat"])
        b.until(lambda: pixel(b, case["lon"], case["lat"]), "the place in sight")
        b.shot("map-beside")
        x, y = b.until(lambda: pixel(b, case["lon"], case["lat"]), "its place")
        time.sleep(0.4)  # the flight has ended
        x, y = pixel(b, case["lon"], case["lat"])
        press(b, x, y, "move")
        b.until(lambda: b.all("tr.hot"), "a row to be marked")
        press(b, x, y)
        b.until(lambda: "case=" in b.driver.current_url, "the case to open")
        b.wait(".case-page .timeline")
        b.keys("gm")
        b.until(lambda: "view=map" in b.driver.current_url, "the map by keyboard")
        self.assertEqual(axe(b), [])
        self.clean(b)

    def test_a_box_on_the_map_chooses_its_rows(self):
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys
        b = self.page()
        b.sign_in(f"{self.base}/?map=1", system.token(role="shift_leader"))
        b.wait("tr[data-case]")
        b.keys("f")
        case = system.case(b.all("tr[data-case]")[0].get_attribute("data-case"))
        self.ready(b, case["lon"], case["lat"])
        time.sleep(0.4)  # the flight has ended
        x, y = pixel(b, case["lon"], case["lat"])
        ActionChains(b.driver).key_down(Keys.SHIFT).perform()
        drag = ActionChains(b.driver)
        drag.w3c_actions.pointer_action.move_to_location(int(x) - 40, int(y) - 40)
        drag.w3c_actions.pointer_action.pointer_down()
        drag.w3c_actions.pointer_action.move_to_location(int(x) + 40, int(y) + 40)
        drag.w3c_actions.pointer_action.pointer_up()
        drag.perform()
        ActionChains(b.driver).key_up(Keys.SHIFT).perform()
        b.wait(".bulk", "已选")
        self.assertTrue(b.all(f"tr[data-case='{case['case_no']}'] input:checked"))
        self.clean(b)

    def test_a_link_to_a_cell_shows_that_cell(self):
        b = self.page()
        grid = system.rows("SELECT grid, ST_X(ST_Centroid(shape)) AS lon, ST_Y(ST_Centroid(shape)) AS lat FROM cell ORDER BY grid LIMIT 1")[0]
        b.sign_in(f"{self.base}/?view=map&cell={grid['grid']}&z=16", system.token(role="acceptor"))
        b.until(lambda: pixel(b, grid["lon"], grid["lat"]), "the cell in sight")
        x, y = b.driver.execute_script("const r = document.querySelector('.map-target').getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]")
        at = pixel(b, grid["lon"], grid["lat"])
        self.assertLess(math.dist(at, (x, y)), 40, "in the middle")

    def test_the_pages_work_without_any_webgl(self):
        b = browser.Browser(DESK, "zh-CN", pages.SHOTS, flags=("--disable-3d-apis",))
        self.addCleanup(b.close)
        lon, lat = system.places[5]
        b.sign_in(f"{self.base}/?view=map&lon={lon}&lat={lat}&z=18.5", system.token(role="acceptor"))
        self.assertIsNone(b.driver.execute_script("return document.createElement('canvas').getContext('webgl2')"))
        self.ready(b, lon, lat)
        self.clean(b)

    def test_the_wall_at_its_sizes_keeps_up_and_tells_its_age(self):
        token = system.token(role="leader")
        for size, lang in ((WALL, "zh-CN"), (WIDE, "zh-CN"), (WALL, "en-US")):
            b = self.page(size, lang)
            b.sign_in(self.base + "/wall?stale=6", token)
            b.until(lambda: b.text("[data-today=reported]").isdigit() and int(b.text("[data-today=reported]")) >= len(system.numbers), "today's reports")
            b.until(lambda: len(b.all("[data-newest]")) > 5, "the newest")
            b.until(lambda: b.driver.execute_script("return document.querySelectorAll('.map-target canvas').length"), "the map")
            time.sleep(1.5)  # for the eye: the tiles have come
            b.shot(f"wall-{size[0]}-{lang[:2]}")
            self.assertEqual(axe(b), [])
            self.assertNotIn("第 1 件", b.text(), "no words of a report")
            self.assertEqual(b.driver.execute_script("return document.documentElement.scrollHeight - innerHeight"), 0)
            self.clean(b)
        before = int(b.text("[data-today=reported]"))
        system.committed(system.token(role="patroller"))
        b.until(lambda: int(b.text("[data-today=reported]")) > before, "the new report on the wall", 30)
        b.driver.execute_cdp_cmd("Network.enable", {})
        offline = lambda on: b.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
        offline(True)
        self.addCleanup(offline, False)
        b.wait(".wall-old", "Connection lost", seconds=30)
        offline(False)
        b.gone(".wall-old", 40)

    def test_the_public_page_shows_what_became_of_it_and_no_more(self):
        for size, lang in ((PHONE, "zh-CN"), (DESK, "en-US")):
            b = self.page(size, lang)
            b.open(self.base + "/public")
            b.wait("[data-public]")
            text = b.text()
            for secret in ("第 1 件", "patroller", "赵", "138"):
                self.assertNotIn(secret, text)
            b.shot(f"public-{size[0]}-{lang[:2]}")
            for dark in (False, True):
                b.dark(dark)
                self.assertEqual(axe(b), [])
            b.dark(False)
            self.clean(b)
        filed = next(no for no in system.numbers if system.http.get(f"/api/v1/public/cases/{no}").status == 200)
        b = self.page(PHONE)
        b.open(self.base + "/public")
        b.wait("#number").send_keys(filed)
        b.click(".by-number button")
        b.wait(f".found-one[data-public='{filed}']")
        b.click("#near")
        b.until(lambda: b.driver.find_element("css selector", "#near").get_attribute("aria-pressed") == "true", "near me")
        b.click("#near")
        b.click("#map-or-list")
        # What everybody asks is rationed: said 429, it is asked again.
        shown = e2e.wait(lambda: system.http.get("/api/v1/public/cases?limit=200").body.get("items"), "the cases that everybody may see")
        spot = next(c for c in shown if c["lon"])
        b.until(lambda: pixel(b, spot["lon"], spot["lat"]), "the map")
        b.until(lambda: ink(b, spot["lon"], spot["lat"]) >= 3, "its mark")
        b.shot("public-map")
        self.assertEqual(axe(b), [])
        press(b, *pixel(b, spot["lon"], spot["lat"]))
        b.wait("li[data-public]")
        self.clean(b)

    def test_the_open_data_say_no_more_than_the_page(self):
        answer = system.http.get("/api/v1/public/cases.csv")
        self.assertEqual(answer.status, 200)
        lines = answer.raw.decode("utf-8-sig").strip().split("\r\n")
        self.assertEqual(len(lines[0].split(",")), 13)
        self.assertGreater(len(lines), 5)
        self.assertNotIn("第 1 件", answer.raw.decode())
        exact = {f"{lon:.4f}"[:8] for lon, _ in system.places}
        self.assertFalse([line for line in lines if any(x in line for x in exact)], "no exact place")
        for _ in range(3):
            self.assertEqual(system.http.get("/api/v1/public/cases.csv").status, 200)


if __name__ == "__main__":
    unittest.main()
