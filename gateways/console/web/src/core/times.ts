// Times as people say them, in the district's zone, and clocks that count on the server's time.
import { serverNow } from './api';
import { t } from './i18n';
import type { Case, HistoryRow } from './types';

const ZONE = 'Asia/Shanghai';
export const OFFSET = '+08:00';
const clockFace = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' });
const DAY = 86400000;

export type Moment = string | number | Date | null | undefined;
export const when = (value: Moment): string => (value ? clockFace.format(new Date(value)) : '–'); // 2026-11-24 09:12
export const monthNow = (): string => clockFace.format(new Date(serverNow())).slice(0, 7);

// 今天 14:47 where that says it, else 2026-11-30 05:07.
export function dayTime(value: Moment): string {
  if (!value) return '–';
  const face = when(value);
  const near: [number, string][] = [
    [0, 'today'],
    [DAY, 'tomorrow'],
    [-DAY, 'yesterday'],
  ];
  for (const [shift, key] of near) {
    if (when(serverNow() + shift).slice(0, 10) === face.slice(0, 10)) return `${t(key)} ${face.slice(11)}`;
  }
  return face;
}

export function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60000);
  const days = Math.floor(minutes / 1440),
    hours = Math.floor((minutes % 1440) / 60),
    rest = minutes % 60;
  if (days) return (t('day', { n: days }) + (hours ? t('hour', { n: hours }) : '')).trim();
  if (hours) return (t('hour', { n: hours }) + (rest ? t('minute', { n: rest }) : '')).trim();
  return (minutes ? t('minute', { n: rest }) : t('less_minute')).trim();
}

// A limit on its own clock: a working day is 480 minutes, a calendar day 1440.
export function limitText(minutes?: number, clock?: string): string {
  if (!minutes) return '';
  if (clock === 'work_day' && minutes % 480 === 0) return t('work_days', { n: minutes / 480 });
  if (clock === 'natural_day' && minutes % 1440 === 0) return t('natural_days', { n: minutes / 1440 });
  const plain = span(minutes * 60000);
  return clock === 'work_hour' || clock === 'work_day' ? t('work_minutes', { t: plain }) : plain;
}

// ------------------------------------------------------------------------------------------------ the clock of a case

export type Clocked = Partial<Pick<Case, 'state' | 'stage' | 'due_at' | 'stage_due_at' | 'handed_over_at' | 'late' | 'opened_at'>>;
const HANDED_OVER = ['pending_review', 'checking', 'pending_close', 'awaiting_upstream'];
const RUNNING = ['pending_dispose', 'returned_by_unit', 'disposing', 'disposed', undefined];
const passed = (value: Moment): boolean => Boolean(value) && new Date(value!).getTime() < serverNow();

export const ended = (item: Clocked): boolean => item.stage === 'evaluation';
export const isOver = (item: Clocked): boolean => passed(item.stage_due_at) || (passed(item.due_at) && !item.handed_over_at && RUNNING.includes(item.state));

// The office's own clock at its step (收发文时限): accept, file, dispatch, review, close.
function stageText(item: Clocked): string {
  if (!item.stage_due_at) return '';
  const left = Date.parse(item.stage_due_at) - serverNow();
  return t(left >= 0 ? 'stage_left' : 'stage_over', { t: span(left) });
}

// "还剩 2小时13分" while the disposal clock runs; afterwards whether the hand-over was in time; before it, how long the case has waited.
export function leftText(item: Clocked): string {
  if (ended(item)) return '';
  const stage = stageText(item);
  if (item.handed_over_at || HANDED_OVER.includes(item.state ?? '')) return [t(item.late ? 'late' : 'met'), stage].filter(Boolean).join(' · ');
  if (stage) return stage;
  if (item.due_at && RUNNING.includes(item.state)) {
    const left = Date.parse(item.due_at) - serverNow();
    return t(left >= 0 ? 'left' : 'over', { t: span(left) });
  }
  if (item.due_at) return t('stopped');
  return item.opened_at ? t('waiting', { t: span(serverNow() - Date.parse(item.opened_at)) }) : '';
}

// The earliest deadline that runs: the step's own, or the disposal's. Those without one come last.
export const pressing = (item: Clocked): number => Date.parse(item.stage_due_at || (item.handed_over_at ? '' : item.due_at) || '') || Infinity;

// stage -> milliseconds spent in it so far.
export function spentIn(rows: HistoryRow[], isEnded: boolean, stageOf: (state: string) => string): Record<string, number> {
  const spent: Record<string, number> = {};
  const steps = rows.filter((row) => !row.transport && row.at);
  steps.forEach((row, index) => {
    const until = index + 1 < steps.length ? Date.parse(steps[index + 1].at) : isEnded ? Date.parse(row.at) : serverNow();
    const stage = stageOf(row.to ?? '');
    spent[stage] = (spent[stage] || 0) + Math.max(0, until - Date.parse(row.at));
  });
  return spent;
}
