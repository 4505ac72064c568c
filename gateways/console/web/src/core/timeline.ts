// A case's past in words: what a row changed, who did it, which photos show what.
import { ROLES } from './code_words';
import { CHOICES, CLOSING } from './codes';
import { t, word } from './i18n';
import type { MasterData } from './master';
import { mediaIds } from './facts';
import { when } from './times';
import type { Case, HistoryRow } from './types';

const CHECKED: Record<string, string> = { pending_close: 'pass', pending_dispose: 'fail', pending_review: 'unable', in_enforcement: 'not_restored' }; // what a check led to

// A check of a danger made safe leaves the case where it is; only its mark tells.
const checked = (row: HistoryRow): string => (row.from !== row.to ? CHECKED[row.to ?? ''] : row.changes?.safe_checked_at ? 'pass' : '') ?? '';

// What a row changed, as far as it says something to people: [label, words].
export function changesOf(row: HistoryRow, master: MasterData): [string, string][] {
  const c = row.changes || {};
  const out: [string, string][] = [];
  if (row.action === 'check' && checked(row)) out.push([t('result'), word(CHOICES, checked(row))]);
  if (row.result) out.push([t('result'), word(CHOICES, row.result)]);
  if (c.verify_result) out.push([t('verify_result'), word(CHOICES, c.verify_result)]);
  if (row.action === 'report') return out; // everything is new then; the case shows it
  if (c.code) out.push([t('category'), master.category({ category: { standard: c.standard || 'gbt47678.5-2026', kind: c.kind || 'matter', code: c.code } })]);
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

export const actorOf = (row: HistoryRow): string => (row.role === 'system' ? t('by_system') : t('who_role', { who: row.actor || '', role: word(ROLES, row.role) }));

export { mediaIds, numberParts, position } from './facts';

export interface PhotoGroup {
  title: string;
  ids: string[];
}

// Before: what was reported. After: the newest disposal. Then the newest check and verification. Empty groups are left out.
export function photosOf(item: Case, rows: HistoryRow[]): PhotoGroup[] {
  const newest = (action: string) => mediaIds(rows.filter((row) => row.action === action && mediaIds(row.photos).length).at(-1)?.photos);
  const own = item.reported?.self_disposed || {};
  return [
    { title: t('photos_before'), ids: [...mediaIds(item.photos), ...mediaIds(own.before)] },
    { title: t('photos_after'), ids: [...newest('dispose'), ...mediaIds(own.after)] },
    { title: t('photos_check'), ids: newest('check') },
    { title: t('photos_verify'), ids: newest('verify') },
  ].filter((group) => group.ids.length);
}
