// The operator's page: sign in, the alarms, the next case, the list of open cases, the case beside it, the month's closure table.
// Everything that says what is shown stands in the URL, so that a view can be sent to a colleague.
import { get, LiveStream, serverNow } from './api.js';
import { Alarms } from './alarms.js';
import { CasePage } from './casepage.js';
import { CaseList } from './caselist.js';
import { closureView } from './closure.js';
import { STATISTICS_READERS } from './codes.js';
import { t } from './i18n.js';
import { keyboard, showHelp } from './keys.js';
import { MasterData } from './master.js';
import { NextUp } from './nextup.js';
import { dressHeader, loadMaster, signedOut, startPage, wireHeader } from './session.js';
import { h, show } from './view.js';
import { span } from './times.js';

const main = document.getElementById('main');
const master = new MasterData();
const alarms = new Alarms(document.getElementById('alarms'), master, go);
const COUNT_GAP = 3000;
let me = null,
  list = null,
  page = null,
  next = null,
  counts,
  lastGood = 0,
  lineUp = false;

function query() {
  return new URLSearchParams(location.search);
}

// Changes some of the URL's parameters and shows what they say; no value removes one.
function go(changes, { replace = false } = {}) {
  const at = query();
  for (const [name, value] of Object.entries(changes)) {
    if (value) at.set(name, value);
    else at.delete(name);
  }
  const url = `/?${at}`;
  if (url !== `/${location.search}`) history[replace ? 'replaceState' : 'pushState'](null, '', url);
  route();
}

function route() {
  const at = query();
  const view = at.get('view') || 'cases';
  for (const name of ['cases', 'closure']) {
    const link = document.getElementById(`nav-${name}`);
    if (view === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (view === 'closure') {
    list = page = next = null;
    closureView(main, at, go).catch(fail);
    return;
  }
  if (!list) {
    list = new CaseList(master, me, { go, fail, good });
    page = new CasePage(master, { go, fail, changed: (after) => list?.put(after), done: () => renew() });
    next = new NextUp(master, me, go);
    show(main, next.node, h('div', { class: 'desk', id: 'desk' }, list.node, page.node));
    next.renew(counts);
  }
  document.getElementById('desk').classList.toggle('with-case', Boolean(at.get('case')));
  list.setCounts(counts);
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
  document.getElementById('line').textContent = lineUp ? `● ${t('online')}` : '';
  banner.hidden = lineUp || !lastGood || serverNow() - lastGood < 20000;
  if (!banner.hidden) banner.textContent = t('offline_age', { age: span(serverNow() - lastGood) });
}

// Counting walks over every open case of the scope: at most one walk in COUNT_GAP, and always one after the last change.
let counted = 0,
  countLater = 0;

function countSoon() {
  if (countLater) return;
  countLater = setTimeout(
    () => {
      countLater = 0;
      count();
    },
    Math.max(0, counted + COUNT_GAP - Date.now()),
  );
}

async function count() {
  counted = Date.now();
  try {
    counts = await get('cases/counts');
    alarms.set(counts);
    list?.setCounts(counts);
    await next?.renew(counts);
  } catch (error) {
    fail(error); // tabs without counts are still tabs; the list itself tells what is wrong
  }
}

// A burst of hints is one look, a city that never stops hinting still gets one a second; the open case is only read again when it
// was named, or when nobody knows which was.
const SOON = 250,
  GAP = 1000;
let timer = 0,
  looking = false,
  lastLook = 0,
  named = new Set();

function renew(caseNo) {
  named.add(caseNo || '');
  if (timer || looking) return;
  timer = setTimeout(lookNow, Math.max(SOON, lastLook + GAP - Date.now()));
}

async function lookNow() {
  const changed = named;
  timer = 0;
  looking = true;
  countSoon();
  named = new Set();
  await Promise.allSettled([list?.renew(), changed.has('') || changed.has(page?.caseNo) ? page?.renew() : null]);
  looking = false;
  lastLook = Date.now();
  if (named.size) {
    const [first] = named;
    renew(first);
  }
}

function live() {
  new LiveStream('stream', {
    event: (name, data) => renew(data?.case_no),
    up: () => {
      lineUp = true;
      good();
      renew();
    },
    down: () => {
      lineUp = false;
      drawLine();
    },
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

// ------------------------------------------------------------------------------------------------ start

async function enter(who) {
  me = who;
  dressHeader(me);
  document.getElementById('views').hidden = false;
  document.getElementById('help').hidden = false;
  document.getElementById('nav-closure').hidden = !STATISTICS_READERS.includes(me.role);
  document.getElementById('nav-squad').hidden = !['patroller', 'squad_leader', 'disposer', 'unit_clerk', 'unit_head'].includes(me.role);
  show(main, h('p', { class: 'hint pad' }, t('loading')));
  await loadMaster(master, fail);
  route();
  count();
  live();
}

wireHeader();
window.addEventListener('popstate', () => me && route());
document.addEventListener(
  'keydown',
  keyboard(() => ({ list, page, next }), go, query),
);
document.getElementById('help').addEventListener('click', showHelp);
document.getElementById('views').addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (!link || link.id === 'nav-squad' || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', link.getAttribute('href'));
  route();
});
startPage(main, enter);
