"""Harness of the end-to-end tests: a whole Wangge on a temporary DATA folder and a free port, talked to as outsiders do.

Only CONTRACT.md is relied on; the database is read (never written) to check promises that the API cannot show.
Environment: WANGGE_BIN the program (default: the newest build/**/bin/wangge), WANGGE_KEEP=1 keeps DATA for a look.
Every wait is for a state, with a generous limit; what started here is stopped by its pid.
"""
import contextlib
import fcntl
import glob
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlencode  # noqa: F401 (urlencode is for the tests)

import psycopg2
import psycopg2.extras

from e2e_history import history_faults, task_faults  # noqa: F401
from e2e_http import Answer, Client, Stream, figure, say, wait  # noqa: F401

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ZONE = timezone(timedelta(hours=8))
DISTRICT = "370871"
MANHOLE = {"standard": "gbt47678.5-2026", "kind": "matter", "code": "01001"}
LITTER = {"standard": "gbt47678.5-2026", "kind": "matter", "code": "06012"}


def binary():
    if os.environ.get("WANGGE_BIN"):
        return os.environ["WANGGE_BIN"]
    found = glob.glob(f"{ROOT}/build/bin/wangge") + glob.glob(f"{ROOT}/build/*/bin/wangge")
    if not found:
        raise SystemExit("no build/**/bin/wangge: build the program or set WANGGE_BIN")
    return max(found, key=os.path.getmtime)


