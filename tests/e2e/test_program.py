#!/usr/bin/python3
"""The program itself: one owner of DATA, restarts, draining, exit codes, what the subcommands print, the audit chains."""
import csv
import http.server
import io
import json
import os
import signal
import socket
import subprocess
import threading
import time
import unittest

import wangge_e2e as e2e


def setUpModule():
    e2e.shared()


def tearDownModule():
    e2e.close()


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Supervisor(unittest.TestCase):
    def test_a_second_up_is_refused_and_names_the_first(self):
        w = e2e.shared()
        done = w.run("up", "--port", str(e2e.free_port()), check=False, timeout=60)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(str(w.process.pid), done.stderr)
        self.assertEqual(w.http.get("/healthz").status, 200)

    def test_a_port_in_use_is_named(self):
        other = e2e.System(demo=False)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = other.run("up", "--port", str(port), check=False, timeout=60)
        other.stop()
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(str(port), done.stderr)

    def test_each_killed_one_is_back_within_ten_seconds(self):
        w = e2e.shared()
        for name in ("gateway", "dispatcher", "postgres"):
            old = w.kill(name)
            begin = time.monotonic()
            w.wait_back(name, old, 30)
            self.assertLess(time.monotonic() - begin, 10, name)
        e2e.wait(w.ready, "everything well again", 60)

    def test_notes_that_cannot_be_written_end_nobody(self):
        """As on a full disk: the pid files and the night's note cannot be written, and up goes on without them."""
        w = e2e.shared()
        in_the_way = [os.path.join(w.data, "run", f"{name}.pid.new") for name in ("gateway", "postgres")]
        for path in in_the_way:
            os.mkdir(path)
        try:
            old = {name: w.kill(name) for name in ("gateway", "postgres")}
            e2e.wait(lambda: not any(alive(pid) for pid in old.values()), "the killed ones to be gone")
            e2e.wait(w.ready, "everything well again", 60)
            self.assertIsNone(w.process.poll(), "up lives")
        finally:
            for path in in_the_way:
                os.rmdir(path)
        for name in old:
            w.wait_back(name, old[name])

    def test_a_killed_supervisor_takes_its_children_along_and_the_next_one_starts(self):
        w = e2e.shared()
        pids = [w.pid(name) for name in ("gateway", "dispatcher", "postgres")]
        no = w.committed(w.token(role="patroller"))
        w.process.kill()
        w.process.wait()
        e2e.wait(lambda: not any(alive(p) for p in pids[:2]), "the children to end", 30)
        w.start()
        self.assertEqual(w.case(no)["case_no"], no)

    def test_sigterm_drains_everything_and_ends_with_0(self):
        w = e2e.shared()
        pids = [w.pid(name) for name in ("gateway", "dispatcher", "postgres")]
        w.process.send_signal(signal.SIGTERM)
        self.assertEqual(w.process.wait(90), 0)
        self.assertEqual([p for p in pids if alive(p)], [])
        self.assertEqual([f for f in os.listdir(os.path.join(w.data, "run")) if f.endswith(".pid")], [])
        w.start()


