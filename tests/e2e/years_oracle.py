"""Works out, from the script of `wangge demo-years`, what every table must say. Knows the rules (RULINGS, CONTRACT 7, kpi.tsv, DOMAIN
3.3 and 4) and the demo's files; nothing of the product: no history, no database, no code of it.

A Life takes the steps of one planned case one after the other: who has it, what deadline is in force, what each step counts as.
"""
import json
from dataclasses import dataclass

MINUTE = 60_000
STAGE = {"accept": 15, "file": 15, "dispatch": 15, "review": 30, "close": 30}  # work minutes of the center (DOMAIN 3.1)
CHECK, VERIFY = 30 * MINUTE, 30 * MINUTE  # a patroller's own clock
RETURN_WINDOW, RETURN_URGENT = 240 * MINUTE, 30 * MINUTE  # RULINGS 2
URGENT = 120 * MINUTE
VERIFIED_FIRST = {"hotline_12345", "hotline_12319", "public", "media"}  # RULINGS 10
ANSWERED = VERIFIED_FIRST | {"leader"}  # sources whose people wait for a reply
BLIND = 10  # percent (RULINGS 13)
ENDED = {"closed", "forced_closed", "not_accepted", "not_filed", "voided", "self_disposed_closed", "merged", "transferred_out"}
AWAITING = {"pending_review", "checking", "pending_close"}


@dataclass
class Mark:
    at: int
    name: str
    person: str
    post: str
    unit: str
    squad: str
    hand: "HandOver" = None


@dataclass
class HandOver:
    at: int
    unit: str
    squad: str
    late: bool
    failed: int = None


@dataclass
class Point:
    """What stood since `at`: state, who, the deadline in force (running), or what was left when it stopped."""
    at: int
    state: str
    unit: str
    squad: str
    due: int
    left: int


