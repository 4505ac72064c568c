// The operator's page: sign in, the list of open cases, the case beside it, the month's closure table. Everything that
// says what is shown stands in the URL, so that a view can be sent to a colleague.
import { get, LiveStream, serverNow } from './api.js';
import { t } from './i18n.js';
import { CasePage } from './casepage.js';
import { CaseList } from './caselist.js';
import { closureView } from './closure.js';
import { dressHeader, signedOut, signInForm, whoAmI, whySignedOut, wireHeader } from './session.js';
import { h, MasterData, problemText, show, span } from './view.js';

const main = document.getElementById('main');
const master = new MasterData();
let list = null, page = null, lastGood = 0, lineUp = false;

function query() { return new URLSearchParams(location.search); }

// Changes some of the URL's parameters and shows what they say; no value removes one.
function go(changes, { replace = false } = {}) {
  const next = query();
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  history[replace ? 'replaceState' : 'pushState'](null, '', `/?${next}`);
  route();
}

function route() {
  const at = query();
  const view = at.get('view') || 'cases';
  for (const name of ['cases', 'closure']) {
    document.getElementById(`nav-${name}`).toggleAttribute('aria-current', view === name);
  }
  if (view === 'closure') {
    list = page = null;
    closureView(main, at, go).catch(fail);
    return;
  }
  if (!list || !main.contains(list.node)) {
    list = new CaseList(master, { go, query, fail, good });
    page = new CasePage(master, { go, fail, changed: (after) => list?.put(after) });
    show(main, h('div', { class: 'desk', id: 'desk' }, list.node, page.node));
  }
  document.getElementById('desk').classList.toggle('with-case', Boolean(at.get('case')));
  list.show(at);
  page.show(at.get('case'));
}

function fail(error) {
  if (error.status === 401) signedOut();
}

// ------------------------------------------------------------------------------------------------ live

function good() {
  lastGood = serverNow();
  drawLine();
}

function drawLine() {
  const banner = document.getElementById('banner');
  const line = document.getElementById('line');
  line.textContent = lineUp ? `● ${t('online')}` : '';
  banner.hidden = lineUp || !lastGood || serverNow() - lastGood < 20000;
  if (!banner.hidden) banner.textContent = t('offline_age', { age: span(serverNow() - lastGood) });
}

function live() {
  let soon;
  const renew = () => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      list?.renew();
      page?.renew();
    }, 250);  // a burst of hints is one look
  };
  new LiveStream('stream', {
    event: renew,
    up: () => { lineUp = true; good(); renew(); },
    down: () => { lineUp = false; drawLine(); },
    fatal: (error) => fail(error),
  });
  // Without the line we look ourselves every 10 s; with it once a minute, because hints may get lost.
  let beats = 0;
  setInterval(() => {
    beats += 1;
    if (!lineUp || beats % 6 === 0) renew();
    if (lineUp) lastGood = serverNow();
    drawLine();
  }, 10000);
}

// ------------------------------------------------------------------------------------------------ keys

function keys(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === 'Escape') {
    if (document.querySelector('dialog[open]')) return;
    if (typing) event.target.blur();
    else if (page?.escape()) return;
    else if (query().get('case')) { go({ case: '' }); list?.focusCurrent(); }
    return;
  }
  if (typing || !list) return;
  const act = { j: () => list.move(1), ArrowDown: () => list.move(1), k: () => list.move(-1), ArrowUp: () => list.move(-1), '.': () => list.reload(), '/': () => list.focusSearch() }[event.key];
  if (act && !(event.key.startsWith('Arrow') && event.target.closest('.case-page'))) {
    event.preventDefault();
    act();
  } else if (event.key === 'Enter' && event.target === document.body) list.openCurrent();
}

// ------------------------------------------------------------------------------------------------ start

async function enter(me) {
  dressHeader(me);
  document.getElementById('views').hidden = false;
  document.getElementById('nav-squad').hidden = !['patroller', 'squad_leader', 'disposer'].includes(me.role);
  show(main, h('p', { class: 'hint pad' }, t('loading')));
  const part = (path) => get(path).catch((error) => { fail(error); return null; });
  const [units, squads, catalogue] = await Promise.all([part('units'), part('squads'), part('catalogue')]);
  master.load(units?.items || units, squads?.items || squads, Array.isArray(catalogue) ? { items: catalogue } : catalogue);
  route();
  live();
}

async function start() {
  wireHeader();
  dressHeader(null);
  window.addEventListener('popstate', route);
  document.addEventListener('keydown', keys);
  document.getElementById('views').addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link || link.id === 'nav-squad' || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, '', link.getAttribute('href'));
    route();
  });
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
