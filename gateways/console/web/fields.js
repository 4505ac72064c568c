// One input for each field an action takes. A part is {field, node, read(), require(yes), problem?(), onChange?(f), follow?(parts)}:
// `require` says whether the value is needed now, `follow` lets a field change with another one.
import { uploadMedia } from './api.js';
import { PHRASES, REQUESTS } from './codes.js';
import { lang, nameOf, pick, t, word } from './i18n.js';
import { MasterData } from './master.js';
import { thumbnail } from './photos.js';
import { when } from './times.js';
import { h, problemText, show } from './view.js';

let serial = 0; // for ids that tie labels to inputs
const nextId = () => `f${(serial += 1)}`;
const LONG = ['reason', 'opinion', 'text'];
const MOST = { address: 200, component_id: 64, holder: 64, number: 200 };
const OFFSET = '+08:00';

const choicesOf = (field) =>
  Array.isArray(field.choices)
    ? field.choices
    : String(field.choices || '')
        .split('|')
        .filter(Boolean);
const markFor = (field) => h('span', { class: 'mark' }, t(field.required ? 'required' : 'optional'));

function labelled(field, input, id, ...more) {
  const mark = markFor(field);
  const node = h(
    'div',
    { class: 'field', 'data-field': field.name },
    h('label', { for: id }, t(`f_${field.name}`), ' ', mark),
    input,
    ...more,
  );
  const require = (yes) => {
    input.required = yes;
    show(mark, t(yes ? 'required' : 'optional'));
  };
  require(Boolean(field.required));
  return { node, require };
}

// ------------------------------------------------------------------------------------------------ words, numbers, choices

function phrases(action, input) {
  const offered = PHRASES[action] || [];
  const use = (words) => {
    input.value = input.value.trim() ? `${input.value.trim()}${t('stop')}${words}` : words;
    input.focus();
  };
  return offered.length
    ? h(
        'p',
        { class: 'phrases' },
        h('span', { class: 'hint' }, t('phrases'), t('colon')),
        offered.map((pair) => h('button', { type: 'button', class: 'chip', onclick: () => use(pick(pair)) }, pick(pair))),
      )
    : null;
}

// Where the checker stands: what the device says by itself, or nothing. Nobody is asked to type it.
let stood = null;
function placeField(field) {
  if (!stood) navigator.geolocation?.getCurrentPosition(({ coords }) => (stood = coords), () => {}, { maximumAge: 60000, timeout: 20000 });
  const node = h('span', { hidden: true, 'data-field': field.name });
  return { node, read: () => (field.name === 'lon' ? stood?.longitude : stood?.latitude), require: () => {} };
}

function textField(field, { action }) {
  if (action === 'check' && field.type === 'number') return placeField(field);
  const id = nextId();
  const input = LONG.includes(field.name)
    ? h('textarea', { id, name: field.name, rows: 2, maxlength: 4000 })
    : field.type === 'number'
      ? h('input', { id, name: field.name, type: 'number', step: 'any', inputmode: 'decimal' })
      : h('input', { id, name: field.name, type: 'text', maxlength: MOST[field.name] || 400 });
  const read = () => {
    const text = input.value.trim();
    return text === '' ? undefined : field.type === 'number' ? Number(text) : text;
  };
  return { ...labelled(field, input, id, field.name === 'reason' ? phrases(action, input) : null), read };
}

function choiceField(field) {
  const id = nextId();
  const mark = markFor(field);
  const group = h(
    'fieldset',
    { class: 'field choices', 'data-field': field.name },
    h('legend', {}, t(`f_${field.name}`), ' ', mark),
    choicesOf(field).map((code) =>
      h(
        'label',
        { class: 'choice' },
        h('input', { type: 'radio', name: `${field.name}-${id}`, value: code, required: field.required }),
        h('span', {}, MasterData.choice(field.name, code)),
      ),
    ),
  );
  return { node: group, read: () => group.querySelector('input:checked')?.value, require: () => {} };
}

// A moment in the district's zone, which is the zone of every time on these pages.
function timeField(field) {
  const id = nextId();
  const input = h('input', { id, name: field.name, type: 'datetime-local' });
  return { ...labelled(field, input, id), read: () => (input.value ? `${input.value}:00${OFFSET}` : undefined) };
}

