"""The tables that the lives of the oracle lead to: the closure table of CONTRACT 7 and the indicators of kpi.tsv, each by every dimension."""
from collections import defaultdict

from years_city import DAY, day_of, midnight
from years_oracle import AWAITING, ENDED

CLOSURE = ("filed", "dispatched", "due", "carried_over", "closed", "closed_on_time", "awaiting_check", "in_enforcement", "open_at_end", "reworked", "extended")
CLOSURE_BY = ("district", "street", "unit", "squad", "class", "source", "grid", "category")
INDICATOR_BY = (*CLOSURE_BY, "post", "person")
SCORES = {"very_satisfied": 100, "satisfied": 80, "acceptable": 50, "dissatisfied": 0, "very_dissatisfied": -100}  # kpi.tsv
DISPOSING = {"pending_dispose", "returned_by_unit", "disposing", "disposed"}  # the unit has it and its clock runs


class Month:
    """A local month, when it is read (CONTRACT 7), and when the one before was."""

    def __init__(self, city, year, month, now):
        nth = year * 12 + month - 1
        first = lambda n: midnight(day_of(0).replace(year=n // 12, month=n % 12 + 1, day=1))
        read = lambda n: midnight(city.center.working_day_after(day_of(first(n + 1) - DAY), 3)) + DAY
        self.label = f"{year:04d}-{month:02d}"
        self.start, self.stop = first(nth), first(nth + 1)
        self.read, self.read_before = min(read(nth), now), min(read(nth - 1), now)


def held(life, when):
    """What stood just before `when`."""
    found = None
    for point in life.points:
        if point.at >= when:
            break
        found = point
    return found


def passed(life, point, when, known):
    """Has the deadline in force passed at `when`, as one knows it at `known`? What was approved counts from its asking (RULINGS 2)."""
    for asked, decided, due in life.effects:
        if asked is not None and asked < when <= decided <= known:
            return due is not None and due < when
    if point.due is None:
        return False
    return point.left < 0 if point.left is not None else point.due < when


def until(life, hand):
    if hand.failed is not None:
        return hand.failed
    return life.ended if hand is life.hands[-1] else None


def closure_fields(life, m):
    """Which columns a case counts in."""
    if life.at > m.read or (life.ended is not None and life.ended < m.start):
        return set()
    out, T, counts = set(), m.read, not life.enforced and life.exempt is None
    inside = lambda at: at is not None and m.start <= at < m.stop and at <= T
    end = min(m.stop, T)
    if inside(life.filed):
        out.add("filed")
    if inside(life.dispatched):
        out.add("dispatched")
    if life.filed is not None and life.filed < end:
        if life.ended is None or life.ended >= end:
            out.add("open_at_end")
        if life.enforced and (life.ended is None or life.ended >= m.start):
            out.add("in_enforcement")
    due = False
    for hand in life.hands:
        over = until(life, hand)
        here = inside(hand.at)
        came = hand.at < m.start and hand.at < m.read_before and (over is None or over > m.read_before)
        if not here and not came:
            continue
        if over is None or over > T:
            out.add("awaiting_check")
        elif hand.failed is None and life.state == "closed" and counts:
            due = True
            out.add("closed")
            if not hand.late:
                out.add("closed_on_time")
    point = held(life, end)
    if counts and point and point.state not in ENDED:
        last = [h for h in life.hands if h.at < end]
        valid = point.state in AWAITING and last and (last[-1].failed is None or last[-1].failed > T)
        if not valid and passed(life, point, end, T):
            due = True
            if life.filed < m.start:
                out.add("carried_over")
    if counts and life.filed is not None and inside(life.ended):
        before = held(life, life.ended)
        if life.state == "forced_closed" or (life.state == "voided" and passed(life, before, life.ended, T)):
            due = True
    if due:
        out.add("due")
        if any(h.failed is not None and h.failed <= T for h in life.hands):
            out.add("reworked")
        if any(at <= T for at in life.extended):
            out.add("extended")
    return out


def stands(life, mark, T):
    """A disposal due that nobody took back from the squad; a missed report that became a case of its own."""
    if mark.name == "missed":
        return not (life.state in ("not_filed", "merged") and life.ended <= T)
    if mark.name != "need_dispose":
        return True
    later = life.marks[next(i for i, m in enumerate(life.marks) if m is mark):]
    return not any(m.name == "taken_back" and (m.unit, m.squad) == (mark.unit, mark.squad) and m.at <= T for m in later)


def attribute(life, by):
    return {"district": "370871", "street": life.street, "class": life.class_code, "source": life.source, "grid": life.grid, "category": life.category[2]}[by]


class Figures:
    """Everything of one month. closure[by][key][field], counts[by][key][indicator]; the key None is the whole."""

    def __init__(self, lives, marks, m):
        self.m = m
        self.closure = {by: defaultdict(lambda: defaultdict(int)) for by in CLOSURE_BY}
        for life in lives:
            fields = closure_fields(life, m)
            if not fields:
                continue
            point = held(life, min(m.stop, m.read))
            for by in CLOSURE_BY:
                key = (getattr(point, by) if point else "") if by in ("unit", "squad") else attribute(life, by)
                for field in fields:
                    self.closure[by][key][field] += 1
                    self.closure[by][None][field] += 1
        self.counts = {by: self.indicators(lives, marks, by) for by in INDICATOR_BY}

    def indicators(self, lives, marks, by):
        T, found, body = self.m.read, defaultdict(lambda: defaultdict(set)), by in ("unit", "squad", "post", "person")
        for life, mark in marks:
            if mark.at > T:
                continue
            key = getattr(mark, by) if body else attribute(life, by)
            for one in (key, None):
                into = found[one]
                into[mark.name].add(id(life))
                into["#" + mark.name].add(id(mark))
                if life.filed is not None and life.filed <= T and not (life.state in ("voided", "not_filed") and life.ended <= T):
                    into["valid " + mark.name].add(id(life))
                if not (life.state == "voided" and life.ended <= T) and stands(life, mark, T):
                    into["standing " + mark.name].add(id(life))
                into[("wrong " if life.wrong is not None and life.wrong <= T else "right ") + mark.name].add(id(life))
                if mark.hand and (mark.hand.failed is None or mark.hand.failed > T):
                    into["held " + mark.name].add(id(life))
        table = defaultdict(dict)
        for key in {*found, None}:
            table[key] = {name: len(found[key][count]) for name, count in self.plan(body).items()}
        if by in CLOSURE_BY:
            for key in {*self.closure[by], *table}:
                self.put_closure(table[key], self.closure[by][key])
        else:
            self.put_closure(table[None], self.closure["district"][None])
        if by not in ("post", "person"):
            self.put_stocks(lives, table, by)
        return table

    @staticmethod
    def put_closure(row, c):
        row.update(need_archive_num=c["due"], archive_num=c["closed"], intime_archive_num=c["closed_on_time"], overtime_archive_num=c["closed"] - c["closed_on_time"],
                   overtime_to_archive_num=c["due"] - c["closed"], rework_num=c["reworked"], postpone_num=c["extended"])

    def put_stocks(self, lives, table, by):
        T, stocks = self.m.read, defaultdict(lambda: defaultdict(int))
        for life in lives:
            if life.at >= T or (life.ended is not None and life.ended < T):
                continue
            point = held(life, T)
            key = getattr(point, by) if by in ("unit", "squad") else attribute(life, by)
            for one in (key, None):
                if point.state in DISPOSING:
                    stocks[one]["to_dispose_num"] += 1
                    stocks[one]["overtime_to_dispose_num"] += point.due < T
                elif point.state == "suspended":
                    stocks[one]["hang_num"] += 1
                    since = max(m.at for m in life.marks if m.name == "hang" and m.at <= T)
                    stocks[one]["stock_num"] += since <= T - 60 * DAY
        for key in {*table, *stocks}:
            for name in ("to_dispose_num", "overtime_to_dispose_num", "hang_num", "stock_num"):
                table[key][name] = stocks[key][name]

    @staticmethod
    def plan(body):
        """Indicator -> what is counted: a mark's cases, `#` the marks themselves, or its cases under a condition."""
        same = ("report patrol_report public_report accept intime_accept not_accept need_send_verify send_verify intime_send_verify need_verify verify "
                "intime_verify send_check intime_send_check need_check check intime_check inst intime_inst not_inst dispatch intime_dispatch "
                "back overtime_back shuffle supervise cancel patrol_deal_report patrol_deal_archive patrol_deal_cancel need_reply reply human_archive "
                "intime_human_archive omit_reply")
        plan = {f"{name}_num": name for name in same.split()}
        plan.update(valid_report_num="valid report", valid_patrol_report_num="valid patrol_report", public_inst_num="valid public_report",
                    accur_inst_num="standing inst", need_dispatch_num="dispatch" if body else "inst", accur_dispatch_num="right dispatch",
                    wrong_dispatch_num="wrong dispatch", need_dispose_num="standing need_dispose", missed_num="standing missed", dispose_num="held dispose", intime_dispose_num="held intime_dispose",
                    overtime_dispose_num="held overtime_dispose", need_send_check_num="send_check" if body else "dispose", multi_rework_num="#rework",
                    multi_postpone_num="#postpone", his_hang_num="hang", **{f"{name}_num": f"#{name}" for name in ("visit", *SCORES)})
        return plan


RATES = {
    "inst_rate": ("inst_num", "accept_num"), "dispatch_rate": ("dispatch_num", "inst_num"), "archive_rate": ("archive_num", "need_archive_num"),
    "intime_archive_rate": ("intime_archive_num", "need_archive_num"), "overtime_archive_rate": ("overtime_archive_num", "need_archive_num"),
    "archive_rate_jinhua": ("archive_num", "need_archive_num", "hang_num"), "dispose_rate": ("dispose_num", "need_dispose_num"),
    "intime_dispose_rate": ("intime_dispose_num", "need_dispose_num"), "rework_rate": ("rework_num", "need_archive_num"),
    "postpone_rate": ("postpone_num", "need_archive_num"), "hang_rate": ("hang_num", "need_dispose_num"), "back_rate": ("back_num", "dispatch_num"),
    "valid_report_rate": ("valid_patrol_report_num", "patrol_report_num"), "missed_rate": ("missed_num", "inst_num|valid_patrol_report_num"),
    "public_report_rate": ("public_inst_num", "inst_num"), "intime_verify_rate": ("intime_verify_num", "need_verify_num"),
    "intime_check_rate": ("intime_check_num", "need_check_num"), "intime_send_verify_rate": ("intime_send_verify_num", "need_send_verify_num"),
    "intime_send_check_rate": ("intime_send_check_num", "need_send_check_num"), "intime_accept_rate": ("intime_accept_num", "accept_num"),
    "intime_inst_rate": ("intime_inst_num", "inst_num"), "accur_inst_rate": ("accur_inst_num", "inst_num"),
    "leader_intime_archive_rate": ("intime_human_archive_num", "human_archive_num"), "intime_dispatch_rate": ("intime_dispatch_num", "need_dispatch_num"),
    "accur_dispatch_rate": ("accur_dispatch_num", "need_dispatch_num"),
}


def percent(part, whole):
    """Two decimals, half up; None (–) where nothing is to be divided by."""
    if part is None or whole is None or whole <= 0:
        return None
    return decimals((part * 20_000 + whole) // (2 * whole))


def decimals(hundredths):
    return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def value(name, row):
    """An indicator of one row as the report writes it; None for –. row: its counts ({}: a row that nothing stands in)."""
    if name == "satisfaction_score":
        answers = sum(row.get(f"{word}_num") or 0 for word in SCORES)
        points = sum((row.get(f"{word}_num") or 0) * worth for word, worth in SCORES.items())
        return decimals((points * 200 + answers) // (2 * answers)) if answers else None
    if name not in RATES:
        return None if row.get(name) is None else str(row[name])
    part, whole, *less = RATES[name]
    if less and row.get(less[0]) is None:
        return None
    one, _, of_people = whole.partition("|")
    below = row.get(of_people if of_people and row.get("need_archive_num") is None else one)
    return percent(row.get(part), None if below is None else below - (row[less[0]] if less else 0))
