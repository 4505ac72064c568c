"""What the oracle knows of the demo district, read from its files: calendars, limits, classes, who patrols where and when.

Own arithmetic throughout: nothing of the product's code is used or copied. Instants are integer milliseconds since 1970 UTC.
"""
import csv
import os
from bisect import bisect_left
from datetime import date, timedelta

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "demo", "data")
ZONE = 8 * 3600_000
DAY = 86_400_000
EPOCH = date(1970, 1, 1)
FIRST, LAST = date(2015, 1, 1), date(2035, 12, 31)


def rows(name):
    with open(os.path.join(DATA, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def day_of(at):
    return EPOCH + timedelta(days=(at + ZONE) // DAY)


def midnight(day):
    return (day - EPOCH).days * DAY - ZONE


class Calendar:
    """Working time by adding up days. Outside the years that are loaded it is Monday to Friday (RULINGS 6)."""

    def __init__(self, sessions, overrides, first, last):
        self.sessions = sessions  # [(from, to)] in milliseconds of the day
        self.length = sum(b - a for a, b in sessions)
        self.overrides = {d: w for d, w in overrides.items() if first <= d <= last}
        self.before, total, day = [], 0, FIRST
        while day <= LAST:
            self.before.append(total)
            total += self.length if self.works(day) else 0
            day += timedelta(days=1)
        self.before.append(total)

    def works(self, day):
        return self.overrides.get(day, day.weekday() < 5)

    def worked(self, at):
        """All working time before `at`."""
        day = day_of(at)
        into = at - midnight(day)
        done = self.before[(day - FIRST).days]
        if self.works(day):
            done += sum(min(max(into - a, 0), b - a) for a, b in self.sessions)
        return done

    def between(self, a, b):
        return 0 if b <= a else self.worked(b) - self.worked(a)

    def add(self, at, work):
        """The first instant at which `work` has passed since `at`; a session that it fills exactly ends it."""
        if work == 0:
            return at
        goal = self.worked(at) + work
        i = bisect_left(self.before, goal) - 1  # the day on which it is reached
        rest = goal - self.before[i]
        for a, b in self.sessions:
            if rest <= b - a:
                return midnight(FIRST + timedelta(days=i)) + a + rest
            rest -= b - a
        raise AssertionError("a day longer than itself")

    def working_day_after(self, day, n):
        while n:
            day += timedelta(days=1)
            n -= self.works(day)
        return day


def minutes(text):
    hours, rest = text.split(":")
    return (int(hours) * 60 + int(rest)) * 60_000


class City:
    def __init__(self, campaigns=()):
        self.campaigns = list(campaigns)
        overrides = {}
        for r in rows("calendar_days.csv"):
            overrides[date.fromisoformat(r["day"])] = r["works"] == "yes"
        self.calendars = {}
        for r in rows("calendars.csv"):
            sessions = [tuple(minutes(t) for t in s.split("-")) for s in r["sessions"].split(";")]
            self.calendars[r["key"]] = Calendar(sessions, overrides, date.fromisoformat(r["first"]), date.fromisoformat(r["last"]))
        self.center = self.calendars["center"]
        self.unit_calendar = {r["key"]: self.calendars.get(r["calendar"], self.center) for r in rows("units.csv")}
        self.limits = {}  # category -> {condition: (clock, milliseconds)}, the first is the default
        for r in rows("conditions.csv"):
            self.limits.setdefault((r["standard"], r["kind"], r["code"]), {})[r["id"]] = (r["clock"], int(r["minutes"]) * 60_000)
        self.class_of = {(r["standard"], r["kind"], r["code"]): r["class_code"] for r in rows("catalogue.csv")}
        self.duty = [(r["patroller"], r["street"], r["community"], r["grid"], minutes(r["from"]), minutes(r["to"])) for r in rows("duty.csv")]

    def campaign_of(self, script):
        """(key, counted apart?) of the first campaign that a case belongs to as it is reported; ("", False) of none."""
        day = day_of(script["at"])
        grid = "" if script.get("misplaced") else script["grid"]
        category = tuple(script["category"][k] for k in ("standard", "kind", "code"))
        for c in self.campaigns:
            among = not c["categories"] or self.class_of[category] in c["categories"].split() or "/".join(category) in c["categories"].split()
            inside = not c["areas"] or (grid and any(grid.startswith(a) for a in c["areas"].split()))
            if among and inside and c["from_day"] <= day.isoformat() <= c["to_day"]:
                return c["key"], c["counted"] == "apart"
        return "", False

    def calendar(self, unit):
        return self.unit_calendar.get(unit, self.center)

    def limit(self, category, condition):
        known = self.limits[category]
        return known[condition] if condition else next(iter(known.values()))

    def on_duty(self, street, grid, at):
        """Whose roster line holds that place then, the narrowest first (RULINGS 15); names break ties."""
        into, best = (at + ZONE) % DAY, None
        for who, of_street, of_community, of_grid, start, stop in self.duty:
            if not start <= into < stop:
                continue
            asked = [(of_grid, grid), (of_community, grid[:12]), (of_street, street)]
            if any(want and want != have for want, have in asked):
                continue
            rank = (-max((3 - i for i, (want, _) in enumerate(asked) if want), default=0), who)
            best = min(best, rank) if best else rank
        return best[1] if best else None
