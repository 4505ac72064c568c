#!/usr/bin/python3
"""A hotline order from outside: received once, linked to a case, answered, done again, visited; a case of an upper platform
waits for its word; reports name the city's switches."""
import unittest
import uuid

import wangge_e2e as e2e


def setUpModule():
    e2e.shared()


def tearDownModule():
    e2e.close()


class Hotline(unittest.TestCase):
    def setUp(self):
        self.w = e2e.shared()
        self.agent = self.w.token(role="hotline_agent")
        self.head = self.w.account(role="unit_head")
        self.clerk = next(a for a in self.w.accounts if a["role"] == "unit_clerk" and a["unit"] == self.head["unit"])["token"]
        self.number = uuid.uuid4().hex[:12]
        self.no = f"hotline_12345:{self.number}"

    def receive(self, **change):
        body = {"system": "hotline_12345", "number": self.number, "text": "夜间施工扰民", "caller": {"name": "张三", "phone": "13800000000"}, **change}
        return self.w.http.post("/api/v1/hotline-orders", self.agent, body)

    def act(self, token, action, version=None, **fields):
        if version is None:
            version = self.order()["version"]
        return self.w.http.post(f"/api/v1/hotline-orders/{self.no}/actions/{action}", token, {"command_id": str(uuid.uuid4()), "version": version, **fields})

    def order(self, token=None):
        answer = self.w.http.get(f"/api/v1/hotline-orders/{self.no}", token or self.agent)
        self.assertEqual(answer.status, 200, answer)
        return answer.body

    def done(self, token, action, **fields):
        answer = self.act(token, action, **fields)
        self.assertEqual(answer.status, 200, (action, answer))
        return answer.body

    def test_a_whole_life_beside_a_case_that_is_voided(self):
        first = self.receive()
        self.assertEqual(first.status, 201, first)
        again = self.receive(text="又打来一次")
        self.assertEqual((again.status, again.body["version"]), (200, 1), "the same number is the same order")
        case_no = self.w.committed(self.w.token(role="patroller"))
        self.done(self.agent, "sign_order")
        self.assertEqual(self.w.http.get(f"/api/v1/hotline-orders/{self.no}", self.clerk).status, 404, "no unit's yet")
        self.done(self.agent, "assign_order", unit=self.head["unit"])
        self.assertEqual(self.act(self.agent, "link_case", into="3708712026010199999").body["reason"], "unknown_case")
        linked = self.done(self.agent, "link_case", into=case_no)
        self.assertEqual([c["case_no"] for c in linked["linked"]], [case_no])
        due = linked["due_at"]
        self.w.done(self.w.token(role="acceptor"), case_no, "request_void", reason="重复")
        self.w.done(self.w.token(role="shift_leader"), case_no, "approve_void")
        order = self.order()
        self.assertEqual((order["state"], order["due_at"]), ("handling", due), "voiding a case never closes an order")
        self.assertEqual(order["linked"][0]["state"], "voided")
        self.done(self.clerk, "draft_reply", text="已责令停工并加强巡查")
        self.assertEqual(self.act(self.clerk, "sign_off_reply").status, 403, "the head signs it off")
        self.done(self.head["token"], "sign_off_reply")
        self.done(self.agent, "return_visit", satisfaction="dissatisfied", until="2027-12-01T18:00:00+08:00")
        self.assertEqual(self.order()["redone"], 1)
        self.done(self.clerk, "draft_reply", text="已现场复查")
        self.done(self.head["token"], "sign_off_reply")
        last = self.done(self.agent, "return_visit", satisfaction="satisfied")
        self.assertEqual((last["state"], last["late"]), ("closed", False))
        self.assertNotIn("caller", self.order(self.head["token"]))
        history = self.w.http.get(f"/api/v1/hotline-orders/{self.no}/history", self.agent).body["items"]
        self.assertEqual([h["action"] for h in history][:3], ["receive", "sign_order", "assign_order"])
        self.assertNotIn("13800000000", str(history))
        of_case = self.w.http.get(f"/api/v1/hotline-orders?case_no={case_no}", self.agent).body["items"]
        self.assertEqual([o["order_no"] for o in of_case], [self.no])

    def test_lists_are_walked_and_a_stale_version_shows_the_order(self):
        self.receive()
        stale = self.act(self.agent, "sign_order", version=7)
        self.assertEqual((stale.status, stale.body["order"]["order_no"]), (409, self.no))
        seen = [o["order_no"] for o in e2e.pages(self.w.http, "/api/v1/hotline-orders?open=true", self.agent, limit=1)]
        self.assertIn(self.no, seen)
        self.assertEqual(len(seen), len(set(seen)))
        self.assertNotIn(self.no, [o["order_no"] for o in e2e.pages(self.w.http, "/api/v1/hotline-orders?state=closed", self.agent)])
        self.assertEqual(self.w.http.get("/api/v1/hotline-orders", self.w.token(role="patroller")).status, 403)

    def test_a_case_of_an_upper_platform_waits_for_its_word(self):
        case_no = self.w.committed(self.w.token(role="patroller"), upstream={"system": "city", "number": "U-7", "deadline": "2020-01-01T00:00:00+08:00"})
        case = self.w.case(case_no)
        self.assertEqual(case["light"], "red", "the earlier clock lights")
        self.assertEqual(case["upstream"]["number"], "U-7")

    def test_reports_name_the_switches_they_depend_on(self):
        leader = self.w.token(role="leader")
        closure = self.w.http.get("/api/v1/statistics/closure?period=month", leader)
        self.assertEqual(closure.status, 200, closure)
        named = {s["name"]: s["value"] for s in closure.body["switches"]}
        self.assertEqual((named["on_time_at"], named["rework_clock"]), ("confirm", "remaining"))
        self.assertIn("on_time_at = confirm", closure.body["basis"])
        indicators = self.w.http.get("/api/v1/statistics/indicators?period=month", leader).body["switches"]
        self.assertIn("check_minutes", {s["name"] for s in indicators})
        self.assertIn("on_time_at = confirm", self.w.run("report", "closure", "--month", "2026-10", "--by", "unit", "--format", "csv").stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
