// How a case came to be where it is: the seven stages with the time each took, the rows of its history, its photos.
import { serverNow } from './api.js';
import { ACTIONS, CHOICES, CLOSING, ROLES, STAGES, STATES, stageOf } from './codes.js';
import { t, word } from './i18n.js';
import { mediaIds, photoStrip } from './photos.js';
import { span, when } from './times.js';
import { h } from './view.js';

const CHECKED = { pending_close: 'pass', pending_dispose: 'fail', pending_review: 'unable', in_enforcement: 'not_restored' }; // what a check led to

// A check of a danger made safe leaves the case where it is; only its mark tells.
const checked = (row) => (row.from !== row.to ? CHECKED[row.to] : row.changes?.safe_checked_at ? 'pass' : '');

// stage -> milliseconds spent in it so far.
function spentIn(rows, ended) {
  const spent = {};
  const steps = rows.filter((row) => !row.transport && row.at);
  steps.forEach((row, index) => {
    const until = index + 1 < steps.length ? Date.parse(steps[index + 1].at) : ended ? Date.parse(row.at) : serverNow();
    const stage = stageOf(row.to);
    spent[stage] = (spent[stage] || 0) + Math.max(0, until - Date.parse(row.at));
  });
  return spent;
}

export function stepBar(item, rows = []) {
  const stages = Object.keys(STAGES);
  const at = stages.indexOf(item.stage);
  const spent = spentIn(rows, item.stage === 'evaluation');
  return h(
    'ol',
    { class: 'steps', 'aria-label': t('filter_stage') },
    stages.map((stage, index) =>
      h(
        'li',
        { class: index < at ? 'past' : index === at ? 'now' : 'next', 'aria-current': index === at ? 'step' : null },
        h('span', { class: 'dot', 'aria-hidden': 'true' }, index < at || (index === at && stage === 'evaluation') ? '✓' : index + 1),
        h('span', { class: 'stage' }, word(STAGES, stage)),
        h(
          'span',
          { class: 'spent' },
          spent[stage] >= 60000 && stage !== 'evaluation'
            ? index === at
              ? t('so_far', { t: span(spent[stage]) })
              : span(spent[stage])
            : '',
        ),
      ),
    ),
  );
}

// What a row changed, as far as it says something to people: [label, words].
function changed(row, master) {
  const c = row.changes || {};
  const out = [];
  if (row.action === 'check' && checked(row)) out.push([t('result'), word(CHOICES, checked(row))]);
  if (c.verify_result) out.push([t('verify_result'), word(CHOICES, c.verify_result)]);
  if (row.action === 'report') return out; // everything is new then; the case shows it
  if (c.code)
    out.push([
      t('category'),
      master.category({ category: { standard: c.standard || 'gbt47678.5-2026', kind: c.kind || 'matter', code: c.code } }),
    ]);
  if (c.unit || c.squad) out.push([c.unit ? t('unit') : t('squad'), master.who(c.unit, c.squad)]);
  if (c.holder) out.push([t('holder'), c.holder]);
  if (c.check_mode) out.push([t('check_mode'), word(CHOICES, c.check_mode)]);
  if (c.address) out.push([t('address'), c.address]);
  if (c.lon && c.lat) out.push([t('place'), `${Number(c.lon).toFixed(6)}, ${Number(c.lat).toFixed(6)}`]);
  if (c.due_at) out.push([t('due_at'), when(Number(c.due_at))]);
  if (c.suspended_until) out.push([t('suspended_until'), when(Number(c.suspended_until))]);
  for (const name of ['merged_into', 'follows', 'followed_by', 'enforcement_no']) if (c[name]) out.push([t(name), c[name]]);
  for (const name of ['enforcement_step', 'satisfaction', 'appeal']) if (c[name]) out.push([t(name), word(CHOICES, c[name])]);
  if (c.closing_condition) out.push([t('closing_condition'), word(CLOSING, c.closing_condition)]);
  return out;
}

const actor = (row) => (row.role === 'system' ? t('by_system') : t('who_role', { who: row.actor || '', role: word(ROLES, row.role) }));

// Newest last; each row says who, when, and how long the step before it took.
export function timeline(rows, master) {
  let before = null;
  return h(
    'ol',
    { class: 'timeline' },
    rows.map((row) => {
      const spent = before && !row.transport ? Date.parse(row.at) - before : 0;
      if (!row.transport) before = Date.parse(row.at);
      const kind =
        row.action === 'task_escalated' ? 'transport alarm' : row.transport ? 'transport' : row.role === 'system' ? 'system' : '';
      const facts = changed(row, master);
      return h(
        'li',
        { class: kind, 'data-row': row.action },
        h('p', {}, h('strong', {}, word(ACTIONS, row.action)), row.from !== row.to && row.to ? ` → ${word(STATES, row.to)}` : ''),
        h(
          'p',
          { class: 'words' },
          actor(row),
          ' · ',
          h('time', { datetime: row.at }, when(row.at)),
          spent >= 60000 ? ` · ${t('spent', { t: span(spent) })}` : '',
        ),
        facts.length ? h('p', { class: 'words' }, facts.map(([name, value]) => `${name}${t('colon')}${value}`).join(t('stop'))) : null,
        [row.reason, row.opinion].filter(Boolean).map((text) => h('p', { class: 'said' }, text)),
        row.action !== 'report' && mediaIds(row.photos).length ? photoStrip(row.photos, word(ACTIONS, row.action)) : null,
      );
    }),
  );
}

// Before: what was reported. After: the newest disposal. Then the newest check and verification.
export function photosOf(item, rows) {
  const newest = (action) => rows.filter((row) => row.action === action && mediaIds(row.photos).length).at(-1)?.photos || [];
  const own = item.reported?.self_disposed || {};
  return [
    { title: t('photos_before'), photos: [...(item.photos || []), ...(own.before || [])] },
    { title: t('photos_after'), photos: [...newest('dispose'), ...(own.after || [])] },
    { title: t('photos_check'), photos: newest('check') },
    { title: t('photos_verify'), photos: newest('verify') },
  ];
}
