// GET /explain in words: why this squad, why this deadline. The core writes one line a level of routing; lines it may come to write
// as objects {level, rule, unit, squad, result} are understood too, and what is not understood is shown as it came.
import './why_words';
import { CALENDARS, CLOCKS, LEVELS } from './codes';
import { t, word } from './i18n';
import type { MasterData } from './master';
import { limitText, span, when } from './times';
import type { Case, Explanation } from './types';

export interface RouteLine {
  kind: string;
  level?: string;
  text?: string;
  result?: string;
  rule?: string;
  unit?: string | null;
  squad?: string | null;
  by?: string;
  a?: string;
  b?: string;
}

// "condition_in_grid: rule R -> unit / squad" -> {level, kind, …}
export function readLine(line: unknown): RouteLine {
  if (line && typeof line === 'object') {
    const one = line as Record<string, any>;
    const result = one.result || one.outcome || one.kind || (one.unit || one.squad ? 'rule' : 'no_rule');
    const kind = { hit: 'rule', found: 'rule', none: 'no_rule', missing: 'gone' }[result as string] || result;
    return { ...one, kind, level: kind === 'named' ? 'named' : one.level, a: one.rule, b: one.other };
  }
  const text = String(line);
  const cut = text.indexOf(': ');
  const level = cut < 0 ? '' : text.slice(0, cut),
    rest = cut < 0 ? text : text.slice(cut + 2);
  if (!Object.hasOwn(LEVELS, level)) return { kind: 'text', text };
  let m;
  if (rest === 'no rule') return { level, kind: 'no_rule' };
  if (rest === 'no component') return { level, kind: 'no_component' };
  if ((m = /^rule (.+) -> (.*) \/ (.*)$/.exec(rest))) return { level, kind: 'rule', rule: m[1], unit: m[2], squad: m[3] };
  if ((m = /^rule (.+) names a unit or squad that is not there$/.exec(rest))) return { level, kind: 'gone', rule: m[1] };
  if ((m = /^rules (.+) and (.+) disagree: a person decides$/.exec(rest))) return { level, kind: 'disagree', a: m[1], b: m[2] };
  if (level === 'named' && (m = /^(.*) \/ (.*) by (.*)$/.exec(rest))) return { level, kind: 'named', unit: m[1], squad: m[2], by: m[3] };
  return { level, kind: 'text', text: rest };
}

export const isAnswer = (line: RouteLine): boolean => ['rule', 'named'].includes(line.kind);
export const isOdd = (line: RouteLine): boolean => ['disagree', 'gone', 'absent'].includes(line.kind);

export function lineWords(line: RouteLine, master: MasterData): string {
  const who = master.who(line.unit, line.squad);
  switch (line.kind) {
    case 'rule':
      return t('r_hit', { rule: line.rule ?? '', who });
    case 'named':
      return t('r_named', { by: line.by ?? '', who });
    case 'no_rule':
      return t('r_no_rule');
    case 'no_component':
      return t('r_no_component');
    case 'gone':
      return t('r_gone', { rule: line.rule ?? '' });
    case 'absent':
      return t('r_absent', { rule: line.rule ?? '' });
    case 'disagree':
      return t('r_disagree', { a: line.a ?? '', b: line.b ?? '' });
    default:
      return line.text ?? line.result ?? '';
  }
}

export function routeOf(why: Explanation): { lines: RouteLine[]; answer?: RouteLine } {
  const lines = (why.routing || []).map(readLine);
  return { lines, answer: lines.filter(isAnswer).at(-1) };
}

// Where the clock stands now.
function nowWords(why: Explanation): string {
  if (why.handed_over_at) return t('d_handed', { t: when(why.handed_over_at), how: t(why.late ? 'late' : 'met') });
  if (why.left_ms !== null && why.left_ms !== undefined) return t(why.left_ms < 0 ? 'd_stopped_late' : 'd_stopped', { t: span(why.left_ms) });
  return '';
}

// How the deadline came about, line by line; empty when no clock has started.
export function dueLines(why: Explanation, item: Case, master: MasterData): [string, string][] {
  const d = why.deadline || {};
  const minutes = d.limit ?? why.limit_minutes,
    clock = d.clock || why.clock;
  if (!minutes && !why.due_at) return [];
  const startedWithLess = d.left_ms !== undefined && d.left_ms !== null && d.left_ms !== (minutes || 0) * 60000;
  const rows: [string, string][] = [
    ['condition', master.condition(item)],
    ['d_limit', limitText(minutes, clock)],
    ['d_clock', word(CLOCKS, clock)],
    ['d_calendar', clock === 'urgent' || clock === 'natural_day' ? '' : word(CALENDARS, d.calendar)],
    ['d_from', d.from ? when(d.from) : ''],
    ['d_start_left', startedWithLess ? (d.left_ms! < 0 ? t('over', { t: span(d.left_ms!) }) : span(d.left_ms!)) : ''],
    ['d_warn', why.warn_at && !why.handed_over_at ? when(why.warn_at) : ''],
    ['d_due', why.due_at ? when(why.due_at) : ''],
    ['d_now', nowWords(why)],
  ];
  return rows.filter(([, value]) => value);
}
