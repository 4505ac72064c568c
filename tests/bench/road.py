"""The rows about the road: what comes in, how long it takes, what commands and memory cost. All on one running Wangge."""
import statistics
import time

import machine
import town as towns
from figures import median, say

IN_FLIGHT = 512
CLIENTS = 256
RUNS = 5


class Road:
    def __init__(self, figures, seconds, rate=None):
        self.figures, self.seconds, self.rate, self.town = figures, seconds, rate, None

    def __enter__(self):
        say("starting Wangge")
        self.town = towns.Town().start()
        self.data, self.watch = self.town.data, machine.Watch()
        return self

    def __exit__(self, *_):
        self.town.stop()

    def part(self, share, least=2.0):
        return max(least, self.seconds * share)

    def between(self, limit, system):
        """Limit, system, limit: (mean limit, what the system gave, cores that others used)."""
        watch = machine.Watch()
        self.town.settle()
        first = limit()
        self.town.settle()
        given = system()
        self.town.confirm_tasks()
        return statistics.mean([first, limit()]), given, watch.others()

    # ---- limits

    def insert_limit(self):
        into = self.town.limit_database()
        return towns.program("bench_limits", "insert", self.town.url(), into, self.part(1 / 6))["inserts_per_s"]

    def move_limit(self):
        into = self.town.limit_database()
        pool = 100_000 if self.seconds >= 30 else 10_000
        return towns.program("bench_limits", "update", self.town.url(), into, self.part(1 / 6), 200, pool)["moves_per_s"]

    def bare_limit(self):
        with towns.Bare(self.town) as bare:
            return self.town.load("closed", self.part(1 / 6), bare.port, connections=IN_FLIGHT, async_of_ten=10)["accepted_per_s"]

    def disk_ms(self):
        return towns.program("bench_limits", "disk", self.data, self.part(1 / 30, 1))["fdatasync.p50_ms"]

    # ---- rows

    def warm(self):
        """Templates for the limits, and caches as they are after a while."""
        say("warming up")
        given = self.town.load("closed", self.part(1 / 20), connections=IN_FLIGHT, tasks=1)
        self.town.wait_committed(given["accepted"])
        self.town.confirm_tasks()

    def idle_memory(self):
        watch = machine.Watch()
        time.sleep(self.part(1 / 6, 3))
        self.figures.add("memory of gateway and dispatcher, idle", self.town.resident_mb(), "MB", watch.others(), most=80)

    def loaded_memory(self):
        """The most seen under everything that ran before."""
        if not self.town.peak_mb:
            self.warm()
        self.figures.add("memory of gateway and dispatcher, loaded", self.town.peak_mb, "MB", self.watch.others(), most=300)

    def sustained(self):
        for confirming, title in ((0, "reports → case and task"), (128, "the same, devices confirm every task")):
            def run():
                given = self.town.load("closed", self.seconds, connections=IN_FLIGHT, tasks=1, confirming=confirming)
                self.town.wait_committed(given["accepted"])
                return given
            limit, given, others = self.between(self.insert_limit, run)
            if not confirming:
                self.rate = given["tasks_per_s"]
            self.figures.add(title, given["tasks_per_s"], "1/s", others, limit, least=None if confirming else 0.35)
            self.figures.note(f"{title}: {given['sent']:.0f} sent in {self.seconds:g} s, {given.get('status.201', 0):.0f} answered 201, "
                              f"{given.get('status.202', 0):.0f} answered 202, {given['refused']:.0f} refused, "
                              f"{given['accepted'] - given['tasked']:.0f} tasks not seen on a stream, drained {given['drain_s']:.1f} s after the end; cores used: {given['cores']}")

    def accept(self):
        def run():
            given = self.town.load("closed", self.part(1 / 3), connections=IN_FLIGHT, async_of_ten=10)
            self.town.wait_committed(given["accepted"])
            return given
        limit, given, others = self.between(self.bare_limit, run)
        self.figures.add("durable accept (202), 512 in flight", given["accepted_per_s"], "1/s", others, limit, least=0.4)
        self.figures.note(f"durable accept: {given['refused']:.0f} of {given['sent']:.0f} refused; cores used: {given['cores']}")

    def latency(self):
        if not self.rate:
            given = self.town.load("closed", self.part(1 / 6), connections=IN_FLIGHT, tasks=1)
            self.rate = given["tasks_per_s"]
            self.town.wait_committed(given["accepted"])
            self.town.confirm_tasks()
        rate, seconds = self.rate / 2, self.part(1 / 2)
        watch = machine.Watch()
        disk, bare, own, confirmed = [], [], [], []
        for _ in range(RUNS):
            disk.append(self.disk_ms())
            with towns.Bare(self.town, self.data) as server:
                bare.append(self.town.load("paced", seconds, server.port, rate=rate, async_of_ten=10, connections=IN_FLIGHT))
            for confirming, into in ((0, own), (128, confirmed)):
                self.town.settle()
                disk.append(self.disk_ms())
                into.append(self.town.load("paced", seconds, rate=rate, async_of_ten=5, tasks=1, confirming=confirming, connections=IN_FLIGHT))
                self.town.wait_committed(into[-1]["accepted"])
                self.town.confirm_tasks()
        self.latency_rows(rate, median(disk), bare, own, confirmed, watch.others())

    def latency_rows(self, rate, disk, bare, own, confirmed, others):
        title = f"at {rate:.0f}/s: "
        for runs, name, key, most in ((own, "202 answer", "async", 60), (own, "201 answer", "waited", 150),
                                      (own, "report → task on the stream", "task", 200),
                                      (confirmed, "report → task, devices confirm", "task", None),
                                      (bare, "202 of the bare server with fdatasync", "async", None)):
            each = [run.get(key + ".p99_ms", float("inf")) for run in runs]
            self.figures.add(f"{title}{name}, p99", median(each), "ms", others, disk, most=most)
            self.figures.note(f"{title}{name}: p99 of {len(each)} runs {', '.join(f'{ms:.2f}' for ms in each)} ms; "
                              f"p50 {', '.join(format(run.get(key + '.p50_ms', float('inf')), '.2f') for run in runs)} ms")
        in_vain = [int(run["waited.in_vain"]) for run in own]
        if max(in_vain) > 0:
            self.figures.note(f"{title}201 answer: {', '.join(map(str, in_vain))} waited in vain and were answered 202 (they count)")
        late = max(run["late.p99_ms"] for run in bare + own)
        self.figures.note(f"{title}the generator itself was late by at most {late:.2f} ms (p99); limit: the median fdatasync of all pauses between, {disk:.3f} ms")

    def commands(self):
        wanted = int(self.part(1 / 2) * 1500)
        waiting = "SELECT count(*) FROM cases WHERE state = 'pending_dispose' AND squad <> ''"
        while self.town.sql(waiting)[0][0] < wanted + 2000:
            say("making cases to act on")
            given = self.town.load("closed", self.part(1 / 6), connections=IN_FLIGHT)
            self.town.wait_committed(given["accepted"])
        self.town.confirm_tasks()
        # A few first, as templates of the moves' rows.
        self.town.load("commands", 2, plan=self.town.plan(cases=2000), connections=16)
        def run():
            return self.town.load("commands", self.part(1 / 2), plan=self.town.plan(cases=wanted), connections=CLIENTS)
        limit, given, others = self.between(self.move_limit, run)
        self.figures.add("lifecycle commands, 256 clients", given["commands_per_s"], "1/s", others, limit, least=0.25)
        failed = {k[7:]: int(v) for k, v in given.items() if k.startswith("status.") and k != "status.200"}
        self.figures.note(f"lifecycle commands: {given['status.200']:.0f} in {given['seconds']:.1f} s, {given['closed_cases']:.0f} cases closed, p50 "
                          f"{given['command.p50_ms']:.1f} ms, p99 {given['command.p99_ms']:.1f} ms, other answers {failed or 'none'}; "
                          f"cores used: {given['cores']}")
