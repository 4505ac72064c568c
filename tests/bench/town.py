"""A Wangge under load: started on its own DATA by the harness of the end-to-end tests, with what the bench needs around it."""
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

import psycopg2

import machine

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BIN = os.path.join(ROOT, "build", "bench", "bin")
os.environ["WANGGE_BIN"] = os.path.join(BIN, "wangge")
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
import wangge_e2e as e2e  # noqa: E402  (needs the path and WANGGE_BIN above)

LIMIT_DATABASE = "bench_limit"
CATEGORIES = 60
PLACES = 4000


def program(name, *words, timeout=3600):
    """Runs one of the bench's programs: its lines of name, tab, value."""
    done = subprocess.run([os.path.join(BIN, name), *map(str, words)], stdout=subprocess.PIPE, text=True, timeout=timeout)
    if done.returncode != 0:
        raise SystemExit(f"{name} {' '.join(map(str, words))} ended with {done.returncode}")
    return {line.split("\t")[0]: float(line.split("\t")[1]) for line in done.stdout.splitlines() if "\t" in line}


class Town(e2e.System):
    def __init__(self, data=None, settings=(), keep=False):
        # Not /tmp: it may lie in memory, and everything here is about the disk.
        folder = data or tempfile.mkdtemp(prefix="wangge-bench-", dir=os.environ.get("TMPDIR") or "/var/tmp")
        os.makedirs(folder, exist_ok=True)
        super().__init__(folder, ["backup.nightly=false", *settings])
        self.own_data = not keep
        self.runs = random.SystemRandom().randrange(1 << 28)
        self.peak_mb = 0.0

    # ---- the database, as its owner: the bench may do what an operator must not

    def url(self, database="wangge", user="wangge"):
        return f"postgresql://{user}@/{database}?host={self.socket_dir()}"

    def sql(self, text, database="wangge", user="postgres", args=None):
        connection = psycopg2.connect(host=self.socket_dir(), dbname=database, user=user)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(text, args)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def limit_database(self):
        """A second database of the same cluster with the same schema, empty."""
        if not self.sql("SELECT 1 FROM pg_database WHERE datname = %s", args=(LIMIT_DATABASE,)):
            self.sql(f"CREATE DATABASE {LIMIT_DATABASE} OWNER wangge")
            self.run("migrate", "--set", f"database.url={self.url(LIMIT_DATABASE)}", "--set", f"database.admin_url={self.url(LIMIT_DATABASE, 'postgres')}")
        self.sql("TRUNCATE cases, report_key, span, task, outbox, history, reporter, report_extras, case_media, case_mark, timer", LIMIT_DATABASE)
        self.sql("SELECT ensure_partitions(now())", LIMIT_DATABASE)
        self.settle()
        return self.url(LIMIT_DATABASE)

    def settle(self, pause=3.0):
        """Nothing of what was before may be paid for by what is measured next."""
        self.sql("CHECKPOINT")
        os.sync()
        time.sleep(pause)

    def confirm_tasks(self):
        """As if the devices had confirmed everything: else each run would carry the unreceived tasks of those before it."""
        self.sql("UPDATE task SET received_at = now() WHERE open AND received_at IS NULL")
        self.sql("UPDATE outbox SET status = 'delivered' WHERE status = 'pending'")
        for table in ("task", "outbox"):
            self.sql(f"VACUUM ANALYZE {table}")
        self.settle()

    # ---- load

    def plan(self, cases=0):
        """The generator's plan: whose tokens, which places, categories and waiting cases."""
        lines = [("reporter", a["name"], a["token"]) for a in self.accounts if a["role"] == "patroller"]
        lines += [("squad", a["squad"], a["token"]) for a in self.accounts if a["role"] == "squad_leader"]
        lines += [("person", a["name"], a["token"]) for a in self.accounts if a["role"] == "patroller"]
        lines += [("acceptor", self.token(role="acceptor")), ("reported_at", e2e.now_text())]
        lines += [("photo", self.photo(self.token(role="squad_leader")))]
        lines += [("place", f"{lon:.7f}", f"{lat:.7f}") for lon, lat in self.points(PLACES, seed=1)]
        known = self.sql("SELECT standard, kind, code FROM category WHERE kind = 'matter' AND valid_to IS NULL ORDER BY 1, 2, 3")
        lines += [("category", *c) for c in random.Random(1).sample(known, min(CATEGORIES, len(known)))]
        if cases:
            lines += [("case", *map(str, c)) for c in self.sql(
                "SELECT case_no, squad, version FROM cases WHERE state = 'pending_dispose' AND squad <> '' ORDER BY case_no LIMIT %s", args=(cases,))]
        path = os.path.join(self.data, "bench-plan")
        with open(path, "w", encoding="utf-8") as f:
            f.writelines("\t".join(line) + "\n" for line in lines)
        return path

    def load(self, mode, seconds, port=None, plan=None, **options):
        """One run of bench_load: its figures, and in `cores` a sentence on who used the processors. Remembers the most memory that
        gateway and dispatcher held meanwhile."""
        self.runs = (self.runs + 1) & 0xFFFFFFFF
        words = [w for name, value in options.items() for w in ("--" + name.replace("_", "-"), value)]
        done = threading.Event()
        plan = plan or self.plan()
        watcher = threading.Thread(target=self.watch_memory, args=(done,))
        watcher.start()
        before, own, start = self.spent(), sum(os.times()[2:4]), time.monotonic()
        try:
            given = program("bench_load", mode, "--port", port or self.port, "--plan", plan, "--seconds", seconds, "--run", self.runs, *words)
        finally:
            done.set()
            watcher.join()
        passed, after = time.monotonic() - start, self.spent()
        used = {name: (after[name] - before.get(name, 0)) / machine.TICK / passed for name in after}
        used["generator"] = (sum(os.times()[2:4]) - own) / passed
        given["cores"] = ", ".join(f"{name} {cores:.2f}" for name, cores in sorted(used.items(), key=lambda u: -u[1]) if cores >= 0.01)
        return given

    def spent(self):
        """Ticks by part: the two processes, and the database's backends by what they are for."""
        names = dict(self.sql("SELECT pid, CASE WHEN backend_type = 'client backend' THEN application_name ELSE 'database itself' END FROM pg_stat_activity"))
        ticks = {name: machine.ticks_of(self.pid(name)) for name in ("gateway", "dispatcher")}
        for pid in machine.children_of(self.pid("postgres")):
            name = names.get(pid) or "database itself"
            ticks[name] = ticks.get(name, 0) + machine.ticks_of(pid)
        return ticks

    def watch_memory(self, done):
        while not done.wait(0.5):
            self.peak_mb = max(self.peak_mb, self.resident_mb())

    def resident_mb(self):
        return machine.resident_mb([self.pid("gateway"), self.pid("dispatcher")])

    def committed(self):
        """How many reports of the newest run are cases."""
        return self.sql("SELECT count(*) FROM report_key WHERE key LIKE %s", args=(f"bench-{self.runs:08x}-%",))[0][0]

    def wait_committed(self, accepted, patience=60):
        """Every report answered 2xx became exactly one case; a bench of a system that loses some is worth nothing."""
        found, moved = self.committed(), time.monotonic()
        while found < accepted:
            time.sleep(0.5)
            before, found = found, self.committed()
            moved = time.monotonic() if found > before else moved
            if time.monotonic() - moved > patience:
                raise SystemExit(f"{accepted:.0f} reports were accepted, {found} are cases and no more come:\n{self.tail()}")
        if found != accepted:
            raise SystemExit(f"{accepted:.0f} reports were accepted, {found} became cases")


class Bare:
    """The bare server; `folder`: it flushes there before it answers."""

    def __init__(self, town, folder=None):
        reference = os.path.join(town.data, "spool", "reference.pb")
        self.process = subprocess.Popen([os.path.join(BIN, "bench_bare"), reference, *([folder] if folder else [])],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(30)
