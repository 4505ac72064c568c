#!/usr/bin/python3
"""The squad's and the patroller's phone over a pretend API: tasks live, receipts that are not lost, photo first."""
import os
import re
import tempfile
import threading
import unittest

import browser
import fake_api
import pages
from pages import FakePages, PHONE


def setUpModule():
    pages.begin()


def tearDownModule():
    pages.end()


class Tasks(FakePages):
    def open(self, token="squad", world=None, **more):
        world, base = self.serve(16, **more)
        b = self.page(PHONE)
        b.sign_in(base + "/squad", token)
        b.wait(".task")
        return world, base, b

    def mine(self, world):
        return sorted((t for t in world.tasks.values() if t["open"] and t["squad"] == "municipal-1"), key=lambda t: t["due_at"])

    def test_tasks_stand_by_deadline_with_the_due_in_words_a_map_and_one_big_step(self):
        world, base, b = self.open()
        self.assertEqual([n.get_attribute("data-task") for n in b.all(".task")], [t["task_id"] for t in self.mine(world)])
        first, second = b.all(".task")[:2]
        self.assertIn("超时 2小时1", first.find_element("css selector", ".due").text)
        self.assertIn("还剩 ", second.find_element("css selector", ".due").text)
        link = first.find_element("css selector", "a.navigate").get_attribute("href")
        self.assertIn("coordinate=gaode", link, "map apps want GCJ-02")
        lon, lat = (float(n) for n in re.search(r"position=([\d.]+)%2C([\d.]+)", link).groups())
        east, north = (lon - 116.62) * 90700, (lat - 35.43) * 111000
        self.assertTrue(100 < (east ** 2 + north ** 2) ** 0.5 < 700, f"moved by {east:.0f} m, {north:.0f} m")
        for card in b.all(".task"):
            big = card.find_elements("css selector", ".action-box > .buttons button")
            self.assertEqual(len(big), 1, "one step is offered, the others are folded away")
            self.assertGreaterEqual(big[0].size["height"], 56)
        b.click(".task .others summary")
        b.wait(".task [data-action=note]")
        b.shot("squad-tasks")
        self.clean(b)

    def test_a_receipt_that_failed_is_sent_until_it_is_heard(self):
        fault = {"POST /api/v1/tasks": (503, "no_dispatcher")}
        world, base, b = self.open(fail=fault)
        b.wait(".banner", "送达回执还没有发出")
        first = len(self.posts(world, "/received"))
        b.until(lambda: len(self.posts(world, "/received")) > first, "another try")
        self.assertFalse(any(t["received"] for t in self.mine(world)))
        world.fail.clear()
        b.until(lambda: all(t["received"] for t in self.mine(world)), "every task to be received")
        b.gone(".banner")
        heard = len(self.posts(world, "/received"))
        b.driver.execute_script("window.dispatchEvent(new Event('online'))")
        b.until(lambda: world.asked[-1].startswith("GET"), "it looked again")
        self.assertEqual(len(self.posts(world, "/received")), heard, "what was heard is not said again")
        self.clean(b)

    def test_a_receipt_refused_for_good_is_not_sent_again(self):
        for status, code in ((409, "stale_epoch"), (404, "not_found")):
            with self.subTest(status=status):
                world, base, b = self.open(fail={"POST /api/v1/tasks": (status, code)})
                tasks = len(self.mine(world))
                looks = lambda: len([a for a in world.asked if a.startswith("GET /api/v1/tasks?")])
                b.until(lambda: len(self.posts(world, "/received")) >= tasks, "each to be said once")
                before = looks()
                b.until(lambda: looks() > before or b.driver.execute_script("window.dispatchEvent(new Event('online'))"), "it looks what is its own now")
                b.wait(".line", "实时")
                self.assertEqual(len(self.posts(world, "/received")), tasks, "once each, however often it looks")
                b.gone(".banner")
                self.clean(b)

    def test_a_task_a_colleague_finished_leaves_by_itself(self):
        b = self.page(PHONE)
        b.hurry()
        try:
            world, base, b = self.open()
            b.wait(".line", "实时")
            done, busy = self.mine(world)[:2]
            b.click(f".task[data-task='{busy['task_id']}'] [data-action=dispose]")
            done["open"] = False
            b.gone(f".task[data-task='{done['task_id']}']")
            busy["open"] = False
            b.wait(f".task[data-task='{busy['task_id']}'] .error", "已由他人完成或收回")
            b.shot("squad-gone")
            b.click(f".task[data-task='{busy['task_id']}'] .error button")
            b.gone(f".task[data-task='{busy['task_id']}']")
            self.clean(b)
        finally:
            b.calm()

    def test_a_withdrawn_task_leaves_and_a_new_one_comes_by_itself(self):
        world, base, b = self.open()
        b.wait(".line", "实时")
        task, finished = self.mine(world)[:2]
        task["open"] = finished["open"] = False
        world.hint("task_withdrawn", {"task_id": task["task_id"], "case_no": task["case_no"], "epoch": task["epoch"]})
        b.gone(f".task[data-task='{task['task_id']}']")
        b.gone(f".task[data-task='{finished['task_id']}']")
        no = world.add(77, "pending_dispose", squad="municipal-1")
        world.hint("task", world.task_view(world.tasks[f"{no}-4"]))
        b.wait(f".task[data-case='{no}']")
        b.until(lambda: world.tasks[f"{no}-4"]["received"], "the page to say received")
        for t in world.tasks.values():
            t["open"] = False
        b.open(base + "/squad")
        b.wait(".empty", "现在没有任务")
        b.shot("squad-empty")
        self.clean(b)

    def test_a_lost_line_shows_the_age_of_the_data_and_heals(self):
        world, base, b = self.open()
        b.wait(".line", "实时")
        world.drop_streams = True
        world.fail["GET /api/v1/"] = (503, "no_database")
        b.wait(".banner", "连接中断", 45)
        self.assertTrue(b.all(".task"), "what was known stays readable")
        b.shot("squad-offline")
        world.drop_streams = False
        world.fail.clear()
        b.gone(".banner")
        b.wait(".line", "实时")
        self.clean(b)

    def test_an_error_at_the_start_is_told_and_can_be_tried_again(self):
        world, base = self.serve(16, fail={"GET /api/v1/tasks": (503, "no_database")})
        b = self.page(PHONE)
        b.sign_in(base + "/squad", "squad")
        b.wait(".error", "数据库暂不可用")
        b.shot("squad-error")
        looks = lambda: len([a for a in world.asked if a.startswith("GET /api/v1/tasks")])
        before = looks()
        b.click(".error button")
        b.until(lambda: looks() > before, "it looked again")
        world.fail.clear()  # from here on it comes by itself as soon as it is asked for, by whomever
        b.until(lambda: b.all(".task") or (b.all(".error button")[0].click(), None)[1], "the tasks")
        self.clean(b)

    def test_somebody_without_tasks_is_shown_the_way(self):
        world, base = self.serve(16)
        b = self.page(PHONE)
        b.hurry(100)
        try:
            b.sign_in(base + "/squad", "officer")
            b.wait(".card a", "打开指挥台")
            asked = len(world.asked)
            b.driver.execute_script("window.beats = 0; setInterval(() => { window.beats += 1; }, 10000)")
            b.until(lambda: b.driver.execute_script("return window.beats") > 3, "the time in which it would have looked again")
            self.assertEqual(world.asked[asked:], [], "it asks no more for what is not his")
            b.wait(".card a", "打开指挥台")
            self.clean(b)
        finally:
            b.calm()


