"""The rows over ten million cases: coming in, the month's table, the operator's queue."""
import json
import os
import random
import shutil
import socket
import time
from urllib.parse import quote

import machine
import town as towns
from figures import median, say
from road import IN_FLIGHT

CHUNK = 200_000
BYTES_A_CASE = 3200  # with its indexes, and what building them needs meanwhile
GROUPINGS = {"district": "district", "street": "street", "unit": "unit", "squad": "squad", "class": "class_code", "source": "source"}
ROUNDS = 3          # of ingest: empty, full, empty, full, …
PAGES = 200         # of a queue, each at another depth
PATIENCE = 30       # seconds for the pages of one filter
DEEP = {"due": "coalesce(due_at, 'infinity')", "-opened_at": "opened_at", "opened_at": "opened_at", "case_no": "case_no"}


def ten_million(folder, cases):
    """A running Wangge that holds so many cases; made once, kept when a folder is named."""
    base = folder or os.environ.get("TMPDIR") or "/var/tmp"
    os.makedirs(base, exist_ok=True)
    full = towns.Town(folder, settings=["backup.archive=false"], keep=bool(folder))
    full.start()
    have = full.sql("SELECT to_regclass('bench_filled') IS NOT NULL")[0][0]
    if not have:
        free = shutil.disk_usage(full.data).free
        if free < cases * BYTES_A_CASE:
            full.stop()
            raise SystemExit(f"{cases} cases need some {cases * BYTES_A_CASE >> 30} GiB, {free >> 30} are free; see --cases and --ten")
        fill(full, cases)
    return full


def fill(full, cases):
    start = time.monotonic()
    with open(os.path.join(os.path.dirname(__file__), "fill.sql"), encoding="utf-8") as f:
        full.sql("DROP TABLE IF EXISTS bench_index, bench_kind, bench_cell; DROP FUNCTION IF EXISTS bench_before, bench_fill, bench_after")
        full.sql(f.read())
    full.sql("SELECT bench_before()")
    for first in range(1, cases + 1, CHUNK):
        # Checked once by the tests of the store; here the triggers would only cost time.
        full.sql("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '512MB'; SELECT bench_fill(%s, %s, %s)",
                 args=(first, min(first + CHUNK - 1, cases), cases))
        if first // CHUNK % 10 == 0:
            say(f"    {first + CHUNK - 1} of {cases} cases, {time.monotonic() - start:.0f} s")
    for (line,) in full.sql("SELECT id FROM bench_index ORDER BY id"):
        full.sql("SET maintenance_work_mem = '2GB'; SELECT bench_after(%s)", args=(line,))
    full.sql("VACUUM ANALYZE")
    say(f"    filled in {time.monotonic() - start:.0f} s")
    start, month = time.monotonic(), full.sql("SELECT to_char(now() - interval '3 months', 'YYYY-MM')")[0][0]
    done = full.run("report", "recompute", "--month", month, "--rebuild", "--rollup-only", timeout=7200)  # fails when the two differ
    say(f"    rollup built and compared in {time.monotonic() - start:.0f} s: {done.stderr.strip().splitlines()[-1:]}")
    full.sql("VACUUM ANALYZE")
    full.sql("CREATE TABLE bench_filled ()")
    full.settle(10)


