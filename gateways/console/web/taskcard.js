// One task on the phone: what, where, how long still, and one big next step. The rest is there, but smaller.
import { get, getAll } from './api.js';
import { KINDS, STATES } from './codes.js';
import { t, word } from './i18n.js';
import { actionForm, actionTitle, doneText, inOrder, isForward, present } from './forms.js';
import { whyDue, whyWho } from './explain.js';
import { mediaIds, photoStrip } from './photos.js';
import { timeline } from './timeline.js';
import { countdown, dayTime } from './times.js';
import { caseNumber, failure, flag, h, lightBadge, position, problemText, show } from './view.js';
import { toast } from './session.js';

// The map of the phone, found by a link: this one takes our coordinates (WGS-84) as they are.
function mapLink(item) {
  const there = item.lon || item.lat ? position(item) : '';
  if (!there || item.place_unusable) return null;
  const name = item.address || item.grid || there;
  const ask = new URLSearchParams({ position: there.replace(' ', ''), name, src: 'wangge', coordinate: 'wgs84', callnative: '1' });
  return h(
    'a',
    {
      class: 'button navigate',
      href: `https://uri.amap.com/marker?${ask}`,
      target: '_blank',
      rel: 'noopener noreferrer',
      'aria-label': t('navigate_to', { what: name }),
    },
    h('span', { 'aria-hidden': 'true' }, '➤ '),
    t('navigate'),
  );
}

export function taskTitle(entry, master) {
  return master.category(entry.item || entry.task) || entry.task.case_no;
}

// entry: {task, item, error, fresh, busy, gone}; on = {load, look, close(entry)}
export function taskCard(entry, master, on) {
  const { task } = entry;
  const item = entry.item || task;
  const box = h('div', { class: 'action-box' });
  const due = {
    due_at: task.due_at || item.due_at,
    handed_over_at: task.kind === 'dispose' ? item.handed_over_at : null,
    late: item.late,
    opened_at: item.opened_at,
  };
  const node = h(
    'li',
    {
      class: `task card${entry.fresh ? ' new' : ''} ${task.light ?? item.light ?? ''}`,
      'data-task': task.task_id,
      'data-case': task.case_no,
    },
    h(
      'div',
      { class: 'task-head' },
      lightBadge(task.light ?? item.light),
      h('span', { class: 'kind' }, word(KINDS, task.kind)),
      entry.fresh ? h('span', { class: 'flag calm' }, t('new_badge')) : null,
      h('span', { class: 'state' }, word(STATES, item.state)),
      h('span', { class: 'hint number' }, caseNumber(task.case_no)),
    ),
    h('h2', {}, taskTitle(entry, master)),
    due.due_at
      ? h('p', { class: 'due' }, countdown(due), h('span', { class: 'hint' }, t('before_time', { t: dayTime(due.due_at) })))
      : null,
    h(
      'div',
      { class: 'where' },
      h(
        'span',
        {},
        item.place_unusable ? flag(t('place_unusable')) : item.address || (item.grid ? `${t('grid')} ${item.grid}` : position(item) || '–'),
      ),
      mapLink(item),
    ),
    item.description ? h('p', { class: 'description' }, item.description) : null,
    mediaIds(item.photos).length ? photoStrip(item.photos, t('photos_before')) : null,
    box,
    h(
      'details',
      { class: 'more', ontoggle: (event) => event.target.open && details(event.target, entry, master) },
      h('summary', {}, t('details')),
    ),
  );
  if (entry.error)
    show(
      box,
      h(
        'div',
        { class: 'error', role: 'alert' },
        h('p', {}, entry.error),
        h('button', { type: 'button', onclick: () => on.load(task.task_id) }, t('retry')),
      ),
    );
  else steps(box, entry, master, on);
  return node;
}

function steps(box, entry, master, on) {
  if (!entry.item) return void show(box, h('p', { class: 'hint' }, t('loading')));
  const offered = inOrder(entry.item.actions || []);
  const main = offered.find(isForward);
  const button = (action) =>
    h(
      'button',
      {
        type: 'button',
        class: action === main ? 'primary' : null,
        'data-action': action.name,
        onclick: () => openForm(box, entry, action, master, on),
      },
      actionTitle(action),
    );
  const beside = offered.filter((action) => action !== main && isForward(action)),
    others = offered.filter((action) => !isForward(action));
  show(
    box,
    main ? h('div', { class: 'buttons' }, [main, ...beside].map(button)) : h('p', { class: 'hint' }, t('no_step')),
    others.length
      ? h('details', { class: 'others' }, h('summary', {}, t('other_steps')), h('div', { class: 'buttons' }, others.map(button)))
      : null,
  );
}

function openForm(box, entry, action, master, on) {
  entry.busy = true;
  const form = actionForm(action, entry.item, master, {
    camera: true,
    photosFirst: true,
    cancel: () => on.close(entry),
    done: (after) => {
      toast(doneText(action, after));
      if (after?.case_no) entry.item = { ...entry.item, ...after };
      on.close(entry);
      on.look();
      on.load(entry.task.task_id);
    },
    stale: (fresh) => {
      if (fresh) entry.item = fresh;
    },
  });
  present(form, () => show(box, form));
  form.scrollIntoView({ block: 'nearest' });
}

// A colleague finished it while this one was filling in: nothing is taken away without a word.
export function tellGone(entry, on) {
  const box = entry.card.querySelector('.action-box');
  show(
    box,
    h(
      'div',
      { class: 'error', role: 'alert' },
      h('p', {}, t('task_gone')),
      h('button', { type: 'button', class: 'primary', onclick: () => on.close(entry) }, t('task_gone_ok')),
    ),
  );
}

async function details(place, entry, master) {
  const path = `cases/${encodeURIComponent(entry.task.case_no)}`;
  const summary = h('summary', {}, t('details'));
  try {
    const [history, why] = await Promise.all([getAll(`${path}/history`), get(`${path}/explain`).catch(() => null)]);
    show(
      place,
      summary,
      h('h3', {}, t('timeline')),
      timeline(history, master),
      why
        ? [h('h3', {}, t('why_who')), whyWho(why, master), h('h3', {}, t('why_due')), whyDue(why, entry.item || entry.task, master)]
        : null,
    );
  } catch (error) {
    show(place, summary, failure(error));
  }
}

export const cardError = (error) => problemText(error);
