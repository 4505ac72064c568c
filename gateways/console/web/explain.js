// GET /explain in words: why this squad, why this deadline. The core writes one line a level of routing; lines it may come to
// write as objects {level, rule, unit, squad, result} are understood too, and what is not understood is shown as it came.
import { CALENDARS, CLOCKS, LEVELS } from './codes.js';
import { t, word } from './i18n.js';
import { limitText, span, when } from './times.js';
import { flag, h } from './view.js';

// "condition_in_grid: rule R -> unit / squad" -> {level, kind, …}
export function readLine(line) {
  if (line && typeof line === 'object') {
    const result = line.result || line.outcome || line.kind || (line.unit || line.squad ? 'rule' : 'no_rule');
    const kind = { hit: 'rule', found: 'rule', none: 'no_rule', missing: 'gone' }[result] || result;
    return { ...line, kind, level: kind === 'named' ? 'named' : line.level, a: line.rule, b: line.other };
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

function lineWords(read, master) {
  const who = master.who(read.unit, read.squad);
  switch (read.kind) {
    case 'rule':
      return t('r_hit', { rule: read.rule ?? '', who });
    case 'named':
      return t('r_named', { by: read.by ?? '', who });
    case 'no_rule':
      return t('r_no_rule');
    case 'no_component':
      return t('r_no_component');
    case 'gone':
      return t('r_gone', { rule: read.rule ?? '' });
    case 'absent':
      return t('r_absent', { rule: read.rule ?? '' });
    case 'disagree':
      return t('r_disagree', { a: read.a ?? '', b: read.b ?? '' });
    default:
      return read.text ?? read.result ?? '';
  }
}

const ANSWERS = ['rule', 'named'],
  ODD = ['disagree', 'gone', 'absent'];

export function whyWho(why, master) {
  const reads = (why.routing || []).map(readLine);
  if (!reads.length && !why.unit) return h('p', { class: 'hint' }, t('why_none'));
  const answer = reads.filter((r) => ANSWERS.includes(r.kind)).at(-1);
  return [
    h(
      'p',
      { class: 'answer' },
      t('route_to', { level: answer ? word(LEVELS, answer.level) : t('unit'), who: master.who(why.unit, why.squad) }),
    ),
    reads.length
      ? h(
          'ol',
          { class: 'levels', 'aria-label': t('tried') },
          reads.map((r) =>
            h(
              'li',
              { class: r === answer ? 'hit' : ODD.includes(r.kind) ? 'odd' : null },
              h(
                'span',
                { class: 'mark-of', 'aria-hidden': 'true' },
                r === answer ? '✓' : ODD.includes(r.kind) ? '!' : '–',
              ),
              r.level ? h('span', { class: 'level' }, word(LEVELS, r.level)) : null,
              h('span', {}, lineWords(r, master)),
            ),
          ),
        )
      : null,
  ];
}

// Where the clock stands now.
function nowWords(why) {
  if (why.handed_over_at) return t('d_handed', { t: when(why.handed_over_at), how: t(why.late ? 'late' : 'met') });
  if (why.left_ms !== null && why.left_ms !== undefined)
    return t(why.left_ms < 0 ? 'd_stopped_late' : 'd_stopped', { t: span(why.left_ms) });
  return '';
}

export function whyDue(why, item, master) {
  const d = why.deadline || {};
  const minutes = d.limit ?? why.limit_minutes,
    clock = d.clock || why.clock;
  if (!minutes && !why.due_at) return h('p', { class: 'hint' }, t('why_clock_none'));
  const whole = (minutes || 0) * 60000;
  const rows = [
    ['condition', master.condition(item)],
    ['d_limit', limitText(minutes, clock)],
    ['d_clock', word(CLOCKS, clock)],
    ['d_calendar', clock === 'urgent' || clock === 'natural_day' ? '' : word(CALENDARS, d.calendar)],
    ['d_from', d.from ? when(d.from) : ''],
    [
      'd_start_left',
      d.left_ms !== undefined && d.left_ms !== null && d.left_ms !== whole
        ? d.left_ms < 0
          ? t('over', { t: span(d.left_ms) })
          : span(d.left_ms)
        : '',
    ],
    ['d_warn', why.warn_at && !why.handed_over_at ? when(why.warn_at) : ''],
    ['d_due', why.due_at ? [when(why.due_at), why.provisional ? [' ', flag(t('provisional'))] : null] : ''],
    ['d_now', nowWords(why)],
  ].filter(([, value]) => value);
  const told = (why.words || []).map((line) => h('li', {}, line)); // the core's own sentences, in the page's language
  return [
    h(
      'dl',
      { class: 'facts' },
      rows.map(([name, value]) => [h('dt', {}, t(name)), h('dd', {}, value)]),
    ),
    told.length ? h('ul', { class: 'told' }, told) : null,
  ];
}