class Line:
    """One keep-alive connection that costs as little time as Python lets it."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port), 120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"

    def get(self, path):
        """(status, body, milliseconds)."""
        request, start = f"GET {path}{self.head}".encode(), time.perf_counter()
        self.socket.sendall(request)
        data = self.socket.recv(1 << 20)
        while b"\r\n\r\n" not in data:
            data += self.socket.recv(1 << 20)
        head, body = data.split(b"\r\n\r\n", 1)
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self.socket.recv(1 << 20)
        return int(head.split()[1]), body, (time.perf_counter() - start) * 1000


class Million:
    def __init__(self, figures, seconds, cases, folder):
        self.figures, self.seconds = figures, seconds
        say(f"a Wangge with {cases} cases")
        self.full = ten_million(folder, cases)
        self.title = f"{cases / 1e6:g} million cases: "

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.full.stop()

    # ---- coming in

    def ingest(self):
        say("an empty Wangge beside it")
        empty = towns.Town(settings=["backup.archive=false"]).start()
        try:
            watch, rates = machine.Watch(), {empty: [], self.full: []}
            for _ in range(ROUNDS):
                for one in (empty, self.full):
                    one.settle()
                    given = one.load("closed", max(3.0, self.seconds / 3), connections=IN_FLIGHT, tasks=1)
                    one.wait_committed(given["accepted"])
                    one.confirm_tasks()
                    rates[one].append(given["tasks_per_s"])
            into, limit = median(rates[self.full]), median(rates[empty])
            self.figures.add(f"{self.title}reports → case and task", into, "1/s", watch.others(), limit, least=0.8)
            self.figures.note(f"{self.title}each of {ROUNDS}: full {', '.join(f'{r:.0f}' for r in rates[self.full])}; empty {', '.join(f'{r:.0f}' for r in rates[empty])}")
        finally:
            empty.stop()

    # ---- the month's table

    def month_scan(self, column, month):
        start = time.perf_counter()
        self.full.sql(f"""SET enable_seqscan = off; SELECT {column}, count(*), count(*) FILTER (WHERE closed_at IS NOT NULL), count(*) FILTER (WHERE handed_over_at <= due_at)
            FROM cases WHERE district = '{towns.e2e.DISTRICT}' AND filed_at >= %(m)s::timestamp AT TIME ZONE 'Asia/Shanghai'
            AND filed_at < (%(m)s::timestamp + interval '1 month') AT TIME ZONE 'Asia/Shanghai' GROUP BY 1""", args={"m": month + "-01"}, user="wangge")
        return (time.perf_counter() - start) * 1000

    def months(self):
        month = self.full.sql("SELECT to_char(now() - interval '3 months', 'YYYY-MM')")[0][0]
        line = Line(self.full.port, self.full.token(role="shift_leader"))
        self.full.settle()
        for by, column in GROUPINGS.items():
            watch, limits, own, answers = machine.Watch(), [], [], set()
            self.month_scan(column, month)
            for _ in range(3):
                limits.append(self.month_scan(column, month))
                status, body, ms = line.get(f"/api/v1/statistics/closure?month={month}&by={by}")
                answers.add(status)
                own.append(ms)
            limits.append(self.month_scan(column, month))
            failed = "" if answers == {200} else f" (answered {', '.join(map(str, sorted(answers)))})"
            value = median(own) if not failed else float("inf")
            self.figures.add(f"{self.title}month's table by {by}{failed}", value, "ms", watch.others(), median(limits), most=1 / 20, goal="≤ 1/20")

    # ---- behind a number

    def drill(self):
        """Pages behind the numbers of a month's table: each of some hundred numbers opened at its first page and turned once. The month is
        listed (DECISIONS 160): filling did it, and the dispatcher does within half a minute of a month's T."""
        month = self.full.sql("SELECT to_char(now() - interval '3 months', 'YYYY-MM')")[0][0]
        line = Line(self.full.port, self.full.token(role="shift_leader"))
        for by in GROUPINGS:
            _, body, _ = line.get(f"/api/v1/statistics/closure?month={month}&by={by}")
            table = json.loads(body)
            urls = [url for row in [*table["rows"], table["total"]] for field, url in row["cases"].items() if row.get(field)]
            random.Random(1).shuffle(urls)
            self.full.settle()
            watch, took, answers, end = machine.Watch(), [], set(), time.monotonic() + PATIENCE
            for url in urls:
                cursor = None
                for _ in range(2):
                    status, body, ms = line.get(url + (f"&cursor={cursor}" if cursor else ""))
                    answers.add(status)
                    took.append(ms)
                    cursor = json.loads(body).get("next_cursor") if status == 200 else None
                    if not cursor:
                        break
                if time.monotonic() > end:
                    break
            took.sort()
            failed = "" if answers == {200} else f" (answered {', '.join(map(str, sorted(answers)))})"
            p99 = took[len(took) * 99 // 100] if not failed else float("inf")
            self.figures.add(f"{self.title}pages behind the month's numbers by {by}{failed}, p99 of {len(took)}", p99, "ms", watch.others(), most=50, goal="≤ 50")

    # ---- the queue

    def filters(self):
        """(words, is a queue) for each filter and sort that the list offers: open cases by their deadline are an operator's queue,
        other lists are measured beside. The values are neither the commonest nor empty."""
        def one(sql):
            found = self.full.sql(sql)
            return found[0] if found else ("",)
        street, grid = one("SELECT street, grid FROM cases WHERE closed_at IS NULL AND grid <> '' GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1")
        unit, squad, lon, lat = one("SELECT unit, squad, avg(lon), avg(lat) FROM cases WHERE closed_at IS NULL AND unit <> '' GROUP BY 1, 2 ORDER BY count(*) LIMIT 1 OFFSET 3")
        code, group = one("SELECT code, class_code FROM cases WHERE closed_at IS NULL GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1 OFFSET 20")
        now, month = one("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), to_char(now() - interval '3 months', 'YYYY-MM')")
        box = f"{lon - 0.005:.4f},{lat - 0.005:.4f},{lon + 0.005:.4f},{lat + 0.005:.4f}"
        open_ones = [f"state={s}" for s in ("pending_accept", "pending_dispose", "disposing", "checking")]
        open_ones += ["stage=disposal", "light=red", "light=green", "light=yellow", f"due={now}"]
        others = [f"street={street}", f"grid={grid}", f"category={code}", f"category={group}", f"unit={unit}", f"squad={squad}", "source=public",
                  "text=学校", "text=编号1234567", f"bbox={box}", f"month={month}", f"district={towns.e2e.DISTRICT}"]
        queues = ["open=true"] + open_ones + [f"open=true&{f}" for f in others]
        queues += [f"state=disposing&unit={unit}", f"light=red&street={street}", f"light=red&category={group}"]
        lists = others + ["state=closed", f"state=closed&unit={unit}", "sort=case_no", "sort=opened_at"] + [f"open=true&sort={s}" for s in ("-opened_at", "opened_at", "case_no")]
        return [(words, True) for words in queues] + [(words, False) for words in lists]

    def depths(self, line, path):
        """Cursors at chance depths of this list: a true one with another row's place put in."""
        status, body, _ = line.get(path + "&limit=1")
        cursor = json.loads(body).get("next_cursor") if status == 200 else None
        if not cursor:
            return []
        sort = bytes.fromhex(cursor).decode().split("\n")[0]
        table = "cases WHERE closed_at IS NULL" if "open=true" in path or sort == "due" else "cases TABLESAMPLE SYSTEM (0.1) WHERE true"
        rows = self.full.sql(f"SELECT ({DEEP[sort]})::text, case_no FROM {table} ORDER BY random() LIMIT {PAGES - 1}")
        return [f"{sort}\n{key}\n{case_no}\n".encode().hex() for key, case_no in rows]

    def queue(self):
        for words, is_queue in self.filters():
            line = Line(self.full.port, self.full.token(role="shift_leader"))
            try:
                self.queue_row(words, is_queue, line)
            except OSError as error:
                self.figures.note(f"{self.title}page {words}: {error}")

    def queue_row(self, words, is_queue, line):
        watch, path = machine.Watch(), "/api/v1/cases?" + quote(words, safe="=&,")
        took, answers, end = [], set(), time.monotonic() + PATIENCE
        cursors = [None] + self.depths(line, path)
        cursors *= 1 if len(cursors) > 1 else PAGES // 4  # all of it on one page
        random.Random(1).shuffle(cursors)
        for cursor in cursors:
            status, _, ms = line.get(path + (f"&cursor={cursor}" if cursor else ""))
            answers.add(status)
            took.append(ms)
            if time.monotonic() > end:
                break
        took.sort()
        failed = "" if answers == {200} else f" (answered {', '.join(map(str, sorted(answers)))})"
        p99 = took[len(took) * 99 // 100] if not failed else float("inf")
        self.figures.add(f"{self.title}{'queue' if is_queue else 'list'} page {words}{failed}, p99 of {len(took)}", p99, "ms", watch.others(), most=10 if is_queue else None)
