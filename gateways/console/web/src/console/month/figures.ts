// Figures as they are shown, and what they grew by: with a sign and a shape, never by colour alone.
import { t } from '../../core/i18n';

export interface Delta {
  shape: '▲' | '▼' | '＝';
  text: string; // +3, −1.20, 0
  tone: 'good' | 'bad' | 'plain';
  words: string; // for those who hear the page
}
export type Better = 'high' | 'low' | '';

export function figure(value: number | null | undefined, rate: boolean): string {
  return value === null || value === undefined ? '–' : rate ? value.toFixed(2) : String(value);
}
// Of counts the difference, of rates percentage points. Nothing where one of the two is not there.
export function delta(now: number | null | undefined, before: number | null | undefined, rate: boolean, better: Better = ''): Delta | null {
  if (now === null || now === undefined || before === null || before === undefined) return null;
  const by = Math.round((now - before) * 100) / 100;
  const size = rate ? Math.abs(by).toFixed(2) : String(Math.abs(by));
  if (by === 0) return { shape: '＝', text: rate ? '0.00' : '0', tone: 'plain', words: t('m_same') };
  const up = by > 0;
  const tone = !better ? 'plain' : up === (better === 'high') ? 'good' : 'bad';
  return { shape: up ? '▲' : '▼', text: `${up ? '+' : '−'}${size}`, tone, words: t(up ? 'm_more' : 'm_less', { n: size }) };
}

// Which way is better of the closure table's columns; the API says it of indicators.
export const CLOSURE_BETTER: Record<string, Better> = { closure_rate: 'high', on_time_closure_rate: 'high', rework_rate: 'low', extension_rate: 'low', carried_over: 'low', awaiting_check: 'low', open_at_end: 'low' };

// ids of a formula's counts in their order: "archive_num / need_archive_num × 100 %".
export const idsOf = (formula: string): string[] => [...new Set(formula.match(/[a-z][a-z_0-9]*[a-z0-9]/g) ?? [])];

// A name that every file system takes.
export const fileName = (text: string): string => text.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '_').replace(/\s+/g, ' ').trim().slice(0, 120);