def now_text(seconds=0):
    return (datetime.now(ZONE) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


# ---- system

_ports = []  # locks held until this process ends


def free_port():
    """A port that no other test file takes: below those the kernel gives away by itself, and held by a lock, because a system binds it seconds later."""
    folder = os.path.join(tempfile.gettempdir(), f"wangge-ports-{os.getuid()}")
    os.makedirs(folder, exist_ok=True)
    while True:
        port = random.randrange(20000, 32000)
        lock = open(os.path.join(folder, str(port)), "w", encoding="ascii")  # pylint: disable=consider-using-with
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as s:
                s.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _ports.append(lock)
        return port


class System:
    """`wangge up` on its own DATA. start() waits until reports can be accepted; stop() drains it by SIGTERM."""

    def __init__(self, data=None, settings=(), demo=True, tls=False):
        self.data = data or tempfile.mkdtemp(prefix="wangge-e2e-")
        self.own_data = data is None
        self.settings = list(settings)
        self.demo, self.tls = demo, tls
        self.port = free_port()
        self.process = None

    def words(self):
        return [w for s in self.settings for w in ("--set", s)]

    def run(self, *words, check=True, timeout=600):
        done = subprocess.run([binary(), *words, "--data", self.data, *self.words()], capture_output=True, text=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"wangge {' '.join(words)} ended with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def start(self):
        if self.own_data:
            os.chmod(self.data, 0o755)
        self.log = open(os.path.join(self.data, "e2e-up.log"), "ab")
        words = ["--data", self.data, "--port", str(self.port), *(["--tls"] if self.tls else []), *self.words()]
        self.process = subprocess.Popen([binary(), "up", *words], stdout=self.log, stderr=self.log, start_new_session=True)
        try:
            certificate = os.path.join(self.data, "tls", "server.pem") if self.tls else None
            if certificate:
                self.until_up(lambda: os.path.exists(certificate), "the certificate")
            self.http = Client(self.port, certificate=certificate)
            self.until_up(lambda: self.http.get("/healthz", timeout=2).status == 200, "healthz")
            if self.demo and not os.path.exists(os.path.join(self.data, "demo-accounts.json")):
                self.run("load", "--demo")
            self.until_up(lambda: self.ready(), "readyz")
            if self.demo:
                self.read_accounts()
                token = self.token(role="patroller")
                wait(lambda: self.http.get("/api/v1/me", token, timeout=5).status == 200, "tokens to reach the doors", 30)
        except BaseException:
            self.stop()
            raise
        return self

    def until_up(self, check, what):
        def look():
            if self.process.poll() is not None:
                raise SystemExit(f"wangge up ended with {self.process.returncode}:\n{self.tail()}")
            return check()
        try:
            wait(look, what, 180, 0.2)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tail()}") from None

    def tail(self, size=4000):
        with open(os.path.join(self.data, "e2e-up.log"), "rb") as f:
            return f.read()[-size:].decode(errors="replace")

    def ready(self):
        answer = self.http.get("/readyz", timeout=5)
        return answer.body if answer.status == 200 and all(p.get("status") == "ok" for n, p in answer.body["parts"].items() if n in ("database", "dispatcher", "spool", "reference")) else None

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process:
            self.log.close()
        if self.own_data and not os.environ.get("WANGGE_KEEP"):
            shutil.rmtree(os.path.realpath(os.path.join(self.data, "postgres")), ignore_errors=True)
            shutil.rmtree(self.data, ignore_errors=True)
        else:
            say("kept", self.data)

    # ---- people

    def read_accounts(self):
        with open(os.path.join(self.data, "demo-accounts.json"), encoding="utf-8") as f:
            self.accounts = json.load(f)
        with open(os.path.join(self.data, "demo-backdate.json"), encoding="utf-8") as f:
            self.backdate_accounts = json.load(f)

    def account(self, **want):
        found = [a for a in self.accounts if all((a.get(k) or "") == (v or "") for k, v in want.items())]
        if not found:
            raise AssertionError(f"no demo account with {want}")
        return found[0]

    def token(self, **want):
        return self.account(**want)["token"]

    def backdate(self, **want):
        accounts = self.backdate_accounts if isinstance(self.backdate_accounts, list) else list(self.backdate_accounts.values())
        return next(a["token"] for a in accounts if all((a.get(k) or "") == (v or "") for k, v in want.items()))

    def holder_of(self, case):
        """Token of the people who act for the case's squad: (squad member's, of whatever role the demo gives)."""
        for role in ("disposer", "squad_leader"):
            for account in self.accounts:
                if account["role"] == role and account.get("squad") == case["squad"]:
                    return account["token"]
        done = self.run("user", "token", f"e2e-{case['squad']}", "--role", "disposer", "--district", DISTRICT, "--unit", case["unit"], "--squad", case["squad"])
        account = {"name": f"e2e-{case['squad']}", "role": "disposer", "district": DISTRICT, "unit": case["unit"], "squad": case["squad"], "token": done.stdout.split()[-1]}
        self.accounts.append(account)
        wait(lambda: self.http.get("/api/v1/me", account["token"]).status == 200, "the new token to reach the doors", 30)
        return account["token"]

    def patroller(self, name):
        return self.token(role="patroller", name=name)

    # ---- processes

    def pid(self, name):
        with open(os.path.join(self.data, "run", f"{name}.pid"), encoding="utf-8") as f:
            return int(f.read().split()[0])

    def kill(self, name):
        """kill -9; returns the pid that died."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_back(self, name, old, seconds=60):
        def back():
            pid = self.pid(name)
            if pid == old:
                return False
            os.kill(pid, 0)
            return pid
        return wait(back, f"{name} to come back after kill -9", seconds)

    # ---- database, reading only

    def socket_dir(self):
        with open(os.path.join(self.data, "postgres", "cluster", "postmaster.pid"), encoding="utf-8") as f:
            return f.read().split("\n")[4].split(",")[0]

    @contextlib.contextmanager
    def db(self):
        connection = psycopg2.connect(host=self.socket_dir(), dbname="wangge", user="wangge", connect_timeout=10)
        connection.set_session(readonly=True, autocommit=True)
        try:
            with connection.cursor(cursor_factory=psycopg2.extras.DictCursor) as cursor:
                yield cursor
        finally:
            connection.close()

    def rows(self, sql, *args):
        with self.db() as cursor:
            cursor.execute(sql, args or None)
            return cursor.fetchall()

    def points(self, count, seed=1):
        """Places inside the demo's cells, the same for the same seed."""
        if not hasattr(self, "cells"):
            self.cells = [(r[0], r[1]) for r in self.rows("SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(shape) p FROM cell WHERE end_date IS NULL ORDER BY grid) c")]
        chance = random.Random(seed)
        return [chance.choice(self.cells) for _ in range(count)]

    # ---- the road

    def report(self, token, key=None, headers=None, timeout=20, **change):
        body = report_body(self, **change)
        return self.http.post("/api/v1/reports", token, body, headers={**({"Idempotency-Key": key} if key is not None else {}), **(headers or {})}, timeout=timeout)

    def committed(self, token, key=None, seconds=60, **change):
        """A report through to its case: the case_no."""
        key = key or str(uuid.uuid4())
        answer = self.report(token, key, **change)
        if answer.status not in (201, 202):
            raise AssertionError(f"report refused: {answer}")
        if answer.status == 201:
            return answer.body["case_no"]
        report_id = answer.body["report_id"]
        def look():
            seen = self.http.get(f"/api/v1/reports/{report_id}", token)
            return seen.body.get("case_no") if seen.status == 200 and seen.body["state"] == "committed" else None
        return wait(look, f"report {report_id} to be committed", seconds)

    def case(self, case_no, token=None):
        answer = self.http.get(f"/api/v1/cases/{case_no}", token or self.token(role="shift_leader"))
        if answer.status != 200:
            raise AssertionError(f"case {case_no}: {answer}")
        return answer.body

    def act(self, token, case_no, action, version=None, command_id=None, timeout=20, **fields):
        if version is None:
            version = self.case(case_no)["version"]
        body = {"command_id": command_id or str(uuid.uuid4()), "version": version, **fields}
        return self.http.post(f"/api/v1/cases/{case_no}/actions/{action}", token, body, timeout=timeout)

    def done(self, token, case_no, action, **fields):
        answer = self.act(token, case_no, action, **fields)
        if answer.status != 200:
            raise AssertionError(f"{action} on {case_no}: {answer}")
        return answer.body

    def photo(self, token, shade=40):
        answer = self.http.call("POST", "/api/v1/media", token, raw=png(shade), headers={"Content-Type": "image/png"})
        if answer.status not in (200, 201):
            raise AssertionError(f"photo: {answer}")
        return answer.body["media_id"]


def report_body(system, **change):
    body = {"source": "patrol", "category": MANHOLE, "description": "井盖移位，夜间行人多", "reported_at": now_text(), "photos": []}
    if "lon" not in change and "lat" not in change:
        body["lon"], body["lat"] = system.points(1, seed=random.random())[0]
    body.update(change)
    return {k: v for k, v in body.items() if v is not ...}  # name=... leaves a member out


def png(shade=40, width=64, height=48):
    """A small true PNG, different for each shade."""
    import struct
    import zlib
    rows = b"".join(b"\0" + bytes(c for x in range(width) for c in ((shade + x) % 256, (shade * 3 + y) % 256, 128)) for y in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def media_id(data):
    return "sha256-" + hashlib.sha256(data).hexdigest()


def pages(http_client, url, token, limit=200):
    """Every item of a list, following its cursors."""
    items, cursor, sep = [], None, "&" if "?" in url else "?"
    while True:
        answer = http_client.get(url + (f"{sep}limit={limit}" if "limit=" not in url else "") + (f"&cursor={quote(cursor)}" if cursor else ""), token)
        if answer.status != 200:
            raise AssertionError(f"{url}: {answer}")
        items += answer.body["items"]
        cursor = answer.body["next_cursor"]
        if not cursor:
            return items


# ---- one system a module

_shared = None


def shared(settings=()):
    """The module's system; setUpModule calls it, tearDownModule calls close()."""
    global _shared
    if _shared is None:
        _shared = System(settings=settings).start()
    return _shared


def close():
    global _shared
    if _shared:
        _shared.stop()
    _shared = None
