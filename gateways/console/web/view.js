// Small pieces both pages draw with: elements, lights, names of cases, refusals in words. Data only ever becomes text nodes,
// never markup.
import { FAULTS } from './codes.js';
import { known, t, word } from './i18n.js';

// h('p', {class: 'x', onclick: f}, 'text', node, null): the only way elements are made here.
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'value') node.value = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...texts(children));
  return node;
}

function texts(children) {
  return children
    .flat(Infinity)
    .filter((c) => c !== null && c !== undefined && c !== false && c !== '')
    .map((c) => (c instanceof Node ? c : String(c)));
}

export const show = (place, ...children) => place.replaceChildren(...texts(children));

// ------------------------------------------------------------------------------------------------ lights and flags

const SHAPES = { green: '●', yellow: '▲', red: '■' };
export const shapeOf = (light) => SHAPES[light] || '○';

// Colour, shape and word together: never colour alone.
export function lightBadge(light, ended = false) {
  const one = Object.hasOwn(SHAPES, light ?? '') ? light : 'none';
  return h(
    'span',
    { class: `light ${one}` },
    h('span', { class: 'shape', 'aria-hidden': 'true' }, shapeOf(light)),
    h('span', { class: 'light-word' }, t(ended ? 'light_ended' : `light_${one}`)),
  );
}
export const ended = (item) => item.stage === 'evaluation';

export const flag = (words, title = null) => h('span', { class: 'flag', title }, words);

// 3708712026112800005: the number of the day is what people say to each other.
export function caseNumber(number) {
  const text = String(number ?? '');
  return text.length > 14 ? [h('span', { class: 'no-head' }, text.slice(0, 14)), h('span', { class: 'no-tail' }, text.slice(14))] : text;
}

// A cleared place is no place: 0,0 and the like are said as such.
export function position(item) {
  if (item.lon === null || item.lon === undefined || item.lat === null || item.lat === undefined) return '';
  return `${Number(item.lon).toFixed(6)}, ${Number(item.lat).toFixed(6)}`;
}

export function copyText(text) {
  if (navigator.clipboard?.writeText) return navigator.clipboard.writeText(text);
  // By plain http inside the office there is no clipboard API.
  const box = h('textarea', { class: 'visually-hidden', value: text });
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  return done ? Promise.resolve() : Promise.reject(new Error('copy'));
}

// ------------------------------------------------------------------------------------------------ refusals

export function faultText(error) {
  const name = String(error.field || '').split('/')[1] || '';
  const what = known(`f_${name}`) ? t(`f_${name}`) : known(name) ? t(name) : name;
  const why = word(FAULTS, error.code) === error.code ? t('unknown_fault') : word(FAULTS, error.code);
  return what ? t('field_fault', { what, why }) : why;
}

// A click that is not meant for a new tab: ours to handle, in this page.
export const plainClick = (act) => (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  act(event);
};

// What went wrong, for people: the title in their language first, then the detail, then field by field.
export function problemText(error) {
  if (error.status === 0) return t('offline');
  const body = error.body || {};
  const fixed = { 403: t('not_yours'), 404: t('not_found') }[error.status];
  const title =
    body.title && body.title !== body.code ? body.title : word(FAULTS, body.code) !== body.code ? word(FAULTS, body.code) : fixed || '';
  const detail = body.detail && body.detail !== title ? body.detail : '';
  const fields = (error.errors || []).map(faultText);
  return [[title, detail].filter(Boolean).join(t('colon')) || error.code || `HTTP ${error.status}`, ...fields].join(t('stop'));
}

// A place on the page that failed to load, with the way to try again.
export function failure(error, again) {
  return h(
    'div',
    { class: 'error', role: 'alert' },
    h('p', {}, t('load_failed'), t('colon'), problemText(error)),
    again ? h('button', { type: 'button', onclick: again }, t('retry')) : null,
  );
}
