// A roster as a month: who patrols which duty grid on which day. Lines are spans (from–to, weekdays, hours); a day that is edited is cut out
// of its line, so that what is left of the line stays as it was.
import { addDays, weekdayOf } from './calendar';
import { type Table, cell } from './tables';

export interface Line {
  row: string[];
  patroller: string;
  place: string; // duty grid, else grid, community, street; '' = the whole district
  hours: string; // 06:00–14:00
}
const PLACES = ['duty_grid', 'grid', 'community', 'street'];
export const placeOf = (table: Table, row: readonly string[]): string => PLACES.map((name) => cell(table, row as string[], name)).find(Boolean) ?? '';
export const hoursOf = (table: Table, row: readonly string[]): string => `${cell(table, row as string[], 'from')}–${cell(table, row as string[], 'to')}`;
const set = (table: Table, row: readonly string[], values: Record<string, string>): string[] => table.columns.map((column, i) => values[column] ?? row[i]);

export function holds(table: Table, row: readonly string[], day: string): boolean {
  const [from, to, weekdays] = ['from_day', 'to_day', 'weekdays'].map((name) => cell(table, row as string[], name));
  return (!from || from <= day) && (!to || day <= to) && (!weekdays || weekdays.includes(String(weekdayOf(day))));
}
export const linesOn = (table: Table, day: string, place: string): Line[] =>
  table.rows.filter((row) => placeOf(table, row) === place && holds(table, row, day)).map((row) => ({ row, patroller: cell(table, row, 'patroller'), place, hours: hoursOf(table, row) }));
export const placesOf = (table: Table): string[] => [...new Set(table.rows.map((row) => placeOf(table, row)))].sort();

// The line without the days [first, last]: before, behind, and nothing where nothing is left.
export function without(table: Table, row: readonly string[], first: string, last: string): string[][] {
  const [from, to] = ['from_day', 'to_day'].map((name) => cell(table, row as string[], name));
  if ((to && to < first) || (from && from > last)) return [[...row]];
  const out: string[][] = [];
  if (!from || from < first) out.push(set(table, row, { to_day: addDays(first, -1) }));
  if (!to || to > last) out.push(set(table, row, { from_day: addDays(last, 1) }));
  return out;
}
const only = (table: Table, row: readonly string[], first: string, last: string): string[] => {
  const [from, to] = ['from_day', 'to_day'].map((name) => cell(table, row as string[], name));
  return set(table, row, { from_day: from && from > first ? from : first, to_day: to && to < last ? to : last });
};
const replace = (table: Table, row: readonly string[], by: string[][]): void => {
  const index = table.rows.indexOf(row as string[]);
  table.rows.splice(index, 1, ...by);
};

// One day of a line given to somebody else; '' takes the day out.
export function giveDay(table: Table, row: string[], day: string, patroller: string): void {
  const day_only = patroller ? [set(table, only(table, row, day, day), { patroller, weekdays: '' })] : [];
  replace(table, row, [...without(table, row, day, day), ...day_only]);
}
// Leave (请假) from the first to the last day: the person's lines stand still, a stand-in takes them where one is named. Says how many lines.
export function leave(table: Table, patroller: string, first: string, last: string, standIn: string): number {
  let count = 0;
  for (const row of [...table.rows]) {
    if (cell(table, row, 'patroller') !== patroller) continue;
    const left = without(table, row, first, last);
    if (left.length === 1 && left[0].join() === row.join()) continue;
    count += 1;
    replace(table, row, [...left, ...(standIn ? [set(table, only(table, row, first, last), { patroller: standIn })] : [])]);
  }
  return count;
}
// Two persons change places for a day (换班).
export function swap(table: Table, a: string, b: string, day: string): number {
  const lines = table.rows.filter((row) => holds(table, row, day) && [a, b].includes(cell(table, row, 'patroller')));
  for (const row of lines) giveDay(table, row, day, cell(table, row, 'patroller') === a ? b : a);
  return lines.length;
}
