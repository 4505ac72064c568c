// One small form for each action the server offers, made from its `fields`; the server stays the judge of the values.
import { CommandSender, get, uploadMedia } from './api.js';
import { ACTIONS, CHOICES, STATES, t, word } from './i18n.js';
import { h, problemText, show, thumbnail, when } from './view.js';

export function fieldsOf(action) {
  const fields = Array.isArray(action.fields) ? action.fields : Object.entries(action.fields || {}).map(([name, f]) => ({ name, ...f }));
  return fields.filter((f) => !['command_id', 'version', 'at'].includes(f.name));
}

export const actionTitle = (action) => action.title || word(ACTIONS, action.name);

const choicesOf = (field) => (Array.isArray(field.choices) ? field.choices : String(field.choices || '').split('|').filter(Boolean));
let serial = 0;  // for ids that tie labels to inputs

// ------------------------------------------------------------------------------------------------ one field each

function labelled(field, input, id) {
  const mark = h('span', { class: 'mark' }, field.required ? t('required') : t('optional'));
  return h('div', { class: 'field' }, h('label', { for: id }, t(`f_${field.name}`), ' ', mark), input);
}

function select(id, field, options, keep) {
  const box = h('select', { id, name: field.name, required: field.required }, h('option', { value: '' }, t('choose')),
    options.map(([code, words]) => h('option', { value: code }, words)));
  if (keep) box.value = keep;
  else if (field.required && options.length === 1) box.value = options[0][0];
  return box;
}

function textField(field) {
  const id = `f${serial += 1}`;
  const long = ['reason', 'opinion', 'text'].includes(field.name);
  const input = long ? h('textarea', { id, name: field.name, rows: 2, required: field.required, maxlength: 4000 })
    : h('input', { id, name: field.name, required: field.required, maxlength: 400, type: field.type === 'number' ? 'number' : 'text', step: 'any' });
  const read = () => {
    if (input.value.trim() === '') return undefined;
    return field.type === 'number' ? Number(input.value) : input.value.trim();
  };
  return { node: labelled(field, input, id), read };
}

function choiceField(field) {
  const id = `f${serial += 1}`;
  const group = h('fieldset', { class: 'field choices' }, h('legend', {}, t(`f_${field.name}`), ' ', h('span', { class: 'mark' }, field.required ? t('required') : t('optional'))),
    choicesOf(field).map((code) => h('label', { class: 'choice' },
      h('input', { type: 'radio', name: `${field.name}-${id}`, value: code, required: field.required }), h('span', {}, word(CHOICES, code)))));
  return { node: group, read: () => group.querySelector('input:checked')?.value };
}

function codeField(field, item, master) {
  const options = field.choices?.length ? choicesOf(field).map((c) => [c, word(CHOICES, c)]) : master.choices(field.name, item);
  if (!options) return textField(field);
  const id = `f${serial += 1}`;
  const keep = field.name === 'condition' ? item.condition : '';
  const box = select(id, field, options, keep);
  // Squads follow the chosen unit.
  const follow = (form) => {
    const unit = field.name === 'squad' ? form.querySelector('select[name=unit]') : null;
    unit?.addEventListener('change', () => {
      const fresh = select(id, field, master.choices('squad', item, unit.value), '');
      box.replaceChildren(...fresh.childNodes);
      box.value = fresh.value;
    });
  };
  return { node: labelled(field, box, id), read: () => box.value || undefined, follow };
}

function categoryField(field, item, master) {
  const id = `f${serial += 1}`;
  const list = h('datalist', { id: `${id}-list` });
  const byLabel = new Map();
  for (const entry of master.categories.values()) {
    const label = `${entry.code} ${master.category(entry)} (${entry.standard} ${entry.kind})`;
    byLabel.set(label, { standard: entry.standard, kind: entry.kind, code: entry.code });
    list.append(h('option', { value: label }));
  }
  const input = h('input', { id, name: field.name, list: `${id}-list`, required: field.required, autocomplete: 'off' });
  return { node: labelled(field, h('span', {}, input, list), id), read: () => byLabel.get(input.value) };
}

