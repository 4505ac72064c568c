"""The closure table counted a second time, from the history rows alone (CONTRACT 7, RULINGS 1), in nobody's SQL.

Reads only `history` (each row's from, to, at and changes) and `calendar` days; knows no spans, rollups or case rows.
"""
import json
from collections import defaultdict
from datetime import datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=8))
HANDED_OVER = {"pending_review", "checking", "pending_close", "awaiting_upstream"}
ENDED = {"closed", "forced_closed", "not_accepted", "not_filed", "voided", "self_disposed_closed", "merged", "transferred_out"}
OUT = {"voided", "not_filed", "not_accepted", "self_disposed_closed"}  # never in (a) or (b)
FIELDS = ("filed", "dispatched", "due", "carried_over", "closed", "closed_on_time", "awaiting_check", "in_enforcement", "open_at_end")
WATCHED = ("unit", "squad", "street", "class_code", "source", "due_at", "left_ms", "late", "exempt", "filed_at", "dispatched_at", "rework", "returns", "requests", "enforcement_no")


def instant(text):
    return datetime.fromtimestamp(int(text) / 1000, timezone.utc) if text else None


class Life:
    """One case: what stood after each of its rows, oldest first."""

    def __init__(self, case_no, rows):
        self.case_no, self.points, now = case_no, [], dict.fromkeys(WATCHED, "")
        for row in rows:
            now = {**now, **{k: v for k, v in json.loads(row["changes"]) if k in now}}
            self.points.append((row["at"], row["from_state"], row["to_state"], row["action"], now))

    def upto(self, when, inclusive=True):
        return [p for p in self.points if p[0] < when or (inclusive and p[0] == when)]

    def at(self, when, inclusive=True):
        seen = self.upto(when, inclusive)
        return (seen[-1][2], seen[-1][4]) if seen else (None, None)

    def hand_overs(self, when):
        """Every hand-over up to `when`: {at, unit, squad, late, failed}; the last one's `ended` is the state it came to."""
        found = []
        for at, before, after, _, facts in self.upto(when):
            if after in HANDED_OVER and before not in HANDED_OVER:
                found.append({"at": at, "unit": facts["unit"], "squad": facts["squad"], "late": facts["late"] == "t", "failed": False, "ended": None})
            elif before in HANDED_OVER and after not in HANDED_OVER and found:
                found[-1]["ended"] = after
                found[-1]["failed"] = after not in ENDED
        return found

    def valid(self, when):
        known = self.hand_overs(when)
        return known[-1] if known and not known[-1]["failed"] else None


def passed(facts, when):
    """Has the deadline in force passed at `when`? A clock that stands still with something left never passes."""
    if not facts["due_at"]:
        return False
    if facts["left_ms"] != "":
        return int(facts["left_ms"]) < 0
    return instant(facts["due_at"]) < when


def waiting(facts):
    """{request_id: asked at} of the requests that wait."""
    parts = [r.split("\x1f") for r in facts["requests"].split("\x1e") if r]
    return {r[0]: instant(r[3]) for r in parts}


def was_late(life, then, end, as_of):
    """Late at `end`, as one knows it at `as_of`: an approval that came between counts from its asking (RULINGS 2)."""
    asked = waiting(then)
    for at, _, _, action, facts in life.points:
        if end <= at <= as_of and action in ("approve_return", "approve_request"):
            gone = [when for no, when in asked.items() if no not in waiting(facts)]
            if gone and gone[0] < end:
                return passed(facts, end)
    return passed(then, end)


def group_of(life, by, hand_over, end, when):
    if by == "district":
        return life.case_no[:6]
    if by in ("unit", "squad"):
        if hand_over:
            return hand_over[by]
        state, facts = life.at(end, inclusive=False)
        return facts[by] if facts else ""
    facts = life.at(when)[1]
    return facts[{"street": "street", "class": "class_code", "source": "source"}[by]]


def count(lives, by, start, stop, as_of, previous_as_of):
    """{key: {field: set of case numbers}} of the local days [start, stop), read at as_of."""
    table = defaultdict(lambda: defaultdict(set))
    end = min(stop, as_of)
    for life in lives:
        # Not begun by then; or over, in a state that ends it, before the period began: in no row of it.
        if life.points[0][0] > as_of or (life.points[-1][0] < start and life.points[-1][2] in ENDED):
            continue
        state, facts = life.at(as_of)
        hand_over = life.valid(as_of)
        mine = hand_over if hand_over and hand_over["at"] < stop else None
        state_then, then = life.at(end, inclusive=False)
        exempt = facts["exempt"] == "t" or facts["enforcement_no"] != ""
        filed = instant(facts["filed_at"])
        awaiting = state in HANDED_OVER
        key = group_of(life, by, mine, end, as_of)

        def put(field):
            table[key][field].add(life.case_no)

        if filed and start <= filed < stop:
            put("filed")
        sent = instant(facts["dispatched_at"])
        if sent and start <= sent < stop:
            put("dispatched")
        if state_then is not None and state_then not in ENDED and then["filed_at"]:
            put("open_at_end")

        came_over = mine and mine["at"] < start and life.at(previous_as_of)[0] in HANDED_OVER and life.valid(previous_as_of) is not None
        of_this_month = mine and (start <= mine["at"] or came_over)
        if of_this_month and awaiting:
            put("awaiting_check")
        due = carried = False
        if of_this_month and not awaiting and state == "closed" and filed and not exempt:
            due = True
            put("closed")
            if not mine["late"]:
                put("closed_on_time")
        elif state_then is not None and state_then not in ENDED and not mine and filed and not exempt and was_late(life, then, end, as_of):
            due = True
            carried = filed < start
        elif state in ("forced_closed", "voided") and not exempt:
            at, _, _, _, _ = life.upto(as_of)[-1]
            last_open = life.upto(as_of)[-2][4]
            if start <= at < stop and filed and (state == "forced_closed" or passed(last_open, at)):
                due = True
        if due:
            put("due")
            if any(h["failed"] for h in life.hand_overs(as_of)):
                put("reworked")
        if carried:
            put("carried_over")
        if facts["enforcement_no"] and filed and filed < end and not (state in ENDED and life.points[-1][0] < start):
            put("in_enforcement")
    return table


def rate(part, whole):
    """Percent with two decimals, half up; None where the table shows –."""
    return None if whole == 0 else (part * 20000 // whole + 1) // 2 / 100


def working_days_after(day, number, days_off, days_on):
    """The number-th working day after `day`: Monday to Friday, holidays off, make-up days on."""
    while number:
        day += timedelta(days=1)
        if day in days_on or (day.weekday() < 5 and day not in days_off):
            number -= 1
    return day
