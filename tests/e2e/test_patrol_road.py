#!/usr/bin/python3
"""The patroller over the whole system: an upload that goes on after kill -9, duty and roll-calls, evidence of pictures, and the page itself."""
import base64
import hashlib
import os
import unittest
import uuid

import browser
import pages
import wangge_e2e as e2e

browser.FLAGS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = 512 * 1024


def setUpModule():
    e2e.shared()
    pages.begin()


def tearDownModule():
    pages.end()
    e2e.close()


class Road(pages.Pages):
    def setUp(self):
        self.w = e2e.shared()
        self.account = self.w.account(role="patroller", name="patrol-1")
        self.token = self.account["token"]

    def tus(self, method, url, raw=None, **headers):
        return self.w.http.call(method, url, self.token, raw=raw, headers={**TUS, **{k.replace("_", "-"): v for k, v in headers.items()}})

    def begin(self, data, kind="video/webm", **facts):
        values = {"filetype": kind, **facts}
        said = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in values.items())
        made = self.tus("POST", "/api/v1/uploads", b"", Upload_Length=str(len(data)), Upload_Metadata=said, Content_Type="")
        self.assertEqual(made.status, 201, made)
        return made.headers["location"]

    def piece(self, url, data, at):
        part = data[at:at + PIECE]
        digest = base64.b64encode(hashlib.sha1(part).digest()).decode()
        return self.tus("PATCH", url, part, Upload_Offset=str(at), Upload_Checksum=f"sha1 {digest}", Content_Type="application/offset+octet-stream")

    def test_an_upload_goes_on_after_the_gateway_was_killed(self):
        data = b"\x1a\x45\xdf\xa3webm" + os.urandom(3 * PIECE)
        url = self.begin(data, taken="camera")
        for at in (0, PIECE):
            answer = self.piece(url, data, at)
            self.assertEqual((answer.status, answer.headers["upload-offset"]), (204, str(at + PIECE)), answer)
        self.w.wait_back("gateway", self.w.kill("gateway"))
        stands = e2e.wait(lambda: (lambda a: a if a.status == 200 else None)(self.tus("HEAD", url)), "the gateway")
        self.assertEqual(stands.headers["upload-offset"], str(2 * PIECE), "what was answered is there")
        self.assertEqual(self.piece(url, data, 0).status, 409)
        for at in range(2 * PIECE, len(data), PIECE):
            answer = self.piece(url, data, at)
            self.assertEqual(answer.status, 204, answer)
        self.assertEqual(answer.headers["media-id"], e2e.media_id(data))
        direct = self.w.http.call("POST", "/api/v1/media", self.token, raw=data, headers={"Content-Type": "video/webm"})
        self.assertEqual((direct.status, direct.body["media_id"]), (200, e2e.media_id(data)), "the same medium by the other door")
        self.assertEqual(self.w.http.get(f"/api/v1/media/{e2e.media_id(data)}/facts", self.token).body["taken"], "camera")
        other = self.begin(data[:1000])
        self.assertEqual(self.tus("DELETE", other).status, 204)
        self.assertEqual(self.tus("HEAD", other).status, 404)

    def test_the_roll_is_called_and_answered_by_who_is_on_duty(self):
        lead = self.w.token(role="patrol_lead") if any(a["role"] == "patrol_lead" for a in self.w.accounts) else self.w.token(role="shift_leader")
        lon, lat = self.w.points(1, 3)[0]
        mark = {"mark_id": str(uuid.uuid4()), "lon": lon, "lat": lat, "accuracy_m": 8}
        for _ in range(2):
            answer = self.w.http.post("/api/v1/duty/on", self.token, mark)
            self.assertEqual(answer.status, 200, answer)
        self.assertTrue(answer.body["on_duty"] and answer.body["grid"], answer)
        own = e2e.pages(self.w.http, "/api/v1/duty", self.token)
        self.assertEqual([p["person"] for p in own], [self.account["name"]])
        self.assertTrue(own[0]["lines"])
        cells = e2e.pages(self.w.http, "/api/v1/duty/grids", self.token)
        self.assertTrue(cells and all(c["street"] == "370871001" for c in cells), "the cells of his street")
        stream = e2e.Stream(self.w, "/api/v1/tasks/stream", self.token)
        self.addCleanup(stream.stop)
        e2e.wait(lambda: self.w.http.get("/metrics").status == 200, "the stream")
        call = str(uuid.uuid4())
        made = self.w.http.post("/api/v1/roll-calls", lead, {"roll_call_id": call, "people": [self.account["name"]], "note": "例行抽查"})
        self.assertEqual(made.status, 201, made)
        waiting = self.w.http.get("/api/v1/roll-calls?open=true", self.token).body["items"]
        self.assertEqual([c["roll_call_id"] for c in waiting], [call])
        photo = self.w.photo(self.token, 77)
        done = self.w.http.post(f"/api/v1/roll-calls/{call}/answer", self.token, {"photo": photo, "lon": lon, "lat": lat})
        self.assertEqual(done.status, 200, done)
        seen = self.w.http.get("/api/v1/roll-calls", lead).body["items"][0]
        self.assertEqual((seen["called"], seen["answered"], seen["late"]), (1, 1, 0), seen)
        self.assertEqual(self.w.http.get(f"/api/v1/media/{photo}", lead).status, 200, "who calls sees the photo")
        self.assertEqual(self.w.http.get("/api/v1/roll-calls?open=true", self.token).body["items"], [])
        e2e.wait(lambda: self.w.rows("SELECT 1 FROM audit WHERE deed = 'admin' AND subject || detail LIKE %s", f"%{call}%"), "the answer in the audit")

    def test_a_report_made_on_the_page_is_a_case_with_its_evidence(self):
        lon, lat = next((lon, lat) for lon, lat in self.w.points(400, 5) if self.w.rows("SELECT 1 FROM cell WHERE street = '370871001' AND ST_Intersects(shape, ST_SetSRID(ST_MakePoint(%s, %s), 4490))", lon, lat))
        b = self.page(pages.PHONE)
        b.driver.execute_cdp_cmd("Emulation.setGeolocationOverride", {"latitude": lat, "longitude": lon, "accuracy": 9})
        b.sign_in(f"http://127.0.0.1:{self.w.port}/patrol", self.token)
        b.wait(".place .grid-no")
        b.click(".shutter")
        b.wait(".photos li")
        b.wait("#category-input").send_keys("bllj")
        b.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", b.wait("[data-category]"))
        b.click("[data-category]")
        b.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", b.wait(".send"))
        b.click(".send")
        case_no = e2e.wait(lambda: self.w.rows("SELECT case_no FROM cases WHERE reporter = %s ORDER BY opened_at DESC LIMIT 1", self.account["name"]), "the case")[0][0]
        chief = self.w.token(role="shift_leader")
        case = e2e.wait(lambda: (lambda c: c if c["photos"] else None)(self.w.case(case_no)), "its photo")
        marked = case["photos"][0] if isinstance(case["photos"][0], str) else case["photos"][0]["media_id"]
        facts = self.w.http.get(f"/api/v1/media/{marked}/facts", chief).body
        self.assertEqual(facts["taken"], "camera")
        self.assertEqual(self.w.http.get(f"/api/v1/media/{facts['original']}", chief).status, 200, "who reads the case reads the original")
        with open(os.path.join(pages.SHOTS, "patrol-real.png"), "wb") as f:
            f.write(b.driver.get_screenshot_as_png())
        self.clean(b)


if __name__ == "__main__":
    unittest.main(verbosity=2)