class Check(FakePages):
    def photo(self, b, card):
        path = os.path.join(tempfile.mkdtemp(prefix="wangge-photos-"), "photo.png")
        browser.picture(path)
        b.attach(f"{card} input[type=file]", path)
        b.wait(f"{card} .thumb canvas")

    def test_photo_first_then_the_result_and_unable_needs_its_reason(self):
        world, base = self.serve(16)
        no = self.case_in(world, "checking")
        card = f".task[data-case='{no}']"
        b = self.page(PHONE)
        b.sign_in(base + "/squad", "patrol")
        b.click(f"{card} [data-action=check]")
        b.wait(f"{card} .camera", "拍照或选图")
        self.assertFalse(any(n.is_displayed() for n in b.all(f"{card} .choice, {card} textarea, {card} button[type=submit]")), "nothing but the camera until a photo is there")
        self.photo(b, card)
        reason = lambda: b.wait(f"{card} [data-field=reason]")
        self.assertIn("选填", reason().text)
        b.click(f"{card} .choice", "无法核查")
        b.until(lambda: "必填" in reason().text, "the reason to be asked for")
        self.assertTrue(b.driver.execute_script("return arguments[0].required", b.all(f"{card} [data-field=reason] textarea")[0]))
        b.click(f"{card} button[type=submit]")
        self.assertEqual(self.posts(world, "/actions/"), [], "not sent without it")
        b.click(f"{card} .choice", "不通过")
        b.until(lambda: "选填" in reason().text, "no reason needed for this answer")
        b.click(f"{card} .choice", "无法核查")
        b.click(f"{card} .chip", "现场被围挡")
        b.shot("patrol-check")
        b.click(f"{card} button[type=submit]")
        b.gone(card)
        self.assertEqual(world.history[no][-1]["reason"], "现场被围挡，无法进入")
        self.clean(b)

    def test_done_said_while_the_photo_goes_up_is_sent_when_it_is_there(self):
        world, base = self.serve(16)
        no = next(no for no, c in world.cases.items() if c["state"] == "disposing" and c["squad"] == "municipal-1")
        card = f".task[data-case='{no}']"
        arrived, real = threading.Event(), fake_api.Handler.post_media
        fake_api.Handler.post_media = lambda self, *rest: (arrived.wait(20), real(self, *rest))[1]
        self.addCleanup(setattr, fake_api.Handler, "post_media", real)
        self.addCleanup(arrived.set)
        b = self.page(PHONE)
        b.sign_in(base + "/squad", "squad")
        b.click(f"{card} [data-action=dispose]")
        self.photo(b, card)
        b.click(f"{card} .action-form button[type=submit]")
        b.wait(f"{card} .form-message", "正在上传 1 张")
        self.assertEqual(self.posts(world, "/actions/"), [])
        arrived.set()
        b.gone(card)
        self.assertEqual(len(self.posts(world, "/actions/dispose")), 1)
        self.assertEqual(len(world.history[no][-1]["photos"]), 1)
        self.clean(b)

    def test_a_disposal_is_sign_photo_done(self):
        world, base = self.serve(16)
        no = next(iter(world.cases))
        card = f".task[data-case='{no}']"
        b = self.page(PHONE)
        b.sign_in(base + "/squad", "squad")
        world.fail["POST /api/v1/cases"] = (503, "no_dispatcher")
        b.click(f"{card} [data-action=sign]")
        b.wait(f"{card} .form-message", "什么都没有改变")
        world.fail.clear()
        b.click(f"{card} .action-form button", "取消")
        b.click(f"{card} [data-action=sign]")
        b.click(f"{card} [data-action=dispose]")
        self.photo(b, card)
        b.click(f"{card} .action-form button[type=submit]")
        b.gone(card)
        self.assertEqual([r["action"] for r in world.history[no] if not r["transport"]][-2:], ["sign", "dispose"])
        self.clean(b)


if __name__ == "__main__":
    unittest.main(verbosity=2)