class Life:
    def __init__(self, script, city, campaign):
        self.city, self.script = city, script
        self.key, self.at = script["key"], script["at"]
        self.category = tuple(script["category"][k] for k in ("standard", "kind", "code"))
        self.source, self.street, self.grid = script["source"], script["street"], script["grid"]
        self.class_code = city.class_of[self.category]
        self.state, self.unit, self.squad = "reported", "", ""
        self.due = self.left = None
        self.clock, self.whole = city.limit(self.category, script.get("condition"))
        self.marks, self.points, self.hands, self.asked, self.effects, self.said = [], [], [], {}, [], None
        self.late_stages, self.stage, self.stage_due, self.stage_left = set(), None, None, None
        self.verify_result = self.task_due = self.task = self.checker = self.sent = None
        self.filed = self.dispatched = self.accepted = self.ended = self.replied = None
        self.wrong = self.returned_from = None
        self.extended, self.enforced, self.exempt, self.hung = [], False, None, None
        self.assists, self.enforcing, self.safe, self.merged_from = set(), False, False, None
        self.looked, self.hurried, self.left_of = False, False, {}
        self.campaign, self.apart = campaign
        self.now, self.who = self.at, (script["reporter"], script["role"])
        self.report()
        for step in script["steps"]:
            self.now, self.who = step["at"], (step["by"], step["role"])
            getattr(self, "on_" + step["action"], self.nothing)(step)
            self.point()

    # ---- bookkeeping

    def mark(self, name, who=None, hand=None, bare=False):
        person, post = who or self.who
        unit, squad = ("", "") if bare else (self.unit, self.squad)
        self.marks.append(Mark(self.now, name, person, post, unit, squad, hand))

    def point(self):
        self.points.append(Point(self.now, self.state, self.unit, self.squad, self.due, self.left))

    def nothing(self, _):
        pass

    def go(self, state, stage=None):
        """Another state; a stage left after its deadline is late, and another one begins."""
        if self.stage and self.stage_due is not None and self.now > self.stage_due:
            self.late_stages.add(self.stage)
        self.state, self.stage = state, stage
        self.stage_due = self.city.center.add(self.now, STAGE[stage] * MINUTE) if stage else None
        if state in ENDED:
            self.ended = self.now

    def in_time(self, name, stage):
        if stage not in self.late_stages:
            self.mark(name)

    def runs_always(self):
        return self.clock in ("urgent", "natural_day")

    def plus(self, at, span):
        if self.runs_always():
            return at + span
        calendar = self.city.calendar(self.unit)
        return calendar.add(at, span) if span >= 0 else None

    def left_at(self, at):
        """What is left of the limit; negative when it is over."""
        if self.runs_always():
            return self.due - at
        calendar = self.city.calendar(self.unit)
        if at <= self.due:
            return calendar.between(at, self.due)
        return -max(calendar.between(self.due, at), 1)

    def start(self, span):
        """The clock runs again with so much left. A clock that is over stays over: its deadline lies behind."""
        due = self.plus(self.now, span)
        self.due = due if due is not None else self.now - 1
        self.left = None

    # ---- from the report to the dispatch

    def report(self):
        s = self.script
        self.mark("report")
        if s.get("self_disposed"):
            self.mark("patrol_deal_report")
        elif self.source == "patrol":
            self.mark("patrol_report")
        if self.source != "patrol":
            self.mark("public_report")
        if self.source in ANSWERED:
            self.mark("need_reply")
        self.go("self_disposed_review" if s.get("self_disposed") else "pending_accept", "accept")
        by_hand = s.get("self_disposed") or s.get("misplaced") or s.get("parent")
        unsure = self.source == "ai" and s.get("confidence", 1) < 0.8
        self.point()
        if by_hand:
            return
        self.who = ("system", "system")
        if self.source in VERIFIED_FIRST or unsure:
            self.on_send_verify({})
            self.point()
            return
        if self.source != "patrol":
            self.mark("need_send_verify")
        for name in ("accept", "intime_accept", "inst", "intime_inst"):
            self.mark(name)
        self.accepted = self.filed = self.at
        self.stage = self.stage_due = None
        self.send_to(s["unit"], s["squad"])
        self.point()

    def send_to(self, unit, squad):
        before = self.unit
        if self.returned_from and unit != self.returned_from and self.wrong is None:
            self.wrong = self.now
        self.returned_from = None
        self.unit, self.squad = unit, squad
        self.mark("need_dispose")
        if self.dispatched is None:
            self.dispatched = self.now
            self.mark("dispatch")
            self.in_time("intime_dispatch", "dispatch")
        self.go("pending_dispose")
        self.start(self.left_for(before))
        self.sent = self.now

    def left_for(self, before):
        """A unit that has it again goes on with what it had left, whoever had it between; a new one begins afresh."""
        if self.left is None:
            return self.whole
        if before == self.unit:
            return self.left
        self.left_of[before] = self.left
        left = self.left_of.pop(self.unit, self.whole)
        return min(left, self.whole) if self.hurried else left

    def first_look(self):
        return self.state == "pending_accept" and self.verify_result is None

    def on_send_verify(self, _):
        if self.first_look():
            self.mark("need_send_verify")
            self.mark("send_verify")
            if self.now <= self.stage_due:
                self.mark("intime_send_verify")
        # Acceptance stands still while somebody looks.
        self.stage_left = -1 if self.now > self.stage_due else self.city.center.between(self.now, self.stage_due)
        self.state, self.stage, self.stage_due = "verifying", None, None
        self.task, self.task_due = self.city.on_duty(self.street, self.grid, self.now), self.now + VERIFY
        self.mark("need_verify", (self.task, "patroller"))

    def on_verify(self, step):
        assert step["by"] == self.task, (self.key, step, self.task)
        self.verify_result = step["result"]
        self.mark("verify")
        if self.now <= self.task_due:
            self.mark("intime_verify")
        if step["result"] == "exist" and self.source != "patrol":  # somebody was on duty there when it was reported (RULINGS 15)
            walker = self.city.on_duty(self.street, self.grid, self.at)
            if walker:
                self.mark("missed", (walker, "patroller"))
        self.state, self.stage = "pending_accept", "accept"
        self.stage_due = self.now - 1 if self.stage_left < 0 else self.city.center.add(self.now, self.stage_left)

    def due_to_send(self):
        if self.first_look() and self.source != "patrol":
            self.mark("need_send_verify")

    def on_accept(self, _):
        self.due_to_send()
        self.go("pending_file", "file")
        if self.accepted is None:
            self.accepted = self.now
            self.mark("accept")
            self.in_time("intime_accept", "accept")

    def on_decline(self, _):
        self.due_to_send()
        self.mark("not_accept")
        self.go("not_accepted")

    def on_accept_self_disposal(self, _):
        self.mark("patrol_deal_archive", (self.script["reporter"], self.script["role"]))
        self.go("self_disposed_closed")
        self.look_again(self.script["reporter"])

    def on_appeal(self, _):
        self.look_again(self.checker)

    def look_again(self, first):
        """All self-disposals and all appeals are looked at once by somebody else (RULINGS 13)."""
        second = self.city.on_duty(self.street, self.grid, self.now)
        if not self.looked and first is not None and second not in (None, first):
            self.looked = True
            self.give_check()

    def on_refuse_self_disposal(self, _):
        self.mark("patrol_deal_cancel", (self.script["reporter"], self.script["role"]))
        self.go("pending_accept", "accept")

    def on_merge(self, _):
        self.go("merged")

    def on_unmerge(self, _):
        self.ended = None
        self.go("pending_accept", "accept")

    def on_file(self, _):
        first = self.filed is None
        self.go("pending_dispatch", "dispatch")
        if first:
            self.filed = self.now
            self.mark("inst")
            self.in_time("intime_inst", "file")

    def on_decline_filing(self, _):
        self.mark("not_inst")
        self.go("not_filed")

    def on_return_filing(self, _):
        self.go("returned_by_dispatch", "file")

    def on_dispatch(self, step):
        first = self.unit == ""
        self.go("pending_dispose")
        self.send_to(step.get("unit") or self.script["unit"], step.get("squad") or self.script["squad"])
        if first:
            self.assists = set(step.get("assist", []))

    # ---- the disposal

    def on_recall(self, _):
        self.mark("taken_back")
        self.left = self.left_at(self.now)
        self.assists = set()
        self.go("pending_dispatch", "dispatch")

    def on_return(self, _):
        self.asked["return"] = self.now
        self.state = "returned_by_unit"

    def on_refuse_return(self, _):
        self.mark("shuffle")
        self.state = "pending_dispose"

    def on_approve_return(self, step):
        asked = self.asked.pop("return")
        urgent = self.clock == "urgent"
        window = self.sent + RETURN_URGENT if urgent else self.city.calendar(self.unit).add(self.sent, RETURN_WINDOW)
        self.mark("taken_back")
        self.mark("back")
        if asked > window:
            self.mark("overtime_back")
        self.left = self.left_at(asked)
        self.effects.append((asked, self.now, None if self.left >= 0 else self.due))
        self.returned_from = self.unit
        self.assists = set()
        if step["role"] == "coordinator":  # the desk names the unit at once
            self.send_to(step["unit"], step["squad"])
        else:
            self.go("pending_dispatch", "dispatch")

    def on_set_urgent(self, _):
        self.clock, self.whole, self.hurried = "urgent", URGENT, True
        self.due = min(self.due, self.now + URGENT)

    def on_make_safe(self, _):
        self.task, self.task_due = self.city.on_duty(self.street, self.grid, self.now), self.now + CHECK

    def on_extend(self, _):
        self.asked["extend"] = self.now

    def on_defer(self, _):
        self.asked["defer"] = self.now

    def on_suspend(self, _):
        self.asked["suspend"] = self.now

    def on_approve_request(self, step):
        kind = step["request"]
        asked = self.asked.pop(kind, None)
        if kind == "extend":
            self.mark("postpone")
            self.extended.append(self.now)
            self.due = self.plus(self.due, self.whole)
            self.effects.append((asked, self.now, self.due))
        elif kind in ("defer", "suspend"):
            self.left = self.left_at(asked)
            self.effects.append((asked, self.now, None if self.left >= 0 else self.due))
            self.mark("hang")
            self.go("suspended")
        elif kind == "force_close":
            self.go("forced_closed")
        elif kind == "transfer_out":
            self.go("transferred_out")
        elif kind == "appeal":
            self.exempt = self.now

    def on_refuse_request(self, step):
        self.asked.pop(step["request"], None)

    def on_resume(self, _):
        self.mark("unhang")
        self.go("pending_dispose")
        self.start(self.left)

    def on_reassign(self, step):
        self.mark("taken_back")
        self.squad = step["squad"]
        self.mark("need_dispose")

    def on_sign(self, _):
        self.state = "disposing"

    def on_hand_back(self, _):
        self.state = "pending_dispose"

    def on_hand_to_enforcement(self, _):
        self.enforced = self.enforcing = True
        self.left = self.left_at(self.now)
        self.state = "in_enforcement"

    def on_assist_done(self, step):
        self.assists.discard(step["by"].removeprefix("clerk-"))

    def on_waive_assist(self, step):
        self.assists.discard(step["unit"])

    def on_dispose(self, _):
        self.state = "disposed"
        if not self.assists:  # the lead cannot hand over before all answered (RULINGS 14)
            self.who = ("system", "system")
            self.on_confirm({})

    def on_confirm(self, _):
        hand = HandOver(self.now, self.unit, self.squad, self.now > self.due)
        self.hands.append(hand)
        self.left = self.left_at(self.now)
        self.mark("dispose", hand=hand)
        self.mark("overtime_dispose" if hand.late else "intime_dispose", hand=hand)
        self.state, self.stage, self.stage_due = "pending_review", None, None
        self.who = ("system", "system")
        self.on_send_check({})

    # ---- check and closing

    def on_send_check(self, _):
        if self.state == "pending_review":
            self.mark("supervise")
            self.mark("send_check")
            if self.stage_due is None or self.now <= self.stage_due:
                self.mark("intime_send_check")
        self.go("checking")
        self.give_check()

    def give_check(self):
        self.task = self.checker = self.city.on_duty(self.street, self.grid, self.now)
        self.task_due = self.now + CHECK
        self.mark("need_check", (self.task, "patroller"))

    def on_check(self, step):
        assert step["by"] == self.task, (self.key, step, self.task)
        if self.state in ("pending_dispose", "disposing"):  # is the danger gone? No check of a disposal.
            return
        self.mark("check")
        if self.now <= self.task_due:
            self.mark("intime_check")
        if self.state == "closed":
            return
        if step["result"] == "unable":
            self.go("pending_review", "review")
        elif self.enforcing:
            self.go("pending_close", "close") if step["result"] == "pass" else self.go("in_enforcement")
        elif step["result"] == "pass":
            self.go("pending_close", "close")
        else:
            self.fail()
            self.go("pending_dispose")
            self.start(self.left)

    def fail(self):
        self.mark("rework")
        self.hands[-1].failed = self.now

    def on_rework(self, _):
        self.fail()
        self.go("pending_dispatch", "dispatch")

    def on_recheck(self, _):
        self.go("checking")
        self.give_check()

    def on_close(self, _):
        self.go("closed")
        self.mark("human_archive")
        self.in_time("intime_human_archive", "close")
        number = 1469598103934665603  # a share is looked at again by somebody else, chosen by the report's id and the moment (DECISIONS 182)
        for byte in f"{self.script['report_id']}{self.now}".encode():
            number = (number ^ byte) * 1099511628211 % 2**64
        chosen = self.source == "hotline_12345" or (number >> 20) % 100 < BLIND
        if chosen and not self.script.get("parent"):
            self.look_again(self.checker)

    def on_approve_void(self, _):
        self.mark("cancel")
        self.go("voided")

    def on_reply(self, step):
        if self.replied is None:
            self.replied = self.now
            self.mark("reply")
        said = step.get("satisfaction", self.said)
        if said != self.said:  # an answer counts when it says something new
            self.said = said
            for name in ("omit_reply",) if said == "no_reply" else (said, "visit"):
                self.mark(name)


def read(path, city):
    with open(path, encoding="utf-8") as f:
        scripts = [json.loads(line) for line in f]
    by_key = {script["key"]: script for script in scripts}

    def first(script):  # a linked case stays its first one's campaign's
        return first(by_key[script["parent"]]) if script.get("parent") else script

    return [Life(script, city, city.campaign_of(first(script))) for script in scripts]