// Several of the units, ticked.
function codesField(field, { master }) {
  const mark = markFor(field);
  const group = h(
    'fieldset',
    { class: 'field codes', 'data-field': field.name },
    h('legend', {}, t(`f_${field.name}`), ' ', mark),
    h(
      'div',
      { class: 'ticks' },
      master
        .unitChoices()
        .map(([code, words]) => h('label', { class: 'tick' }, h('input', { type: 'checkbox', value: code }), h('span', {}, words))),
    ),
  );
  const read = () => {
    const ticked = [...group.querySelectorAll('input:checked')].map((n) => n.value);
    return ticked.length ? ticked : undefined;
  };
  return { node: group, read, require: () => {} };
}

// ------------------------------------------------------------------------------------------------ codes of the master data

// A waiting request as one line: what, by whom, when, why.
export const requestWords = (r) =>
  t('request_line', {
    what: word(REQUESTS, r.kind) + (r.until ? ` ${t('until_day', { t: when(r.until) })}` : ''),
    by: r.by,
    at: when(r.at),
    reason: r.reason,
  });
const options = (empty, list) => [h('option', { value: '' }, empty), ...list.map(([code, words]) => h('option', { value: code }, words))];

function codeField(field, { item, master, action, fields }) {
  const among = (name) => fields.some((f) => f.name === name);
  const id = nextId();
  const box = h('select', { id, name: field.name });
  const fill = (empty, list, keep = '') => {
    show(box, options(empty, list));
    box.value = keep;
  };
  const part = { read: () => box.value || undefined };
  if (choicesOf(field).length) {
    fill(
      t('choose'),
      choicesOf(field).map((code) => [code, MasterData.choice(field.name, code)]),
    );
  } else if (field.name === 'request_id') {
    const orders = ['answer_order', 'judge_order'].includes(action);
    const list = orders ? (item.orders || []).map((o) => ({ ...o, reason: o.text || '' })) : item.requests || [];
    const waiting = list.map((r) => [r.request_id, requestWords(r)]);
    fill(t('choose'), waiting, waiting.length === 1 ? waiting[0][0] : '');
  } else if (field.name === 'unit') {
    const assisting = (item.tasks || []).filter((task) => task.kind === 'assist').map((task) => task.unit);
    const units = action === 'waive_assist' ? master.unitChoices().filter(([code]) => assisting.includes(code)) : master.unitChoices();
    fill(t(field.required ? 'choose' : action === 'dispatch' ? 'by_rule' : 'not_named'), units);
  } else if (field.name === 'squad') {
    const empty = t(field.required ? 'choose' : !among('unit') ? 'unchanged' : action === 'dispatch' ? 'by_rule' : 'not_named');
    fill(empty, master.squadChoices(among('unit') ? '' : item.unit));
    part.follow = (parts) => {
      const unit = parts.find((p) => p.field.name === 'unit')?.node.querySelector('select');
      unit?.addEventListener('change', () => fill(empty, master.squadChoices(unit.value)));
    };
  } else if (field.name === 'condition') {
    // A condition belongs to its category: with another category the old one would be refused.
    const amends = among('category');
    fill(t(amends ? 'unchanged' : 'default_one'), master.conditions(item.category), amends ? '' : item.condition || '');
    part.follow = (parts) =>
      parts
        .find((p) => p.field.name === 'category')
        ?.onChange((category) => fill(t(category ? 'default_one' : 'unchanged'), master.conditions(category || item.category)));
  } else if (field.name === 'into') {
    return intoField(field, item);
  } else {
    return textField(field, { action });
  }
  return { ...labelled(field, box, id), ...part };
}

// The number of another case; the possible twins are offered.
function intoField(field, item) {
  const id = nextId();
  const list = h(
    'datalist',
    { id: `${id}-list` },
    (item.twins || []).map((no) => h('option', { value: no })),
  );
  const input = h('input', {
    id,
    name: field.name,
    list: `${id}-list`,
    autocomplete: 'off',
    inputmode: 'numeric',
    maxlength: 32,
    value: item.twins?.length === 1 ? item.twins[0] : '',
  });
  return {
    ...labelled(field, input, id, list, item.twins?.length ? h('p', { class: 'hint' }, t('into_help')) : null),
    read: () => input.value.trim() || undefined,
  };
}

