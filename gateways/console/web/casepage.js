// One case beside the list: facts, the seven stages, exactly the buttons the server offers, the timeline, and why it
// went where it went.
import { get } from './api.js';
import { ACTIONS, ROLES, SOURCES, STAGES, STATES, CHOICES, t, word } from './i18n.js';
import { actionForm, actionTitle, doneText } from './forms.js';
import { countdown, h, lightBadge, mediaIds, photoStrip, problemText, show, span, when } from './view.js';
import { toast } from './session.js';

export function stepBar(item) {
  const stages = Object.keys(STAGES);
  const at = stages.indexOf(item.stage);
  return h('ol', { class: 'steps' }, stages.map((stage, index) => h('li', { class: index < at ? 'past' : index === at ? 'now' : 'next', 'aria-current': index === at ? 'step' : null },
    h('span', { class: 'dot', 'aria-hidden': 'true' }, index < at ? '✓' : index + 1), word(STAGES, stage))));
}

// Newest last; each row says who, when, and how long the step before it took.
export function timeline(rows) {
  let before = null;
  return h('ol', { class: 'timeline' }, rows.map((row) => {
    const spent = before && !row.transport ? Date.parse(row.at) - before : 0;
    if (!row.transport) before = Date.parse(row.at);
    const who = row.role === 'system' ? t('by_system') : `${row.actor || ''}（${word(ROLES, row.role)}）`;
    const said = [row.reason, row.opinion].filter(Boolean);
    return h('li', { class: row.transport ? 'transport' : row.role === 'system' ? 'system' : '' },
      h('p', {}, h('strong', {}, word(ACTIONS, row.action)), row.from !== row.to && row.to ? ` → ${word(STATES, row.to)}` : ''),
      h('p', { class: 'words' }, who, ' · ', h('time', { datetime: row.at }, when(row.at)), spent >= 60000 ? ` · ${t('spent', { t: span(spent) })}` : ''),
      said.map((text) => h('p', { class: 'said' }, text)),
      mediaIds(row.photos).length ? photoStrip(row.photos) : null);
  }));
}

// The explanation is data of the city's rules; it is shown as named lines, whatever it holds.
export function explanation(value) {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return h('ul', {}, value.map((item) => h('li', {}, explanation(item))));
  if (typeof value === 'object') return h('dl', { class: 'pairs' }, Object.entries(value).map(([name, item]) => [h('dt', {}, t(name)), h('dd', {}, explanation(item))]));
  return /^\d{4}-\d\d-\d\dT/.test(value) ? when(value) : String(value);
}

export class CasePage {
  #form = null;

  constructor(master, outside) {
    this.master = master;
    this.outside = outside;
    this.caseNo = '';
    this.node = h('section', { class: 'case-page', 'aria-label': t('facts'), tabindex: '-1', hidden: true });
  }