function photosField(field, { camera }) {
  const id = `f${serial += 1}`;
  const taken = [];  // {file, id?, failed?}
  const strip = h('ul', { class: 'photos' });
  const note = h('p', { class: 'hint', role: 'status' });
  const input = h('input', { id, type: 'file', accept: 'image/*', multiple: !camera, capture: camera ? 'environment' : null, class: 'visually-hidden' });
  const listeners = [];

  const draw = () => {
    show(strip, taken.map((photo, index) => h('li', { class: photo.failed ? 'failed' : null }, photo.view,
      h('button', { type: 'button', class: 'remove', 'aria-label': t('remove_photo', { n: index + 1 }), onclick: () => { taken.splice(taken.indexOf(photo), 1); draw(); } }, '×'))));
    const busy = taken.filter((p) => !p.id && !p.failed).length;
    const failed = taken.find((p) => p.failed);
    show(note, failed ? t('upload_failed', { why: failed.failed }) : busy ? t('upload_busy', { n: busy }) : field.required && !taken.length ? t('photos_needed', { n: 1 }) : '',
      failed ? h('button', { type: 'button', class: 'link', onclick: () => taken.filter((p) => p.failed).forEach(upload) }, t('retry')) : null);
    for (const listener of listeners) listener(taken.filter((p) => p.id).length);
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
      upload(photo);
    }
    input.value = '';
  });
  draw();
  const node = h('div', { class: 'field' }, h('span', { class: 'label' }, t(`f_${field.name}`), ' ', h('span', { class: 'mark' }, field.required ? t('required') : t('optional'))),
    h('label', { class: 'button camera', for: id }, t('add_photo')), input, strip, note);
  return {
    node,
    read: () => (taken.length ? taken.filter((p) => p.id).map((p) => p.id) : undefined),
    problem: () => {
      if (taken.some((p) => !p.id && !p.failed)) return t('upload_busy', { n: taken.filter((p) => !p.id && !p.failed).length });
      if (taken.some((p) => p.failed)) return t('upload_failed', { why: taken.find((p) => p.failed).failed });
      return field.required && !taken.length ? t('photos_needed', { n: 1 }) : '';
    },
    onChange: (listener) => listeners.push(listener),
  };
}

function make(field, item, master, options) {
  if (field.type === 'photos') return photosField(field, options);
  if (field.type === 'choice') return choiceField(field);
  if (field.type === 'code') return codeField(field, item, master);
  if (field.type === 'category') return categoryField(field, item, master);
  return textField(field);
}

// ------------------------------------------------------------------------------------------------ the form

// Who was faster, told from the case's newest history row.
async function whoWasFaster(caseNo) {
  try {
    const history = await get(`cases/${encodeURIComponent(caseNo)}/history`);
    const last = (history.items || history).filter((row) => !row.transport).at(-1);
    return t('stale', { who: last.role === 'system' ? t('by_system') : last.actor, when: when(last.at), what: word(ACTIONS, last.action) });
  } catch {
    return t('stale_plain');
  }
}

// options: {camera: phone first, photosFirst: hide the rest until a photo is there,
//           done(after): accepted, stale(fresh): somebody was faster, cancel()}
export function actionForm(action, item, master, options) {
  const sender = new CommandSender();
  const parts = fieldsOf(action).map((field) => ({ field, ...make(field, item, master, options) }));
  if (options.photosFirst) parts.sort((a, b) => (b.field.type === 'photos') - (a.field.type === 'photos'));
  const message = h('p', { class: 'form-message', role: 'alert' });
  const submit = h('button', { type: 'submit', class: 'primary' }, actionTitle(action));
  const buttons = h('div', { class: 'form-buttons' }, submit, h('button', { type: 'button', class: 'quiet', onclick: () => options.cancel() }, t('cancel')));
  let version = item.version;

  const photos = options.photosFirst && parts.find((p) => p.field.type === 'photos' && p.field.required);
  if (photos) {
    const rest = [...parts.filter((p) => p !== photos).map((p) => p.node), submit];
    const reveal = (count) => rest.forEach((node) => { node.hidden = count === 0; });
    reveal(0);
    photos.node.prepend(h('p', { class: 'hint' }, t('photo_first')));
    photos.onChange(reveal);
  }

  const run = async (event) => {
    event.preventDefault();
    const missing = parts.map((p) => p.problem?.()).find(Boolean);
    if (missing) return show(message, missing);
    const input = {};
    for (const part of parts) {
      const value = part.read();
      if (value !== undefined) input[part.field.name] = value;
    }
    submit.disabled = true;
    show(message);
    try {
      options.done(await sender.send(item.case_no, action.name, version, input));
    } catch (error) {
      await explain(error);
    } finally {
      submit.disabled = false;
    }
    return null;
  };

  const explain = async (error) => {
    if (error.status === 409) {
      const why = await whoWasFaster(item.case_no);
      const fresh = await get(`cases/${encodeURIComponent(item.case_no)}`).catch(() => null);
      if (fresh) version = fresh.version;
      show(message, why);
      options.stale(fresh);
      return;
    }
    if ([0, 503, 504].includes(error.status)) {
      show(message, t(error.status === 503 ? 'away' : 'unknown'));
      submit.textContent = t('retry');
      return;
    }
    submit.textContent = actionTitle(action);
    show(message, t('refused', { why: error.status === 403 && !error.body?.title ? t('not_yours') : problemText(error) }));
  };

  const form = h('form', { class: 'action-form', 'aria-label': actionTitle(action), 'data-action': action.name, onsubmit: run },
    h('p', { class: 'form-title' }, actionTitle(action)), parts.map((p) => p.node), message, buttons);
  for (const part of parts) part.follow?.(form);
  return form;
}

export const doneText = (action, after) => `${t('sent', { what: actionTitle(action) })}${after?.state ? ` → ${word(STATES, after.state)}` : ''}`;
