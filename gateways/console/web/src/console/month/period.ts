// The period of a question about figures: in the address, in words, one step back and forth. Days are local days, written YYYY-MM-DD.
import { t } from '../../core/i18n';

export const KINDS = ['day', 'week', 'month', 'quarter', 'year', 'range'] as const;
export type Kind = (typeof KINDS)[number];
export interface Period {
  kind: Kind;
  from: string; // a day within it; of a range the first one
  to: string; // of a range: the last day
}
const DAY = 86400000;
const DAY_FORM = /^\d{4}-\d\d-\d\d$/;
const MONTH_FORM = /^\d{4}-(0[1-9]|1[0-2])$/;
const MONTHS_OF = { month: 1, quarter: 3, year: 12 } as const;

const isDay = (text: string | null): text is string => DAY_FORM.test(text ?? '') && new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;
const moved = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
export function monthMoved(month: string, step: number): string {
  const all = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + step;
  return `${String(Math.floor(all / 12)).padStart(4, '0')}-${String((all % 12) + 1).padStart(2, '0')}`;
}
// Monday of that day's week.
export const monday = (day: string): string => moved(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));

// What an address says; what makes no sense is the month that runs.
export function periodOf(at: URLSearchParams, today: string): Period {
  const month = at.get('month');
  const from = at.get('from');
  const to = at.get('to');
  const kind = at.get('period') as Kind | null;
  if (!kind && isDay(from) && isDay(to) && from <= to) return { kind: 'range', from, to };
  const known = kind && kind !== 'range' && (KINDS as readonly string[]).includes(kind) ? kind : 'month';
  const day = MONTH_FORM.test(month ?? '') ? `${month}-01` : isDay(from) ? from : today;
  return startOf({ kind: known, from: day, to: day });
}
// The same period named by its first day, so that one address means one period.
export function startOf(p: Period): Period {
  const month = p.from.slice(0, 7);
  switch (p.kind) {
    case 'range':
      return p;
    case 'day':
      return { ...p, to: p.from };
    case 'week':
      return { ...p, from: monday(p.from), to: moved(monday(p.from), 6) };
    default: {
      const count = MONTHS_OF[p.kind];
      const first = p.kind === 'month' ? month : p.kind === 'year' ? `${month.slice(0, 4)}-01` : monthMoved(`${month.slice(0, 4)}-01`, Math.floor((Number(month.slice(5)) - 1) / 3) * 3);
      return { kind: p.kind, from: `${first}-01`, to: moved(`${monthMoved(first, count)}-01`, -1) };
    }
  }
}
export function shifted(p: Period, step: number): Period {
  if (p.kind === 'range') {
    const days = Math.round((Date.parse(p.to) - Date.parse(p.from)) / DAY) + 1;
    return { ...p, from: moved(p.from, step * days), to: moved(p.to, step * days) };
  }
  if (p.kind === 'day' || p.kind === 'week') return startOf({ ...p, from: moved(p.from, step * (p.kind === 'day' ? 1 : 7)) });
  return startOf({ ...p, from: `${monthMoved(p.from.slice(0, 7), step * MONTHS_OF[p.kind])}-01` });
}
// For the address and for the API alike.
export function asked(p: Period): { period: string; month: string; from: string; to: string } {
  const none = { period: '', month: '', from: '', to: '' };
  if (p.kind === 'range') return { ...none, from: p.from, to: p.to };
  if (p.kind === 'month') return { ...none, month: p.from.slice(0, 7) };
  return p.kind === 'day' || p.kind === 'week' ? { ...none, period: p.kind, from: p.from } : { ...none, period: p.kind, month: p.from.slice(0, 7) };
}
export function query(p: Period, more: Record<string, string> = {}): string {
  return new URLSearchParams(Object.entries({ ...asked(p), ...more }).filter(([, value]) => value)).toString();
}
export function periodWords(p: Period): string {
  const y = p.from.slice(0, 4);
  const m = Number(p.from.slice(5, 7));
  switch (p.kind) {
    case 'month':
      return t('export_month', { y, m });
    case 'quarter':
      return t('m_quarter_words', { y, q: Math.floor((m - 1) / 3) + 1 });
    case 'year':
      return t('m_year_words', { y });
    case 'day':
      return p.from;
    default:
      return t('m_range_words', { from: p.from, to: p.to });
  }
}
