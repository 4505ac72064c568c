#!/usr/bin/python3
"""The independent counter itself, on lives whose answer is known beforehand; needs no program."""
import json
import unittest
from datetime import datetime, timedelta

import closure_recount as recount

Z = recount.ZONE
OCT, NOV, DEC = (datetime(2026, m, 1, tzinfo=Z) for m in (10, 11, 12))
T_SEP, T_OCT, T_NOV = (datetime(2026, m, 6, tzinfo=Z) for m in (10, 11, 12))


def day(month, number, hour=9):
    return datetime(2026, month, number, hour, tzinfo=Z)


def life(*steps):
    """Steps (at, to_state, changes); the first is the report."""
    rows, before = [], "reported"
    for at, to, changes in steps:
        text = [[k, str(int(v.timestamp() * 1000)) if isinstance(v, datetime) else v] for k, v in changes.items()]
        rows.append({"at": at, "from_state": before, "to_state": to, "action": to, "changes": json.dumps(text)})
        before = to
    return recount.Life("3708712026100100001", rows)


def filed(at, due, unit="u"):
    return (at, "pending_dispose", {"filed_at": at, "dispatched_at": at, "due_at": due, "unit": unit, "squad": unit + "-1", "source": "patrol", "class_code": "06", "street": "s"})


def over(at, late="f", left="1000"):
    return (at, "checking", {"late": late, "left_ms": left})


def counts(one, start, stop, as_of, previous, by="unit"):
    table = recount.count([one], by, start, stop, as_of, previous)
    return {key: {f: len(v) for f, v in fields.items() if v} for key, fields in table.items()}


class Rules(unittest.TestCase):
    def test_closed_in_time_counts_in_the_month_of_its_hand_over(self):
        one = life(filed(day(10, 5), day(10, 6)), over(day(10, 5, 15)), (day(10, 6), "closed", {}))
        self.assertEqual(counts(one, OCT, NOV, T_OCT, T_SEP), {"u": {"filed": 1, "dispatched": 1, "due": 1, "closed": 1, "closed_on_time": 1}})
        self.assertEqual(counts(one, NOV, DEC, T_NOV, T_OCT), {})

    def test_a_check_after_the_month_s_end_but_before_t_still_counts_and_after_t_in_the_next(self):
        early = life(filed(day(10, 30), day(10, 31)), over(day(10, 30, 15)), (day(11, 3), "closed", {}))
        self.assertEqual(counts(early, OCT, NOV, T_OCT, T_SEP)["u"]["closed"], 1)
        self.assertEqual(counts(early, NOV, DEC, T_NOV, T_OCT), {})
        later = life(filed(day(10, 30), day(10, 31)), over(day(10, 30, 15)), (day(11, 9), "closed", {}))
        october = counts(later, OCT, NOV, T_OCT, T_SEP)["u"]
        self.assertEqual((october.get("due"), october["awaiting_check"], october["open_at_end"]), (None, 1, 1))
        self.assertEqual(counts(later, NOV, DEC, T_NOV, T_OCT), {"u": {"due": 1, "closed": 1, "closed_on_time": 1}})

    def test_an_overdue_case_is_due_in_each_month_it_stays_open_and_carried_over_from_the_second(self):
        one = life(filed(day(10, 5), day(10, 6)))
        self.assertEqual(counts(one, OCT, NOV, T_OCT, T_SEP)["u"], {"filed": 1, "dispatched": 1, "due": 1, "open_at_end": 1})
        self.assertEqual(counts(one, NOV, DEC, T_NOV, T_OCT)["u"], {"due": 1, "carried_over": 1, "open_at_end": 1})

    def test_a_failed_check_voids_the_hand_over(self):
        one = life(filed(day(10, 5), day(10, 6)), over(day(10, 5, 15)), (day(10, 7), "pending_dispose", {"left_ms": "", "due_at": day(10, 8), "unit": "v"}), over(day(10, 9), "t", "-1"), (day(10, 9, 12), "closed", {}))
        self.assertEqual(counts(one, OCT, NOV, T_OCT, T_SEP), {"v": {"filed": 1, "dispatched": 1, "due": 1, "closed": 1, "reworked": 1}})

    def test_a_clock_that_stands_still_is_never_overdue(self):
        one = life(filed(day(10, 5), day(10, 6)), (day(10, 5, 10), "returned_by_unit", {}), (day(10, 5, 11), "pending_dispatch", {"left_ms": "5000"}))
        self.assertNotIn("due", counts(one, OCT, NOV, T_OCT, T_SEP)["u"])

    def test_forced_closed_is_due_once_and_voided_only_after_its_deadline(self):
        forced = life(filed(day(10, 5), day(12, 6)), (day(10, 7), "forced_closed", {}))
        self.assertEqual(counts(forced, OCT, NOV, T_OCT, T_SEP)["u"], {"filed": 1, "dispatched": 1, "due": 1})
        early = life(filed(day(10, 5), day(10, 9)), (day(10, 7), "voided", {}))
        self.assertNotIn("due", counts(early, OCT, NOV, T_OCT, T_SEP)["u"])
        late = life(filed(day(10, 5), day(10, 6)), (day(10, 7), "voided", {}))
        self.assertEqual(counts(late, OCT, NOV, T_OCT, T_SEP)["u"]["due"], 1)
        exempt = life(filed(day(10, 5), day(10, 6)), (day(10, 6, 10), "pending_dispose", {"exempt": "t"}), (day(10, 7), "voided", {}))
        self.assertNotIn("due", counts(exempt, OCT, NOV, T_OCT, T_SEP)["u"])

    def test_rates_round_half_up_and_nothing_by_nothing_is_no_rate(self):
        self.assertEqual([recount.rate(43523, 52434), recount.rate(1, 8), recount.rate(1, 3), recount.rate(0, 5), recount.rate(1, 0)], [83.01, 12.5, 33.33, 0.0, None])
        self.assertEqual(recount.rate(1, 800), 0.13, "0.125 rounds up")

    def test_working_days_skip_holidays_and_take_make_up_days(self):
        d = lambda m, n: datetime(2026, m, n).date()
        self.assertEqual(recount.working_days_after(d(9, 30), 3, {d(10, n) for n in range(1, 8)}, {d(10, 10)}), d(10, 10))
        self.assertEqual(recount.working_days_after(d(10, 31), 3, set(), set()), d(11, 4))


if __name__ == "__main__":
    unittest.main(verbosity=2)
