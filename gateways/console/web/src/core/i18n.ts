// Which language, and codes and keys turned into its words. The words stand in words.ts and codes.ts. Changing the language loads the
// page anew: nothing here needs to be reactive.
import type { Words } from './code_words';
import type { Named } from './types';
import { recall, remember } from './storage';
import { WORDS } from './words';

export type Language = 'zh' | 'en';
const AT = { zh: 0, en: 1 } as const;
const browser = typeof navigator === 'undefined' ? 'zh' : navigator.language || 'zh';
let language: Language = recall('wangge.lang') === 'en' ? 'en' : recall('wangge.lang') === 'zh' ? 'zh' : /^zh/i.test(browser) ? 'zh' : 'en';

export const lang = (): Language => language;
export const acceptLanguage = (): string => (language === 'zh' ? 'zh-CN' : 'en');

export function setLang(next: Language): void {
  language = next;
  remember('wangge.lang', next);
}

// t('left', {t: '2h'}): a missing key shows itself, so that it is found.
export function t(key: string, values: Record<string, unknown> = {}): string {
  const text = known(key) ? WORDS[key][AT[language]] : key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

// A page's own words, beside those all pages share.
export const addWords = (more: typeof WORDS): void => void Object.assign(WORDS, more);
export const known = (key: string): boolean => Object.hasOwn(WORDS, key);

// A code in words, from a table of codes.ts; an unknown code shows as it is.
export const word = (table: Words, code?: string | null): string => (Object.hasOwn(table, code ?? '') ? table[code!][AT[language]] : (code ?? ''));
export const pick = (pair: readonly [string, string]): string => pair[AT[language]];

// Named thing of the master data: the server gives either one name or both languages.
export const nameOf = (item?: Named): string => item?.[language] ?? item?.name ?? item?.key ?? '';