function categoryField(field, { item, master }) {
  const id = nextId();
  const byLabel = new Map();
  for (const entry of master.categories.values()) {
    if (entry.valid_to && Date.parse(entry.valid_to) < Date.now()) continue;
    const group = entry.class?.[lang()] || entry.class?.zh || '';
    const plain = `${entry.code} ${nameOf(entry)}${group ? ` · ${group}` : ''}`;
    const label = byLabel.has(plain) ? `${plain} · ${entry.standard} ${entry.kind}` : plain;
    byLabel.set(label, { standard: entry.standard, kind: entry.kind, code: entry.code });
  }
  const list = h(
    'datalist',
    { id: `${id}-list` },
    [...byLabel.keys()].map((label) => h('option', { value: label })),
  );
  const input = h('input', {
    id,
    name: field.name,
    list: `${id}-list`,
    autocomplete: 'off',
    placeholder: master.category(item) || t('category_help'),
  });
  const chosen = () => byLabel.get(input.value.trim());
  return {
    ...labelled(field, input, id, list, h('p', { class: 'hint' }, t('category_help'))),
    read: chosen,
    problem: () => (input.value.trim() && !chosen() ? t('category_bad') : ''),
    onChange: (listener) => input.addEventListener('input', () => listener(chosen())),
  };
}

// ------------------------------------------------------------------------------------------------ photos

function photosField(field, { camera }) {
  const id = nextId();
  const taken = []; // {file, view, id?, failed?}
  const listeners = [];
  const strip = h('ul', { class: 'photos' });
  const note = h('p', { class: 'hint', role: 'status' });
  const mark = markFor(field);
  const input = h('input', {
    id,
    type: 'file',
    accept: 'image/*',
    multiple: !camera,
    capture: camera ? 'environment' : null,
    class: 'visually-hidden',
  });
  const label = h('label', { class: 'button camera', for: id }, t('add_photo'));
  let needed = Boolean(field.required);

  const busy = () => taken.filter((p) => !p.id && !p.failed).length;
  const problem = () =>
    busy()
      ? t('upload_busy', { n: busy() })
      : taken.find((p) => p.failed)
        ? t('upload_failed', { why: taken.find((p) => p.failed).failed })
        : needed && !taken.length
          ? t('photos_needed', { n: field.min || 1 })
          : '';
  const draw = () => {
    show(
      strip,
      taken.map((photo, index) =>
        h(
          'li',
          { class: photo.failed ? 'failed' : photo.id ? null : 'busy' },
          photo.view,
          h(
            'button',
            {
              type: 'button',
              class: 'remove',
              'aria-label': t('remove_photo', { n: index + 1 }),
              onclick: () => {
                taken.splice(taken.indexOf(photo), 1);
                draw();
              },
            },
            '×',
          ),
        ),
      ),
    );
    label.textContent = t(taken.length ? 'more_photo' : 'add_photo');
    label.classList.toggle('again', taken.length > 0);
    show(
      note,
      taken.length ? problem() : '',
      taken.some((p) => p.failed)
        ? h(
            'button',
            {
              type: 'button',
              class: 'link',
              onclick: () =>
                taken
                  .filter((p) => p.failed)
                  .forEach((p) => {
                    p.coming = upload(p);
                  }),
            },
            t('retry'),
          )
        : null,
    );
    for (const listener of listeners) listener(taken.length);
  };
  const upload = async (photo) => {
    photo.failed = '';
    draw();
    try {
      photo.id = (await uploadMedia(photo.file)).media_id;
    } catch (error) {
      photo.failed = problemText(error);
    }
    draw();
  };
  input.addEventListener('change', () => {
    for (const file of input.files) {
      const photo = { file, view: thumbnail(file) };
      taken.push(photo);
      photo.coming = upload(photo);
    }
    input.value = '';
  });
  draw();
  return {
    node: h(
      'div',
      { class: 'field', 'data-field': field.name },
      h('span', { class: 'label' }, t(`f_${field.name}`), ' ', mark),
      input,
      label,
      strip,
      note,
    ),
    read: () => (taken.length ? taken.filter((p) => p.id).map((p) => p.id) : undefined),
    require: (yes) => {
      needed = yes;
      show(mark, t(yes ? 'required' : 'optional'));
    },
    problem,
    settled: () => (busy() ? Promise.all(taken.map((p) => p.coming)) : null), // uploads that are still on their way
    onChange: (listener) => listeners.push(listener),
  };
}

// about: {item, master, action: its name, fields: all of them, camera: phone first}
export function makeField(field, about) {
  const make =
    { photos: photosField, choice: choiceField, code: codeField, codes: codesField, time: timeField, category: categoryField }[
      field.type
    ] || textField;
  return { field, ...make(field, about) };
}
