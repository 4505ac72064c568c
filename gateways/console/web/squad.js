// The squad's and the patroller's phone: my tasks live, one big next step each. The device says `received` by itself
// (transport); `sign` is a person taking the task on.
import { get, LiveStream, post, serverNow } from './api.js';
import { STATES, t, word } from './i18n.js';
import { actionForm, actionTitle, doneText } from './forms.js';
import { explanation, timeline } from './casepage.js';
import { dressHeader, signedOut, signInForm, toast, whoAmI, whySignedOut, wireHeader } from './session.js';
import { countdown, h, lightBadge, MasterData, mediaIds, photoStrip, problemText, show, span, when } from './view.js';

const main = document.getElementById('main');
const master = new MasterData();
const tasks = new Map();  // task_id -> {task, item, card, error}
let lastGood = 0, lineUp = false;
const NEXT = ['sign', 'dispose', 'verify', 'check'];  // the one step that is offered big

// ------------------------------------------------------------------------------------------------ the line

function drawLine() {
  document.getElementById('line').textContent = lineUp ? `● ${t('online')}` : '';
  const banner = document.getElementById('banner');
  banner.hidden = lineUp || !lastGood || (navigator.onLine && serverNow() - lastGood < 12000);
  if (!banner.hidden) banner.textContent = t('offline_age', { age: span(serverNow() - lastGood) });
}

function fail(error) {
  if (error.status === 401) signedOut();
}

async function acknowledge(task) {
  try {
    await post(`tasks/${encodeURIComponent(task.task_id)}/received`, { epoch: task.epoch });
    if (tasks.get(task.task_id)?.task.epoch === task.epoch) tasks.get(task.task_id).received = task.epoch;
  } catch (error) {
    if (error.status === 409 || error.status === 404) return look();  // given to somebody else meanwhile
    fail(error);  // otherwise the stream sends it again on its next connect
  }
  return null;
}

function arrived(task) {
  if (!task?.task_id) return;
  const known = tasks.get(task.task_id);
  if (!known || known.task.epoch < task.epoch) toast(`${t('new_task')}：${task.case_no}`);
  if (known && known.task.epoch > task.epoch) return;
  tasks.set(task.task_id, { ...known, task: { ...known?.task, ...task }, fresh: !known });
  if (known?.received !== task.epoch) acknowledge(task);
  load(task.task_id);
}

function withdrawn(task) {
  const known = tasks.get(task?.task_id);
  if (!known || known.task.epoch > (task.epoch ?? known.task.epoch)) return;
  tasks.delete(task.task_id);
  toast(t('withdrawn', { n: known.task.case_no }));
  draw();
}

// What the server says is mine now; forms in use stay where they are.
async function look() {
  try {
    const answer = await get('tasks?limit=200');
    const now = new Map((answer.items || []).filter((task) => task.open !== false).map((task) => [task.task_id, task]));
    for (const id of tasks.keys()) if (!now.has(id)) tasks.delete(id);
    for (const [id, task] of now) {
      const known = tasks.get(id);
      tasks.set(id, { ...known, task: { ...known?.task, ...task } });
      if (!known?.item || known.item.version !== task.version) load(id);
    }
    lastGood = serverNow();
    draw();
  } catch (error) {
    fail(error);
    if (!tasks.size) show(main, h('div', { class: 'card error', role: 'alert' }, h('p', {}, t('load_failed'), ': ', problemText(error)), h('button', { type: 'button', onclick: look }, t('retry'))));
  }
  drawLine();
}

async function load(id) {
  const entry = tasks.get(id);
  if (!entry) return;
  try {
    entry.item = await get(`cases/${encodeURIComponent(entry.task.case_no)}`);
    entry.error = '';
  } catch (error) {
    fail(error);
    entry.error = problemText(error);
  }
  if (tasks.get(id) !== entry && tasks.has(id)) Object.assign(tasks.get(id), { item: entry.item, error: entry.error });
  draw();
}

// ------------------------------------------------------------------------------------------------ drawing

function card(entry) {
  const { task } = entry;
  const item = entry.item || task;
  const box = h('div', { class: 'action-box' });
  const due = { due_at: task.due_at || item.due_at, handed_over_at: task.kind === 'dispose' ? item.handed_over_at : null, late: item.late };
  const node = h('li', { class: `task card${entry.fresh ? ' new' : ''}`, 'data-task': task.task_id, 'data-case': task.case_no },
    h('div', { class: 'task-head' }, lightBadge(task.light ?? item.light), h('span', { class: 'kind' }, t(`kind_${task.kind}`)), h('span', { class: 'hint' }, task.case_no), task.escalated ? h('span', { class: 'flag' }, t('escalated')) : null),
    h('h2', {}, master.category(item) || item.title || task.case_no),
    item.description ? h('p', { class: 'description' }, item.description) : null,
    h('p', { class: 'hint' }, item.address || item.grid || (item.lon !== null && item.lon !== undefined ? `${Number(item.lon).toFixed(6)}, ${Number(item.lat).toFixed(6)}` : '')),
    h('p', { class: 'due' }, h('span', {}, `${t('due')} ${when(due.due_at)}`), countdown(due)),
    mediaIds(item.photos).length ? photoStrip(item.photos) : null,
    box,
    h('details', { ontoggle: (event) => event.target.open && details(event.target, task.case_no) }, h('summary', {}, t('details'))));
  if (entry.error) show(box, h('div', { class: 'error', role: 'alert' }, entry.error, h('button', { type: 'button', onclick: () => load(task.task_id) }, t('retry'))));
  else buttons(box, entry);
  return node;
}

