// What the wall shows, asked again and again: the day every few seconds, the month every minute; hints of changes make it sooner. What
// cannot be asked keeps standing with its age, and asking never ends.
import { reactive } from 'vue';
import { Problem, get, serverNow } from '../core/api';
import { LiveStream } from '../core/stream';
import { monthNow } from '../core/times';
import { signedOut } from '../ui/session';

export interface Day {
  as_of: string;
  today: Record<string, number>;
  open: number;
  stage: Record<string, number>;
  light: Record<string, number>;
  hours: { hour: number; reported: number; closed: number }[];
  streets: { street: string; zh: string; en: string; open: number; red: number }[];
  classes: { class: string; zh: string; en: string; n: number }[];
  newest: { case_no: string; state: string; light: string | null; opened_at: string; zh: string; en: string; street_zh: string; street_en: string }[];
}
export interface Month {
  month: string;
  basis: string;
  as_of: string;
  rows: { key: string; name: string; due: number; on_time_closure_rate: number | null; closure_rate: number | null }[];
  total: { closed: number; due: number; closure_rate: number | null; on_time_closure_rate: number | null };
}
export const wall = reactive({ day: null as Day | null, month: null as Month | null, good: 0, refused: false, failing: false, changes: 0 });

const DAY_EVERY = 10000,
  MONTH_EVERY = 60000,
  SOON = 3000;
let dayAt = 0,
  monthAt = 0,
  busy = false,
  hinted = false;

async function look(): Promise<void> {
  const now = Date.now();
  if (busy || now - dayAt < (hinted ? SOON : DAY_EVERY)) return;
  busy = true;
  hinted = false;
  try {
    wall.day = await get<Day>('statistics/today');
    dayAt = Date.now();
    if (now - monthAt > MONTH_EVERY) {
      wall.month = await get<Month>(`statistics/closure?month=${monthNow()}&by=unit`, { wait: 30000 });
      monthAt = Date.now();
    }
    wall.good = serverNow();
    wall.refused = wall.failing = false;
  } catch (error) {
    wall.failing = true;
    dayAt = Date.now() - DAY_EVERY + SOON; // again soon, but not at once
    if (error instanceof Problem && error.status === 401) signedOut();
    wall.refused = error instanceof Problem && error.status === 403;
  }
  busy = false;
}

export function begin(): void {
  void look();
  setInterval(() => void look(), 1000);
  // Hints are only for those who read cases; without them the wall looks by the clock.
  new LiveStream('stream', {
    event: () => {
      hinted = true;
      wall.changes += 1;
    },
    fatal: () => {},
  });
  // Once a night the page is fetched anew, so that a wall that never sleeps gets new versions too.
  const started = Date.now();
  setInterval(() => {
    if (new Date().getHours() === 4 && Date.now() - started > 6 * 3600000 && wall.good > serverNow() - 60000) location.reload();
  }, 600000);
}
