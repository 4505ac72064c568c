#!/usr/bin/python3
"""Signing in over the whole system: passwords, lock-out, one-time codes, a session that ends within a form, the city's own sign-on, accounts."""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import struct
import subprocess
import time
import unittest

import pages
import wangge_e2e as e2e
from pages import DESK, PHONE, Pages, axe

SIGN_ON = os.path.join(e2e.ROOT, "build", "sign-on")
system = provider = None


def sign_on(port, redirect):
    """A real OpenID provider on this machine."""
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sign_on")
    os.makedirs(SIGN_ON, exist_ok=True)
    read = lambda path: pathlib.Path(path).read_text(encoding="utf-8") if os.path.exists(path) else ""
    lock, made = read(os.path.join(here, "package-lock.json")), os.path.join(SIGN_ON, "node_modules", ".made-from")
    for name in ("package.json", "package-lock.json", "provider.mjs"):
        shutil.copy(os.path.join(here, name), SIGN_ON)
    if read(made) != lock:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=SIGN_ON, check=True)
        with open(made, "w", encoding="utf-8") as f:
            f.write(lock)
    pinned = os.path.join(e2e.ROOT, "build", "tools", "node_modules", "node", "bin", "node")
    process = subprocess.Popen([pinned if os.path.exists(pinned) else "node", "provider.mjs", str(port), redirect], cwd=SIGN_ON, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if "ready" not in process.stdout.readline():
        raise AssertionError("the provider did not start")
    return process


def setUpModule():
    global system, provider
    pages.begin()
    port = e2e.free_port()
    system = e2e.System(settings=["oidc.issuer=" + f"http://127.0.0.1:{port}", "oidc.client_id=wangge", "oidc.client_secret=a secret & more"])
    provider = sign_on(port, f"http://127.0.0.1:{system.port}/api/v1/session/oidc/callback")
    system.start()


def tearDownModule():
    pages.end()
    if provider:
        provider.terminate()
        provider.wait(20)
        provider.stdout.close()
    if system:
        system.stop()


def one_time(key, aside=0):
    """RFC 6238, by another hand than the program's."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    mac = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30 + aside), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class Signing(Pages):
    @classmethod
    def setUpClass(cls):
        cls.w = system
        cls.base = f"http://127.0.0.1:{cls.w.port}"

    def person(self, name, role="acceptor", *more, password="a good password 1"):
        self.w.run("user", "add", name, "--role", role, "--district", e2e.DISTRICT, "--password", password, *more)
        return name, password

    def post(self, path, body, cookie="", csrf=""):
        headers = {**({"Cookie": cookie} if cookie else {}), **({"X-CSRF-Token": csrf} if csrf else {})}
        return self.w.http.post(path, None, body, headers=headers)

    def enter(self, name, password, **more):
        """A session without a browser: (cookie, csrf)."""
        answer = self.post("/api/v1/session", {"name": name, "password": password, **more})
        self.assertEqual(answer.status, 200, answer)
        return answer.headers["set-cookie"].split(";")[0], answer.body["csrf"]

    def test_a_demo_account_signs_in_and_stays_signed_in(self):
        account = self.w.account(role="shift_leader")
        b = self.page()
        b.sign_in_with_password(self.base + "/", account["name"], "wrong")
        b.wait(".form-message", "账号或密码不正确")
        self.assertEqual(axe(b), [])
        b.shot("sign-in-refused")
        b.wait("#password").send_keys(account["password"])
        b.click(".sign-in .primary")
        b.wait(".line", "实时")
        self.assertIn(account["name"], b.text("#who"))
        b.open(self.base + "/")
        b.wait(".line", "实时")
        cookie = b.driver.get_cookie("wangge")
        self.assertTrue(cookie["httpOnly"])
        self.assertEqual(cookie["sameSite"], "Lax")
        self.assertNotIn(cookie["value"], b.driver.execute_script("return JSON.stringify(sessionStorage) + JSON.stringify(localStorage) + document.cookie"))
        b.click("#who")
        b.wait("dialog.account .session-list", "本次")
        self.assertEqual(axe(b), [])
        b.shot("account")
        b.click("dialog.account .form-buttons button")
        b.click("#sign-out")
        b.wait("#name")
        self.assertEqual(self.w.http.get("/api/v1/me", headers={"Cookie": f"wangge={cookie['value']}"}).status, 401)
        self.clean(b)

    def test_a_report_is_taken_by_cookie_only_with_the_csrf_header(self):
        account = self.w.account(role="patroller")
        cookie, csrf = self.enter(account["name"], account["password"])
        body = {**e2e.report_body(self.w), "client_report_id": "by-cookie-1"}
        refused = self.post("/api/v1/reports", body, cookie)
        self.assertEqual((refused.status, refused.code), (403, "csrf"))
        self.assertIn(self.post("/api/v1/reports", body, cookie, csrf).status, (201, 202))
        stream = self.w.http.get("/api/v1/tasks", headers={"Cookie": cookie})
        self.assertEqual(stream.status, 200)

    def test_too_many_tries_wait_for_names_that_are_and_that_are_not(self):
        name, password = self.person("lock-me")
        for who in (name, "nobody-at-all"):
            answers = [self.post("/api/v1/session", {"name": who, "password": f"wrong {n}"}) for n in range(6)]
            self.assertEqual([a.status for a in answers], [401] * 5 + [429])
            self.assertEqual(len({a.raw for a in answers[:5]}), 1)
            self.assertGreater(int(answers[5].headers["retry-after"]), 0)
        self.assertEqual(self.post("/api/v1/session", {"name": name, "password": password}).code, "too_many_tries")
        e2e.wait(lambda: self.w.rows("SELECT count(*) FROM audit WHERE deed = 'sign_in_refused' AND actor IN ('lock-me', 'nobody-at-all')")[0][0] == 10, "the refusals in the audit log")

    def test_one_time_codes_from_taking_them_up_to_a_lost_telephone(self):
        name, password = self.person("codes", "dispatch_officer")
        b = self.page()
        b.sign_in_with_password(self.base + "/", name, password)
        b.click("#who")
        b.click("#totp-open")
        b.wait("#totp-password").send_keys(password)
        b.click(".totp .primary")
        key = b.wait("#totp-key").text.replace(" ", "")
        self.assertTrue(b.all("svg.qr path"))
        self.assertEqual(axe(b), [])
        b.shot("totp")
        b.wait("#totp-code").send_keys(one_time(key, -1))
        b.click(".totp .primary")
        recovery = b.until(lambda: [n.text for n in b.all("#recovery code")], "recovery codes")
        self.assertEqual(len(recovery), 10)
        b.click("#recovery-kept")
        b.wait("#totp-state", "已启用")
        b.click("dialog.account .form-buttons button")
        b.click("#sign-out")
        b.sign_in_with_password(self.base + "/", name, password)
        b.wait("#code").send_keys("000000")
        b.click(".sign-in .primary")
        b.wait(".form-message", "动态验证码不正确")
        code = one_time(key)
        b.wait("#code").send_keys(code)
        b.click(".sign-in .primary")
        b.wait(".line", "实时")
        self.assertEqual(self.post("/api/v1/session", {"name": name, "password": password, "code": code}).code, "code_failed", "a replay")
        self.assertEqual(self.post("/api/v1/session", {"name": name, "password": password, "code": recovery[0]}).status, 200)
        self.assertEqual(self.post("/api/v1/session", {"name": name, "password": password, "code": recovery[0]}).code, "code_failed")
        self.assertIn("on", self.w.run("user", "totp", name).stdout)
        self.w.run("user", "totp", name, "--reset")
        self.assertEqual(self.post("/api/v1/session", {"name": name, "password": password}).status, 200)
        self.clean(b)

    def test_a_session_that_ends_within_a_form_loses_nothing(self):
        name, password = self.person("typing")
        no = self.w.committed(self.w.token(role="hotline_agent"), source="hotline_12345")
        b = self.page()
        b.sign_in_with_password(self.base + f"/?case={no}", name, password)
        b.click("[data-action=note]")
        b.wait(".action-form textarea").send_keys("现场没有找到，来电人也不再接听")
        session = json.loads(self.w.run("user", "sessions", name, "--json").stdout)
        rows = session if isinstance(session, list) else session["rows"]
        self.w.run("user", "revoke", name, "--session", rows[0]["session_id"])
        b.until(lambda: b.driver.execute_script("return document.querySelector('dialog.again')?.open ?? false"), "to be asked again, without a touch")
        self.assertEqual(axe(b), [])
        b.shot("session-ended")
        self.assertEqual(b.wait("dialog.again #name").get_attribute("value"), name)
        b.wait("dialog.again #password").send_keys(password)
        b.click("dialog.again .primary")
        b.gone("dialog.again")
        self.assertEqual(b.wait(".action-form textarea").get_attribute("value"), "现场没有找到，来电人也不再接听")
        b.click(".action-form .primary")
        b.wait(".toast", "备注")
        self.clean(b)

    def test_the_city_s_own_sign_on_leads_in(self):
        self.person("zhang.san", "shift_leader")
        b = self.page()
        b.sign_in_with_password(self.base + "/?view=closure", "nobody", "wrong password")
        b.click("#by-oidc", "统一身份认证")
        b.wait("[name=login]").send_keys("zhang.san")
        b.wait("[name=password]").send_keys("whatever it wants")
        b.click("button[type=submit]")
        b.click("button[type=submit]")
        b.wait("#who", "zhang.san")
        self.assertIn("view=closure", b.driver.current_url)
        self.assertEqual(b.driver.execute_script("return fetch('/api/v1/me').then((r) => r.json()).then((m) => m.signed_in.how)"), "oidc")
        # A way back that this browser did not begin, or that was used before, opens nothing.
        for query in ("", "code=x", "code=x&state=y", "error=access_denied&state=y"):
            answer = self.w.http.get(f"/api/v1/session/oidc/callback?{query}", headers={"Cookie": "wangge_oidc=a.b.c./"})
            self.assertEqual(answer.status, 302)
            self.assertIn("sign_in=failed", answer.headers["location"])
            self.assertNotIn("wangge=", answer.headers.get("set-cookie", ""))

    def test_accounts_are_made_shut_and_found_in_the_audit_log(self):
        chief, security, auditor = (self.w.account(role=r) for r in ("sys_admin", "sec_admin", "auditor"))
        b = self.page()
        b.sign_in_with_password(self.base + "/", chief["name"], chief["password"])
        b.click("#add-account")
        b.wait("#add-name").send_keys("li.si")
        b.choose("#add-role", "acceptor")
        b.click(".add-account .primary")
        password = b.wait("#one-time").text
        self.assertEqual(axe(b), [])
        b.shot("accounts")
        self.clean(b)
        b.sign_in_with_password(self.base + "/", "li.si", password)
        b.wait("#old-password").send_keys(password)
        b.wait("#new-password").send_keys("my own password 2")
        b.wait("#repeat-password").send_keys("my own password 2")
        b.shot("must-change")
        b.click(".password-form .primary")
        b.wait(".line", "实时")
        b.sign_in_with_password(self.base + "/", security["name"], security["password"])
        b.wait("#account-text").send_keys("li.si")
        b.click(".filters button[type=submit]")
        b.driver.execute_script("window.confirm = () => true")
        b.click("[data-account='li.si'] [data-act=disable]")
        b.wait("[data-account='li.si'] [data-field=state]", "已停用")
        self.assertEqual(self.post("/api/v1/session", {"name": "li.si", "password": "my own password 2"}).code, "sign_in_failed")
        self.w.run("user", "enable", "li.si")
        self.enter("li.si", "my own password 2")
        b.sign_in_with_password(self.base + "/?view=audit", auditor["name"], auditor["password"])
        b.wait(".audit table")
        b.choose("#audit-deed", "account_disable")
        b.click(".filters .primary")
        b.until(lambda: "li.si" in b.text(".audit tbody") and security["name"] in b.text(".audit tbody"), "the deed")
        self.assertEqual(axe(b), [])
        b.shot("audit")
        self.clean(b)

    def test_personal_data_are_masked_and_shown_for_a_reason(self):
        no = self.w.committed(self.w.token(role="hotline_agent"), source="hotline_12345", reporter={"name": "张三丰", "phone": "13800001111"})
        account = self.w.account(role="acceptor")
        b = self.page()
        b.sign_in_with_password(self.base + f"/?case={no}", account["name"], account["password"])
        b.wait("[data-fact=reporter]", "张** 138****1111")
        b.click("#unmask")
        b.wait("#unmask-why").send_keys("回访")
        b.click(".unmask button")
        b.wait("[data-fact=reporter]", "张三丰 13800001111")
        e2e.wait(lambda: self.w.rows("SELECT detail FROM audit WHERE deed = 'personal' AND subject LIKE %s", f"%{no}/unmask")[:1] == [["回访"]], "the reason in the audit log")
        self.clean(b)

    def test_the_phone_signs_in_with_a_password(self):
        account = self.w.account(role="disposer")
        b = self.page(PHONE)
        b.sign_in_with_password(self.base + "/squad", account["name"], account["password"])
        b.wait(".line", "实时")
        b.shot("phone-signed-in")
        self.clean(b)

    def test_the_commands_say_what_is_wrong(self):
        for words, code, says in ((["user", "add", "x", "--role", "king"], 2, "unknown role"), (["user", "add", "x", "--role", "acceptor", "--password", "short"], 2, "too_short"),
                                  (["user", "disable", "nobody"], 1, "no account nobody"), (["user", "passwd", "nobody", "--random"], 1, "no account nobody"),
                                  (["user", "revoke", "nobody", "--session", "x"], 1, "no open session"), (["user", "totp", "nobody", "--reset"], 1, "no account"), (["user", "list", "--role", "king"], 2, "unknown role")):
            done = self.w.run(*words, check=False)
            self.assertEqual(done.returncode, code, (words, done.stderr))
            self.assertIn(says, done.stderr)
        listed = self.w.run("user", "list", "--role", "sec_admin").stdout.split("\n")
        self.assertTrue(any(line.startswith("sec-admin-1\tsec_admin") for line in listed), listed[:3])
        for sub in ("add", "passwd", "list", "disable", "enable", "totp", "sessions", "revoke", "token"):
            self.assertIn("--district", self.w.run("user", sub, "--help").stdout)
        name, _ = self.person("changing")
        fresh = self.w.run("user", "passwd", name, "--random").stdout.strip()
        self.assertEqual(self.post("/api/v1/session", {"name": name, "password": fresh}).body["must"], ["password"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