function buttons(box, entry) {
  const offered = entry.item?.actions || [];
  const big = offered.find((a) => NEXT.includes(a.name));
  show(box, entry.item ? h('p', { class: 'hint' }, word(STATES, entry.item.state)) : h('p', { class: 'hint' }, t('loading')),
    offered.length ? h('div', { class: 'buttons' }, [big, ...offered.filter((a) => a !== big)].filter(Boolean).map((action) => h('button', {
      type: 'button', class: action === big ? 'primary' : null, 'data-action': action.name, onclick: () => openForm(box, entry, action),
    }, actionTitle(action)))) : null);
}

function openForm(box, entry, action) {
  entry.busy = true;
  const close = () => { entry.busy = false; entry.card = null; draw(); };
  const form = actionForm(action, entry.item, master, {
    camera: true, photosFirst: true, cancel: close,
    done: (after) => { toast(doneText(action, after)); entry.item = after?.case_no ? { ...entry.item, ...after } : entry.item; close(); look(); load(entry.task.task_id); },
    stale: (fresh) => { if (fresh) entry.item = fresh; },
  });
  show(box, form);
  form.scrollIntoView({ block: 'nearest' });
  form.querySelector('label.camera, textarea, select, input')?.focus();
}

async function details(place, caseNo) {
  const path = `cases/${encodeURIComponent(caseNo)}`;
  try {
    const [history, why] = await Promise.all([get(`${path}/history`), get(`${path}/explain`).catch(() => null)]);
    show(place, h('summary', {}, t('details')), h('h3', {}, t('timeline')), timeline(history.items || history), why ? [h('h3', {}, t('why')), explanation(why)] : null);
  } catch (error) {
    show(place, h('summary', {}, t('details')), h('p', { class: 'error' }, problemText(error)));
  }
}

function draw() {
  const order = [...tasks.values()].sort((a, b) => String(a.task.due_at || '9').localeCompare(String(b.task.due_at || '9')) || a.task.task_id.localeCompare(b.task.task_id));
  if (!order.length) {
    show(main, h('div', { class: 'empty' }, h('p', { class: 'big' }, t('empty_tasks')), h('p', { class: 'hint' }, t('empty_tasks_help'))));
    return;
  }
  const cards = order.map((entry) => {
    const print = JSON.stringify([entry.task, entry.item, entry.error]);
    const open = entry.card?.querySelector('details[open]');
    if (!entry.card || (!entry.busy && !open && entry.print !== print)) {
      entry.card = card(entry);
      entry.print = print;
    }
    return entry.card;
  });
  let list = main.querySelector('.tasks');
  if (!list) show(main, h('p', { class: 'count', role: 'status' }), (list = h('ul', { class: 'tasks' })));
  main.querySelector('.count').textContent = t('count_open', { n: order.length });
  // Only what moved is moved, so that a form in use keeps its focus.
  cards.forEach((node, index) => { if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null); });
  while (list.children.length > cards.length) list.lastElementChild.remove();
}

// ------------------------------------------------------------------------------------------------ start

async function enter(me) {
  dressHeader(me);
  show(main, h('p', { class: 'hint pad' }, t('loading')));
  const part = (path) => get(path).catch((error) => { fail(error); return null; });
  const [units, squads, catalogue] = await Promise.all([part('units'), part('squads'), part('catalogue')]);
  master.load(units?.items || units, squads?.items || squads, Array.isArray(catalogue) ? { items: catalogue } : catalogue);
  await look();
  new LiveStream('tasks/stream', {
    event: (name, data) => (name === 'task' ? arrived(data) : name === 'task_withdrawn' ? withdrawn(data) : null),
    up: () => { lineUp = true; look(); },
    down: () => { lineUp = false; drawLine(); },
    fatal: (error) => (error.status === 401 ? fail(error)
      : show(main, h('div', { class: 'card' }, h('p', {}, t('wrong_page_squad')), h('p', {}, h('a', { href: '/' }, t('to_console')))))),
  });
  setInterval(() => {
    if (!lineUp) look();
    else lastGood = serverNow();
    drawLine();
  }, 10000);
  window.addEventListener('online', look);
  window.addEventListener('offline', drawLine);
}

async function start() {
  wireHeader();
  dressHeader(null);
  try {
    const me = await whoAmI();
    if (me) await enter(me);
    else signInForm(main, enter, whySignedOut());
  } catch (error) {
    if (error.status === 401) signedOut();
    else show(main, h('div', { class: 'card error', role: 'alert' }, h('p', {}, t('load_failed'), ': ', problemText(error)), h('button', { type: 'button', onclick: () => location.reload() }, t('retry'))));
  }
}

start();
