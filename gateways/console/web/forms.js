// One small form for each action the server offers, made from its `fields`; the server stays the judge of the values.
import { CommandSender, get, getAll } from './api.js';
import { ACTIONS, FORWARD, STATES } from './codes.js';
import { makeField } from './fields.js';
import { t, word } from './i18n.js';
import { when } from './times.js';
import { h, problemText, show } from './view.js';

const OURS = ['command_id', 'version', 'at']; // filled in by the sender, never asked for

export function fieldsOf(action) {
  const fields = Array.isArray(action.fields) ? action.fields : Object.entries(action.fields || {}).map(([name, f]) => ({ name, ...f }));
  return fields.filter((f) => !OURS.includes(f.name));
}

export const actionTitle = (action) => action.title || word(ACTIONS, action.name);

// The steps in the order a person wants them: on, then the others as the server names them.
export function inOrder(actions) {
  const on = FORWARD.filter((name) => actions.some((a) => a.name === name));
  const rank = (action) => (on.includes(action.name) ? on.indexOf(action.name) : action.name === 'note' ? on.length + 2 : on.length + 1);
  return [...actions]
    .map((action, index) => ({ action, index }))
    .sort((a, b) => rank(a.action) - rank(b.action) || a.index - b.index)
    .map((x) => x.action);
}
export const isForward = (action) => FORWARD.includes(action.name);

// "result=unable": is the other field's value what makes this one needed?
function needed(field, values) {
  if (field.required) return true;
  const [other, value] = String(field.required_when || '').split('=');
  return Boolean(value) && String(values[other] ?? '') === value;
}

// Who was faster, told from the case's newest history row.
async function whoWasFaster(caseNo) {
  try {
    const history = await getAll(`cases/${encodeURIComponent(caseNo)}/history`);
    const last = history.filter((row) => !row.transport).at(-1);
    return t('stale', { who: last.role === 'system' ? t('by_system') : last.actor, when: when(last.at), what: word(ACTIONS, last.action) });
  } catch {
    return t('stale_plain');
  }
}

// options: {camera: phone first, photosFirst: hide the rest until a photo is there,
//           done(after): accepted, stale(fresh): somebody was faster, cancel()}
export function actionForm(action, item, master, options) {
  const sender = new CommandSender();
  const fields = fieldsOf(action);
  const parts = fields.map((field) => makeField(field, { item, master, action: action.name, fields, camera: options.camera }));
  if (options.photosFirst) parts.sort((a, b) => (b.field.type === 'photos') - (a.field.type === 'photos'));
  for (const part of parts) part.follow?.(parts);
  const message = h('p', { class: 'form-message', role: 'alert' });
  const submit = h('button', { type: 'submit', class: 'primary' }, actionTitle(action));
  const buttons = h(
    'div',
    { class: 'form-buttons' },
    submit,
    h('button', { type: 'button', class: 'quiet', onclick: () => options.cancel() }, t('cancel')),
  );
  let version = item.version;

  const photos = options.photosFirst && parts.find((p) => p.field.type === 'photos' && p.field.required);
  if (photos) {
    const rest = [...parts.filter((p) => p !== photos).map((p) => p.node), submit];
    const first = h('p', { class: 'hint' }, t('photo_first'));
    photos.node.prepend(first);
    const reveal = (count) => {
      rest.forEach((node) => {
        node.hidden = count === 0;
      });
      first.hidden = count > 0;
    };
    reveal(0);
    photos.onChange(reveal);
  }

  const values = () => Object.fromEntries(parts.map((p) => [p.field.name, p.read()]).filter(([, value]) => value !== undefined));
  const demand = () => {
    const now = values();
    parts.forEach((part) => part.require(needed(part.field, now)));
  };

  const run = async (event) => {
    event.preventDefault();
    if (submit.disabled) return null;
    // "Done" said while a photo is still going up: it is sent when the photo is there.
    const coming = parts.map((p) => p.settled?.()).filter(Boolean);
    if (coming.length) {
      submit.disabled = true;
      show(message, parts.map((p) => p.problem?.()).find(Boolean));
      await Promise.all(coming);
      submit.disabled = false;
      if (!form.isConnected) return null;
    }
    const input = values();
    const missing =
      parts.map((p) => p.problem?.()).find(Boolean) ||
      parts
        .filter((p) => needed(p.field, input) && input[p.field.name] === undefined)
        .map((p) => t('field_needed', { what: t(`f_${p.field.name}`) }))[0];
    if (missing) return show(message, missing);
    submit.disabled = true;
    show(message);
    blame([]);
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
    show(message, t('refused', { why: problemText(error) }));
    blame(error.errors);
  };

  // The fields a refusal names are marked, the first of them gets the focus.
  const blame = (errors) => {
    const named = parts.filter((p) => errors.some((e) => String(e.field).split('/')[1] === p.field.name));
    parts.forEach((p) => p.node.classList.toggle('bad', named.includes(p)));
    named[0]?.node.querySelector('input, select, textarea')?.focus();
  };

  const form = h(
    'form',
    {
      class: `action-form${parts.length ? '' : ' at-once'}`,
      'aria-label': actionTitle(action),
      'data-action': action.name,
      onsubmit: run,
      onchange: demand,
    },
    h('p', { class: 'form-title' }, actionTitle(action)),
    h(
      'div',
      { class: 'fields' },
      parts.map((p) => p.node),
    ),
    message,
    buttons,
  );
  return form;
}

// Puts the form where it belongs and the cursor into it. A step that asks nothing (签收) is one tap: it goes out at once, and
// the form is only seen when it did not.
export function present(form, place) {
  place(form);
  if (form.classList.contains('at-once')) form.requestSubmit();
  else [...form.querySelectorAll('input, select, textarea, button')].find((n) => n.checkVisibility())?.focus({ preventScroll: true });
}

export const doneText = (action, after) =>
  `${t('sent', { what: actionTitle(action) })}${after?.state ? ` → ${word(STATES, after.state)}` : ''}`;
