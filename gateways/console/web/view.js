// Small pieces both pages draw with: elements, times, lights, photos. Data only ever becomes text nodes, never markup.
import { mediaBlob, serverNow } from './api.js';
import { t, word, nameOf, CHOICES } from './i18n.js';

// h('p', {class: 'x', onclick: f}, 'text', node, null): the only way elements are made here.
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'value') node.value = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

export const show = (place, ...children) => place.replaceChildren(...children.flat(Infinity).filter(Boolean));

// ------------------------------------------------------------------------------------------------ times

const ZONE = 'Asia/Shanghai';
const clockFace = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' });
const dayFace = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, year: 'numeric', month: '2-digit' });

export const when = (value) => (value ? clockFace.format(new Date(value)) : '–');  // 2026-11-24 09:12, the district's time
export const monthNow = () => dayFace.format(new Date(serverNow()));

export function span(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60000);
  const days = Math.floor(minutes / 1440), hours = Math.floor((minutes % 1440) / 60), rest = minutes % 60;
  if (days) return t('day', { n: days }) + (hours ? t('hour', { n: hours }) : '');
  if (hours) return t('hour', { n: hours }) + (rest ? t('minute', { n: rest }) : '');
  return minutes ? t('minute', { n: rest }) : t('less_minute');
}

// ------------------------------------------------------------------------------------------------ lights

const HANDED_OVER = ['pending_review', 'checking', 'pending_close'];
const RUNNING = ['pending_dispose', 'returned_by_unit', 'disposing', 'disposed', undefined];
const SHAPES = { green: '●', yellow: '▲', red: '■' };

// Colour, shape and word together: never colour alone.
export function lightBadge(light) {
  const known = SHAPES[light];
  return h('span', { class: `light ${known ? light : 'none'}` }, h('span', { class: 'shape', 'aria-hidden': 'true' }, known || '○'),
    h('span', { class: 'light-word' }, t(known ? `light_${light}` : 'light_none')));
}

// "剩 2小时13分" while the disposal clock runs; afterwards whether the hand-over was in time.
export function leftText(item) {
  if (item.handed_over_at || HANDED_OVER.includes(item.state)) return t(item.late ? 'late' : 'met');
  if (!item.due_at || !RUNNING.includes(item.state)) return '';
  const left = Date.parse(item.due_at) - serverNow();
  return t(left >= 0 ? 'left' : 'over', { t: span(left) });
}

// A clock on the page that counts by itself until it leaves the page.
export function countdown(item) {
  const node = h('span', { class: 'left' });
  const tick = () => {
    node.textContent = leftText(item);
    node.classList.toggle('over', Boolean(item.due_at) && !item.handed_over_at && Date.parse(item.due_at) < serverNow());
  };
  tick();
  const timer = setInterval(() => (node.isConnected ? tick() : clearInterval(timer)), 20000);
  return node;
}

// ------------------------------------------------------------------------------------------------ words of a case

export const mediaIds = (photos) => (photos || []).map((p) => (typeof p === 'string' ? p : p.media_id)).filter(Boolean);

export class MasterData {
  constructor() {
    this.units = new Map();
    this.squads = new Map();
    this.categories = new Map();
    this.closing = [];
  }

  static key(category) {
    if (!category) return '';
    if (typeof category === 'string') return category;
    return [category.standard, category.kind, category.code].filter(Boolean).join('/');
  }

  load(units, squads, catalogue) {
    for (const unit of units || []) this.units.set(unit.key ?? unit.code, unit);
    for (const squad of squads || []) this.squads.set(squad.key ?? squad.code, squad);
    for (const entry of catalogue?.items || catalogue?.categories || []) {
      const category = entry.category && typeof entry.category === 'object' ? entry.category : entry;
      this.categories.set(MasterData.key(category), { ...entry, ...category });
    }
    this.closing = catalogue?.closing_conditions || [];
  }

