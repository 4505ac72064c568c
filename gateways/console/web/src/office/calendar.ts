// A month as weeks of days, and what a working calendar says of each: works by the weekday, or by a note that says otherwise.
import { type Table, cell } from './tables';

export interface Day {
  day: string; // 2026-10-01
  inside: boolean; // of the month that is shown
  weekend: boolean;
  works: boolean;
  note: string;
  noted: boolean; // a row of calendar_days says so
}
const iso = (date: Date) => date.toISOString().slice(0, 10);
const utc = (day: string) => new Date(`${day}T00:00:00Z`);
export const addDays = (day: string, n: number): string => iso(new Date(utc(day).getTime() + n * 86400000));
export const weekdayOf = (day: string): number => utc(day).getUTCDay() || 7; // 1 Monday … 7 Sunday
export const daysOf = (month: string): string[] => {
  const first = `${month}-01`;
  const out: string[] = [];
  for (let day = first; day.startsWith(month); day = addDays(day, 1)) out.push(day);
  return out;
};
export function shiftMonth(month: string, by: number): string {
  const [y, m] = month.split('-').map(Number);
  const all = y * 12 + m - 1 + by;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`;
}

export function weeksOf(month: string): string[][] {
  const days = daysOf(month);
  let day = addDays(days[0], 1 - weekdayOf(days[0]));
  const weeks: string[][] = [];
  while (day <= days[days.length - 1]) {
    weeks.push(Array.from({ length: 7 }, (_, n) => addDays(day, n)));
    day = addDays(day, 7);
  }
  return weeks;
}

// The row that speaks of this day in this calendar: its own, or one for all (*).
const rowOf = (days: Table, calendar: string, day: string) =>
  days.rows.find((row) => cell(days, row, 'calendar') === calendar && cell(days, row, 'day') === day) ?? days.rows.find((row) => cell(days, row, 'calendar') === '*' && cell(days, row, 'day') === day);

export function dayOf(days: Table, calendar: string, day: string, month: string): Day {
  const row = rowOf(days, calendar, day);
  const weekend = weekdayOf(day) > 5;
  return { day, inside: day.startsWith(month), weekend, works: row ? cell(days, row, 'works') === 'yes' : !weekend, note: row ? cell(days, row, 'note') : '', noted: Boolean(row) };
}

// Says what a day is in one calendar. What the weekday says anyway needs no row, unless a note is kept with it.
export function setDay(days: Table, calendar: string, day: string, works: boolean, note: string): void {
  const usual = weekdayOf(day) <= 5;
  const mine = (row: string[]) => cell(days, row, 'calendar') === calendar && cell(days, row, 'day') === day;
  const others = days.rows.some((row) => cell(days, row, 'calendar') === '*' && cell(days, row, 'day') === day);
  days.rows.splice(0, days.rows.length, ...days.rows.filter((row) => !mine(row)));
  if (works === usual && !note && !others) return;
  const row = days.columns.map((column) => ({ calendar, day, works: works ? 'yes' : 'no', note })[column] ?? '');
  const behind = days.rows.findIndex((one) => cell(days, one, 'calendar') === calendar && cell(days, one, 'day') > day);
  days.rows.splice(behind < 0 ? days.rows.length : behind, 0, row);
}

// Sessions in force on a day: those of the season that began last, else the calendar's own.
export function sessionsOn(calendars: Table, seasons: Table | undefined, calendar: string, day: string): string {
  const own = calendars.rows.find((row) => cell(calendars, row, 'key') === calendar);
  const season = (seasons?.rows ?? [])
    .filter((row) => cell(seasons!, row, 'calendar') === calendar && cell(seasons!, row, 'first') <= day)
    .sort((a, b) => cell(seasons!, b, 'first').localeCompare(cell(seasons!, a, 'first')))[0];
  return season ? cell(seasons!, season, 'sessions') : own ? cell(calendars, own, 'sessions') : '';
}
