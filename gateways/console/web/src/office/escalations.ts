// Rungs of the ladder as one row a case.
export interface Rung {
  case_no: string;
  clock: string;
  step: string;
  told: string;
  fired_at: string;
  due_at?: string;
  acknowledged_at?: string;
  acknowledged_by?: string;
  ended_at?: string;
  unit?: string;
  squad?: string;
  light?: string;
  description?: string;
}

// Each case once, with what it told last in front; the case whose first word has waited longest comes first.
export function byCase<R extends Rung>(rungs: R[]): (R & { rungs: R[] })[] {
  const cases = new Map<string, R[]>();
  for (const rung of rungs) cases.set(rung.case_no, [...(cases.get(rung.case_no) ?? []), rung]);
  const time = (rung: R) => Date.parse(rung.fired_at);
  return [...cases.values()]
    .map((list) => list.sort((a, b) => time(a) - time(b)))
    .sort((a, b) => time(a[0]) - time(b[0]) || a[0].case_no.localeCompare(b[0].case_no))
    .map((list) => ({ ...list[list.length - 1], rungs: list }));
}