  unit(key) { return this.units.has(key) ? nameOf(this.units.get(key)) : key || ''; }
  squad(key) { return this.squads.has(key) ? nameOf(this.squads.get(key)) : key || ''; }

  entry(item) {
    const category = typeof item.category === 'object' && item.category ? item.category : item;
    return this.categories.get(MasterData.key({ standard: category.standard, kind: category.kind, code: category.code }));
  }

  category(item) {
    if (item.category_name) return item.category_name;
    const entry = this.entry(item);
    if (entry) return nameOf(entry);
    return typeof item.category === 'object' ? item.category?.code ?? '' : item.category ?? item.code ?? '';
  }

  condition(item) {
    const found = this.entry(item)?.conditions?.find((c) => c.id === item.condition);
    return found ? nameOf(found) : item.condition || '';
  }

  // The values a coded field of an action may take here, as [code, words]; null: nothing known, a text box will do.
  choices(field, item, unitChosen) {
    if (field === 'unit') return [...this.units].map(([key]) => [key, this.unit(key)]);
    if (field === 'squad') {
      const unit = unitChosen || item.unit;
      return [...this.squads].filter(([, s]) => !unit || s.unit === unit).map(([key]) => [key, this.squad(key)]);
    }
    if (field === 'condition') return (this.entry(item)?.conditions || []).map((c) => [c.id, nameOf(c)]);
    if (field === 'closing_condition') {
      const codes = this.closing.length ? this.closing : ['restored'];
      return codes.map((c) => (typeof c === 'string' ? [c, word(CHOICES, c)] : [c.code ?? c.key, nameOf(c)]));
    }
    return null;
  }
}

// ------------------------------------------------------------------------------------------------ photos

const pictures = new Map();  // media_id -> ImageBitmap promise

function bitmap(id) {
  if (!pictures.has(id)) {
    const coming = mediaBlob(id).then((blob) => createImageBitmap(blob));
    coming.catch(() => pictures.delete(id));
    pictures.set(id, coming);
  }
  return pictures.get(id);
}

function paint(image, edge) {
  const scale = Math.min(1, edge / Math.max(image.width, image.height));
  const canvas = h('canvas', { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function enlarge(image, label, opener) {
  const dialog = h('dialog', { class: 'lightbox', 'aria-label': label }, paint(image, 1600),
    h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, t('close')));
  dialog.addEventListener('close', () => { dialog.remove(); opener.focus(); });
  document.body.append(dialog);
  dialog.showModal();
}

// Thumbnails. Photos need the token, so they are fetched and painted; no URL of ours ever carries a token.
export function photoStrip(photos) {
  const list = h('ul', { class: 'photos' });
  mediaIds(photos).forEach((id, index) => {
    const label = t('photo_open', { n: index + 1 });
    const frame = h('button', { type: 'button', class: 'photo', 'aria-label': label, disabled: true }, t('loading'));
    list.append(h('li', {}, frame));
    bitmap(id).then((image) => {
      frame.disabled = false;
      show(frame, paint(image, 240));
      frame.addEventListener('click', () => enlarge(image, label, frame));
    }).catch((error) => { frame.textContent = t(error.status === 404 ? 'photo_pending' : 'photo_failed'); });
  });
  return list;
}

export function thumbnail(file) {
  const frame = h('span', { class: 'thumb' }, '…');
  createImageBitmap(file).then((image) => show(frame, paint(image, 120)), () => { frame.textContent = '⚠'; });
  return frame;
}

export function problemText(error) {
  if (error.status === 0) return t('offline');
  if (error.status === 404) return error.body?.detail || t('not_found');
  const fields = (error.errors || []).map((e) => `${t(`f_${String(e.field || '').split('/')[1] || ''}`)}: ${e.code}`);
  const head = error.body?.detail || error.body?.title || error.code || `HTTP ${error.status}`;
  return [head, ...fields].join(' · ');
}