class CommandLine(unittest.TestCase):
    def test_a_wrong_setting_names_file_line_and_key(self):
        other = e2e.System(demo=False)
        with open(os.path.join(other.data, "wangge.toml"), "w", encoding="utf-8") as f:
            f.write("[server]\nprot = 1\n")
        done = other.run("migrate", check=False)
        other.stop()
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"wangge\.toml, line 2, server\.prot")

    def test_unknown_words_end_with_2(self):
        w = e2e.shared()
        for words in (["no-such-thing"], ["up", "--no-such-option"], ["user", "token", "x", "--role", "king"], ["report", "closure", "--month", "2026-13"], []):
            self.assertEqual(w.run(*words, check=False).returncode, 2, words)

    def test_what_is_mistyped_is_named_and_makes_nothing(self):
        w = e2e.shared()
        nowhere = os.path.join(w.data, "nowhere")
        run = lambda *words: subprocess.run([e2e.binary(), *words, "--lang", "en"], capture_output=True, text=True, timeout=60)
        for words in (("report", "closure"), ("case", "show", "1"), ("user", "list"), ("spool", "status")):
            done = run(*words, "--data", nowhere)
            self.assertEqual(done.returncode, 3, (words, done.stderr))
            self.assertRegex(done.stderr, r"no (Wangge data|spool) in ")
        self.assertFalse(os.path.exists(nowhere))
        self.assertIn("no-such-thing", w.run("no-such-thing", check=False).stderr)
        done = w.run("report", "closure", "--by", "bogus", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("region_tree", done.stderr, "the ones there are")
        self.assertEqual(run("restore", nowhere, "--data", nowhere + "-2").returncode, 2)
        for words in (("/nowhere.csv", "--map", "/nowhere.toml"), ("/nowhere.csv", "--map", "/nowhere.toml", "--rate", "-5"), ("/nowhere.csv", "--map", "/nowhere.toml", "--limit", "-1")):
            self.assertEqual(w.run("replay", *words, check=False).returncode, 2, words)
        self.assertEqual(w.run("gateway", "--set", "gateway.name=second", "--set", "server.port=0", check=False, timeout=60).returncode, 3, "the spool is in use")

    def test_replay_needs_a_file_and_a_map(self):
        w = e2e.shared()
        file, map_file = os.path.join(w.data, "rows.csv"), os.path.join(w.data, "rows.toml")
        with open(file, "w", encoding="utf-8") as f:
            f.write("id,opened,lon,lat\nr-1,2026-10-05 08:00:00,116.6,35.4\nr-2,2026-10-05 08:05:00,0,0\n")
        with open(map_file, "w", encoding="utf-8") as f:
            f.write('[columns]\nkey = "id"\nopened = "opened"\nlon = "lon"\nlat = "lat"\n[time]\nutc_offset_minutes = 480\n[source]\ndefault = "hotline_12345"\n[default_category]\ncode = "01001"\n')
        told = json.loads(w.run("replay", file, "--map", map_file, "--rate", "200", "--json").stdout)
        self.assertEqual((told["rows"], told["created_201"] + told["queued_202"], told["refused"]), (2, 2, {}))
        done = w.run("replay", file, "--map", map_file, "--url", f"http://127.0.0.1:{e2e.free_port()}", check=False, timeout=60)
        self.assertEqual(done.returncode, 3, done.stderr)

    def test_a_database_that_is_away_ends_with_3_or_1_and_a_sentence(self):
        w = e2e.shared()
        done = w.run("report", "closure", "--set", "database.url=postgresql://nobody@/nothing?host=/nowhere", check=False)
        self.assertIn(done.returncode, (1, 3))
        self.assertIn("wangge: ", done.stderr)

    def test_the_closure_table_comes_in_every_form(self):
        w = e2e.shared()
        w.committed(w.token(role="patroller"))
        table = json.loads(w.run("report", "closure", "--by", "unit", "--format", "json").stdout)
        self.assertGreater(table["total"]["filed"], 0)
        self.assertEqual(json.loads(w.run("report", "closure", "--json").stdout)["total"]["filed"], table["total"]["filed"])
        lines = w.run("report", "closure").stdout.splitlines()
        self.assertEqual(lines[0].split("\t")[:3], ["key", "name", "filed"])
        self.assertEqual(int(lines[-1].split("\t")[2]), table["total"]["filed"])
        text = w.run("report", "closure", "--format", "csv").stdout
        self.assertTrue(text.startswith("\ufeff"))
        self.assertGreater(len(list(csv.reader(io.StringIO(text)))), 2)
        file = os.path.join(w.data, "table.xlsx")
        w.run("report", "closure", "--format", "xlsx", "-o", file)
        with open(file, "rb") as f:
            self.assertEqual(f.read(2), b"PK")
        self.assertIn("立案数", w.run("report", "closure", "--format", "table", "--lang", "zh").stdout)
        self.assertIn("Filed", w.run("report", "closure", "--format", "table", "--lang", "en").stdout)

    def test_a_case_is_shown_with_its_history_and_without_its_reporter(self):
        w = e2e.shared()
        no = w.committed(w.token(role="patroller"), reporter={"name": "张三丰", "phone": "13800138000"})
        shown = w.run("case", "show", no).stdout
        self.assertIn(f"case_no\t{no}", shown)
        self.assertNotIn("13800138000", shown)
        self.assertNotIn("张三丰", shown)
        history = w.run("case", "history", no).stdout.splitlines()
        self.assertEqual(history[0].split("\t")[2], "action")
        self.assertEqual(history[1].split("\t")[2], "report")
        self.assertEqual(json.loads(w.run("case", "history", no, "--json").stdout)[0]["action"], "report")
        self.assertEqual(w.run("case", "show", "3708712026112499999", check=False).returncode, 1)

    def test_a_revoked_token_opens_nothing(self):
        w = e2e.shared()
        token = w.run("user", "token", "e2e-short", "--role", "acceptor", "--district", e2e.DISTRICT).stdout.split()[-1]
        e2e.wait(lambda: w.http.get("/api/v1/me", token).status == 200, "the token to reach the doors", 30)
        self.assertEqual(w.run("user", "revoke", "e2e-short", "--district", e2e.DISTRICT).stdout.strip(), "1")
        e2e.wait(lambda: w.http.get("/api/v1/me", token).status == 401, "the door to close", 30)

    def test_spool_and_doctor_speak_to_programs(self):
        w = e2e.shared()
        self.assertEqual(json.loads(w.run("spool", "status", "--json").stdout)[0]["damaged"], 0)
        done = w.run("doctor", "--json", "--lang", "en", check=False)
        found = {f["check"]: f for f in json.loads(done.stdout)}
        self.assertEqual(found["gateway"]["level"], "ok", done.stdout)
        self.assertEqual(found["database"]["level"], "ok", done.stdout)
        self.assertEqual(found["audit anchor"]["level"], "warn")
        self.assertTrue(all(f["remedy"] for f in found.values() if f["level"] != "ok"))


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A store of files by PUT and GET, for whoever knows its password."""
    files, refuse = {}, False

    def do_PUT(self):
        text = self.rfile.read(int(self.headers["Content-Length"]))
        if self.refuse or self.headers["Authorization"] != "Basic Y2l0eTpzOmNyZXQ=" or not self.path.endswith("?sig=1"):
            self.answer(403)
        else:
            self.files[self.path] = text
            self.answer(201)

    def do_GET(self):
        self.answer(200 if self.path in self.files else 404, self.files.get(self.path, b""))

    def answer(self, status, text=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Audit(unittest.TestCase):
    """A superuser of the database changes what was written; only on a system of its own."""

    @classmethod
    def setUpClass(cls):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.url = f"http://city:s%3Acret@127.0.0.1:{server.server_port}/anchors/370871?sig=1"
        cls.w = e2e.System().start()
        for _ in range(5):
            cls.w.committed(cls.w.token(role="patroller"))

    @classmethod
    def tearDownClass(cls):
        cls.w.stop()

    def superuser(self, sql):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.w.socket_dir(), "-U", "postgres", "-d", "wangge", "-c", sql], check=True, capture_output=True)

    def verify(self, *words):
        return self.w.run("audit", "verify", *words, check=False)

    def test_an_anchor_can_be_a_url(self):
        told = self.w.run("audit", "anchor", "--to", self.url).stdout
        names = sorted(Elsewhere.files)
        self.assertEqual(len(names), 2, names)
        self.assertRegex(names[0], r"^/anchors/370871/heads-\d{8}T\d{6}Z\.json\?sig=1$")
        self.assertEqual(names[1], "/anchors/370871/latest.json?sig=1")
        self.assertIn("heads-", told)
        self.assertNotIn("cret", told, "the password is nobody's")
        self.assertEqual(self.verify("--anchor", self.url).returncode, 0)
        self.w.run("audit", "anchor", "--to", self.url)
        self.assertEqual(sorted(Elsewhere.files), names, "nothing moved, nothing written")
        true = Elsewhere.files[names[1]]
        Elsewhere.files[names[1]] = true.replace(b'"seq":', b'"seq":1')
        self.assertEqual(self.verify("--anchor", self.url).returncode, 4, "a signature that does not fit")
        Elsewhere.files[names[1]] = true
        self.w.committed(self.w.token(role="patroller"))
        Elsewhere.refuse = True
        done = self.w.run("audit", "anchor", "--to", self.url, check=False)
        Elsewhere.refuse = False
        self.assertEqual(done.returncode, 3)
        self.assertIn("403", done.stderr)
        self.assertNotIn("cret", done.stderr)
        self.assertEqual(self.w.run("audit", "anchor", "--to", "ftp://x/y", check=False).returncode, 2)
        self.assertIn(self.w.run("audit", "anchor", "--to", f"http://127.0.0.1:{e2e.free_port()}/", check=False).returncode, (1, 3))

    def test_edits_and_deletions_show_and_a_cut_shows_by_the_anchor(self):
        away = os.path.join(self.w.data, "away")
        self.assertEqual(self.verify().returncode, 0)
        self.w.run("audit", "anchor", "--to", away)
        sound = self.verify("--anchor", away, "--json")
        self.assertEqual(sound.returncode, 0, sound.stdout)
        self.assertEqual(json.loads(sound.stdout)["findings"], [])
        self.assertGreaterEqual(json.loads(sound.stdout)["cases"], 5)
        self.w.run("audit", "anchor", "--to", self.url)

        case = self.w.rows("SELECT case_no FROM cases ORDER BY case_no LIMIT 1")[0][0]
        self.superuser(f"UPDATE cases SET description = description || '!' WHERE case_no = '{case}'")
        done = self.verify()
        self.assertEqual(done.returncode, 4)
        self.assertIn(case, done.stdout)
        self.superuser(f"UPDATE cases SET description = left(description, -1) WHERE case_no = '{case}'")
        self.assertEqual(self.verify().returncode, 0)

        self.superuser(f"UPDATE history SET actor = 'somebody' WHERE case_no = '{case}' AND version = 1")
        self.assertEqual(self.verify().returncode, 4)
        actor = self.w.rows("SELECT reporter FROM cases WHERE case_no = %s", case)[0][0]
        self.superuser(f"UPDATE history SET actor = '{actor}' WHERE case_no = '{case}' AND version = 1")
        self.assertEqual(self.verify().returncode, 0)

        # The whole chain cut back, head and all, cases too: only what was copied away knows better.
        self.superuser("TRUNCATE cases, history, chain_head CASCADE")
        self.assertEqual(self.verify().returncode, 0)
        for place in (away, self.url):
            done = self.verify("--anchor", place)
            self.assertEqual(done.returncode, 4, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