  async show(caseNo) {
    if (!caseNo) {
      this.node.hidden = true;
      this.caseNo = '';
      this.#form = null;
      return;
    }
    if (caseNo === this.caseNo) return;
    this.caseNo = caseNo;
    this.item = null;
    this.#form = null;
    this.node.hidden = false;
    show(this.node, this.#head(), h('p', { class: 'hint' }, t('loading')));
    await this.#load();
  }

  // A hint came: look again, but never take a half-filled form away.
  async renew() {
    if (!this.caseNo || this.#form) return;
    await this.#load(true);
  }

  escape() {
    if (!this.#form) return false;
    this.#closeForm();
    return true;
  }

  async #load(quiet = false) {
    const caseNo = this.caseNo;
    const path = `cases/${encodeURIComponent(caseNo)}`;
    try {
      const item = await get(path);
      if (caseNo !== this.caseNo || (quiet && (this.#form || this.item?.version === item.version))) return;
      const [history, why] = await Promise.all([get(`${path}/history`), get(`${path}/explain`).catch(() => null)]);
      if (caseNo !== this.caseNo || (quiet && this.#form)) return;
      this.item = item;
      this.history = history.items || history;
      this.why = why;
      this.#draw();
      this.outside.changed(item);
    } catch (error) {
      if (caseNo !== this.caseNo) return;
      this.outside.fail(error);
      if (!quiet) show(this.node, this.#head(), h('div', { class: 'error', role: 'alert' }, h('p', {}, t('load_failed'), ': ', problemText(error)), h('button', { type: 'button', onclick: () => this.#load() }, t('retry'))));
    }
  }

  #head() {
    return h('div', { class: 'case-head' }, h('h2', {}, this.caseNo),
      h('button', { type: 'button', class: 'quiet close', onclick: () => this.outside.go({ case: '' }) }, t('close')));
  }

  #draw() {
    const item = this.item;
    this.actionBox = h('div', { class: 'action-box' });
    this.#drawActions();
    const position = item.place_unusable ? h('span', { class: 'flag' }, t('place_unusable')) : item.lon !== null && item.lon !== undefined ? `${Number(item.lon).toFixed(6)}, ${Number(item.lat).toFixed(6)}` : '–';
    const due = item.due_at ? [when(item.due_at), ' ', countdown(item), item.provisional ? h('span', { class: 'flag' }, t('provisional')) : null] : null;
    const facts = [
      ['category', this.master.category(item)], ['condition', this.master.condition(item)], ['address', item.address], ['place', position], ['grid', item.grid],
      ['unit', this.master.unit(item.unit)], ['squad', this.master.squad(item.squad)], ['holder', item.holder], ['due_at', due], ['source', word(SOURCES, item.source)],
      ['opened_at', item.opened_at ? when(item.opened_at) : null], ['component_id', item.component_id], ['returns', item.returns], ['rework', item.rework],
      ['closing_condition', item.closing_condition ? word(CHOICES, item.closing_condition) : null],
      ['reporter', item.reporter && typeof item.reporter === 'object' ? [item.reporter.name, item.reporter.phone].filter(Boolean).join(' ') : null],
      ['twins', (item.twins || []).length ? item.twins.map((no) => [h('a', { href: `/?case=${encodeURIComponent(no)}` }, no), ' ']) : null],
    ].filter(([, value]) => value);
    const flags = ['escalated', 'backdated', 'key_conflict'].filter((name) => item[name]).map((name) => h('span', { class: 'flag' }, t(name)));
    show(this.node, this.#head(),
      h('p', { class: 'case-line' }, lightBadge(item.light), h('strong', {}, word(STATES, item.state)), countdown(item), flags),
      stepBar(item),
      h('p', { class: 'description' }, item.description || ''),
      this.actionBox,
      mediaIds(item.photos).length ? [h('h3', {}, t('photos')), photoStrip(item.photos)] : null,
      h('h3', {}, t('facts')), h('dl', { class: 'facts' }, facts.map(([name, value]) => [h('dt', {}, t(name)), h('dd', {}, value)])),
      h('h3', {}, t('timeline')), timeline(this.history),
      this.why ? h('details', {}, h('summary', {}, t('why')), explanation(this.why)) : null);
  }

  #drawActions() {
    this.#form = null;
    const offered = this.item.actions || [];
    show(this.actionBox, h('h3', {}, t('actions')), offered.length
      ? h('div', { class: 'buttons' }, offered.map((action) => h('button', { type: 'button', 'data-action': action.name, onclick: (event) => this.#open(action, event.target) }, actionTitle(action))))
      : h('p', { class: 'hint' }, t('no_actions')));
  }

  #open(action, button) {
    this.#drawActions();
    this.opener = action.name;
    this.actionBox.querySelectorAll('button').forEach((b) => b.setAttribute('aria-expanded', String(b.dataset.action === action.name)));
    this.#form = actionForm(action, this.item, this.master, {
      camera: false,
      done: (after) => {
        toast(doneText(action, after));
        this.#form = null;
        if (after?.case_no) this.outside.changed(after);
        this.#load().then(() => this.node.focus({ preventScroll: true }));
      },
      stale: (fresh) => { if (fresh) this.outside.changed(fresh); this.#stale = fresh; },
      cancel: () => this.#closeForm(),
    });
    this.actionBox.append(this.#form);
    this.#form.querySelector('input:not([type=file]), select, textarea, button')?.focus();
    button.scrollIntoView({ block: 'nearest' });
  }

  #stale = null;

  #closeForm() {
    this.#drawActions();
    this.actionBox.querySelector(`button[data-action="${CSS.escape(this.opener)}"]`)?.focus();
    if (this.#stale) {
      this.#stale = null;
      this.#load();
    }
  }
}
