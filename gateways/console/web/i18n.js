// Which language, and codes and keys turned into its words. The words stand in words.js and codes.js.
import { WORDS } from './words.js';

const AT = { zh: 0, en: 1 };
let language = 'zh';
try {
  language = localStorage.getItem('wangge.lang') || (/^zh/i.test(navigator.language || 'zh') ? 'zh' : 'en');
} catch {
  language = 'zh'; // storage is off: Chinese first
}
if (!(language in AT)) language = 'zh';

export const lang = () => language;
export const acceptLanguage = () => (language === 'zh' ? 'zh-CN' : 'en');

export function setLang(next) {
  language = next;
  try {
    localStorage.setItem('wangge.lang', next);
  } catch {
    /* not remembered, still switched */
  }
}

// t('left', {t: '2h'}): a missing key shows itself, so that it is found.
export function t(key, values = {}) {
  const text = WORDS[key]?.[AT[language]] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

export const known = (key) => Object.hasOwn(WORDS, key);

// A code in words, from a table of codes.js; an unknown code shows as it is.
export const word = (table, code) => (Object.hasOwn(table, code ?? '') ? table[code][AT[language]] : (code ?? ''));
export const pick = (pair) => pair[AT[language]];

// Named thing of the master data: the server gives either one name or both languages.
export const nameOf = (item) => item?.[language] ?? item?.name ?? item?.key ?? '';

export function translatePage(root = document) {
  document.documentElement.lang = acceptLanguage();
  for (const node of root.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll('[data-t-label]')) node.setAttribute('aria-label', t(node.dataset.tLabel));
}
