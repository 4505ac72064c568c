// The list of cases: tabs by state, lights with their counts, filters in the URL, paging by cursor. It never jumps under the
// reader's eyes: shown rows change in place, what is new waits behind a bar until it is asked for.
import { get } from './api.js';
import { caseRow } from './caserow.js';
import { STAGES, STATES, TURN } from './codes.js';
import { t, word } from './i18n.js';
import { failure, h, shapeOf, show } from './view.js';

const TABS = [
  '',
  'verifying',
  'pending_accept',
  'self_disposed_review',
  'pending_file',
  'returned_by_dispatch',
  'pending_dispatch',
  'pending_dispose',
  'returned_by_unit',
  'disposing',
  'suspended',
  'in_enforcement',
  'disposed',
  'pending_review',
  'checking',
  'pending_close',
  'awaiting_upstream',
];
const SELDOM = [
  'verifying',
  'self_disposed_review',
  'returned_by_dispatch',
  'returned_by_unit',
  'suspended',
  'in_enforcement',
  'pending_review',
  'awaiting_upstream',
]; // shown when there is one
const FILTERS = [
  'state',
  'stage',
  'light',
  'unit',
  'squad',
  'text',
  'street',
  'grid',
  'category',
  'source',
  'due',
  'month',
  'bbox',
  'sort',
];
const LIMIT = 50;

export class CaseList {
  constructor(master, me, outside) {
    this.master = master;
    this.turn = TURN[me.role] || [];
    this.outside = outside;
    this.rows = []; // {item, node}
    this.current = -1;
    this.wanted = null; // the query these rows answer
    this.tabs = h('nav', { class: 'tabs', 'aria-label': t('states_label') });
    this.lights = h('div', { class: 'lights', role: 'group', 'aria-label': t('lights_label') });
    this.fresh = h('button', { type: 'button', class: 'fresh', hidden: true, onclick: () => this.reload() });
    this.body = h('tbody');
    this.note = h('div', { class: 'note', role: 'status' });
    this.more = h('button', { type: 'button', hidden: true, onclick: () => this.#loadMore() }, t('more'));
    this.title = h('h2', { class: 'list-title', hidden: true });
    this.node = h(
      'section',
      { class: 'case-list', 'aria-label': t('cases') },
      this.title,
      this.tabs,
      this.#filters(),
      this.fresh,
      h(
        'table',
        { class: 'cases' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['col_light', 'col_case', 'col_what', 'col_where', 'col_state', 'col_who', 'col_due', 'col_left'].map((key) =>
              h('th', { scope: 'col', class: key }, t(key)),
            ),
          ),
        ),
        this.body,
      ),
      this.note,
      h('div', { class: 'pad' }, this.more),
    );
  }

  #filters() {
    const pick = (name, options) => {
      const id = `filter-${name}`;
      const box = h(
        'select',
        { id, onchange: () => this.outside.go({ [name]: box.value }) },
        h('option', { value: '' }, t('any')),
        options.map(([code, words]) => h('option', { value: code }, words)),
      );
      return [box, h('label', { for: id }, t(`filter_${name}`), box)];
    };
    const made = {
      stage: pick(
        'stage',
        Object.keys(STAGES).map((s) => [s, word(STAGES, s)]),
      ),
      unit: pick('unit', this.master.unitChoices()),
    };
    this.boxes = Object.fromEntries(Object.entries(made).map(([name, [box]]) => [name, box]));
    this.search = h('input', {
      id: 'search',
      type: 'search',
      placeholder: t('search'),
      autocomplete: 'off',
      'aria-label': t('search_label'),
    });
    const find = (event) => {
      event.preventDefault();
      this.outside.go({ text: this.search.value.trim() });
    };
    const clear = (event) => {
      event.preventDefault();
      this.outside.go(Object.fromEntries([...FILTERS, 'list', 'what', 'back'].map((f) => [f, ''])));
    };
    this.clear = h('a', { class: 'link', href: '/?', onclick: clear }, t('clear'));
    return h(
      'form',
      { class: 'filters', role: 'search', onsubmit: find },
      this.lights,
      this.search,
      h('button', { type: 'submit' }, t('find')),
      Object.values(made).map(([, label]) => label),
      this.clear,
    );
  }

  // What the API is asked: the URL's filters, or exactly the list behind a figure of the closure table. A search looks at closed
  // cases too: a number read out on the telephone is found whatever became of the case.
  #apiQuery(at) {
    if (at.get('list')) return new URLSearchParams(at.get('list'));
    const ask = new URLSearchParams();
    for (const name of FILTERS) if (at.get(name)) ask.set(name, at.get(name));
    if (!['state', 'month', 'text'].some((name) => ask.has(name)) && ask.get('stage') !== 'evaluation') ask.set('open', 'true');
    ask.set('limit', LIMIT);
    return ask;
  }

  show(at) {
    for (const [name, box] of Object.entries(this.boxes)) box.value = at.get(name) || '';
    this.search.value = at.get('text') || '';
    this.clear.hidden = !FILTERS.some((name) => at.get(name));
    const behind = at.get('list');
    this.tabs.hidden = Boolean(behind);
    this.node.querySelector('.filters').hidden = Boolean(behind);
    this.title.hidden = !behind;
    if (behind)
      show(
        this.title,
        t('closure_list', { what: at.get('what') || '' }),
        ' ',
        h('a', { class: 'link', href: at.get('back') || '/?view=closure' }, t('back_table')),
      );
    const wanted = this.#apiQuery(at).toString();
    this.opened = at.get('case') || '';
    this.state = at.get('state') || '';
    this.light = at.get('light') || '';
    this.plain = wanted === `open=true&limit=${LIMIT}`;
    this.setCounts(this.counts);
    if (wanted === this.wanted) this.#mark();
    else {
      this.wanted = wanted;
      this.current = -1;
      this.reload();
    }
  }

  async reload() {
    const wanted = this.wanted;
    this.fresh.hidden = true;
    this.more.hidden = true;
    if (!this.rows.length) show(this.note, h('p', { class: 'hint' }, t('loading')));
    try {
      const answer = await get(`cases?${wanted}`);
      if (wanted !== this.wanted) return;
      const keep = this.rows[this.current]?.item.case_no || this.opened;
      this.rows = answer.items.map((item) => this.#row(item));
      this.current = Math.max(
        this.rows.findIndex((r) => r.item.case_no === keep),
        this.rows.length ? 0 : -1,
      );
      show(
        this.body,
        this.rows.map((r) => r.node),
      );
      this.#after(answer);
    } catch (error) {
      if (wanted === this.wanted) this.#failed(error);
    }
  }

  async #loadMore() {
    const wanted = this.wanted;
    const ask = new URLSearchParams(wanted);
    ask.set('cursor', this.cursor);
    try {
      const answer = await get(`cases?${ask}`);
      if (wanted !== this.wanted) return;
      const known = new Set(this.rows.map((r) => r.item.case_no));
      const fresh = answer.items.filter((item) => !known.has(item.case_no)).map((item) => this.#row(item));
      this.rows.push(...fresh);
      this.body.append(...fresh.map((r) => r.node));
      this.#after(answer);
    } catch (error) {
      this.#failed(error);
    }
  }

  // Looks again without moving anything: rows change in place, new ones are counted in the bar.
  async renew() {
    const wanted = this.wanted;
    if (!wanted || new URLSearchParams(wanted).has('as_of')) return;
    if (!this.rows.length) return void this.reload();
    try {
      const answer = await get(`cases?${wanted}`);
      if (wanted !== this.wanted) return;
      this.outside.good();
      const now = new Map(answer.items.map((item) => [item.case_no, item]));
      let fresh = 0;
      for (const item of answer.items) {
        if (this.rows.some((r) => r.item.case_no === item.case_no)) this.put(item);
        else fresh += 1;
      }
      if (!answer.next_cursor) {
        for (const row of this.rows) row.node.classList.toggle('gone', !now.has(row.item.case_no));
        fresh += this.rows.filter((r) => !now.has(r.item.case_no)).length;
      }
      this.fresh.hidden = fresh === 0;
      this.fresh.textContent = t('new_items', { n: fresh });
    } catch (error) {
      this.outside.fail(error);
    }
  }

  put(item) {
    const at = this.rows.findIndex((r) => r.item.case_no === item.case_no);
    if (at < 0 || this.rows[at].item.version > item.version) return;
    const row = this.#row({ ...this.rows[at].item, ...item });
    const focused = this.rows[at].node.contains(document.activeElement);
    this.rows[at].node.replaceWith(row.node);
    this.rows[at] = row;
    if (focused) row.node.querySelector('a').focus({ preventScroll: true });
    this.#mark();
  }

  #after(answer) {
    this.cursor = answer.next_cursor || '';
    this.more.hidden = !this.cursor;
    this.outside.good();
    const words = this.plain ? ['empty_queue', 'empty_queue_help'] : ['empty_list', 'empty_list_help'];
    show(
      this.note,
      this.rows.length ? null : h('div', { class: 'empty' }, h('p', { class: 'big' }, t(words[0])), h('p', { class: 'hint' }, t(words[1]))),
    );
    this.#mark();
  }

  #failed(error) {
    this.outside.fail(error);
    show(
      this.note,
      failure(error, () => this.reload()),
    );
  }

  // ---------------------------------------------------------------------------------------------- counts

  setCounts(counts) {
    this.counts = counts;
    const print = JSON.stringify([counts?.state, counts?.open, counts?.light, this.state, this.light]);
    if (print === this.countsPrint) return;
    this.countsPrint = print;
    const focus = [this.tabs, this.lights].find((part) => part.contains(document.activeElement));
    const at = focus ? [...focus.children].indexOf(document.activeElement) : -1;
    const all = [...TABS, this.state].filter(
      (tab, at, list) => list.indexOf(tab) === at && (tab === this.state || !SELDOM.includes(tab) || counts?.state?.[tab] > 0),
    );
    show(
      this.tabs,
      all.map((tab) => {
        const n = tab ? counts?.state?.[tab] : counts?.open;
        const mine = this.turn.includes(tab) && n > 0;
        return h(
          'a',
          {
            href: `/?state=${tab}`,
            class: mine ? 'mine' : n || !tab ? null : 'none',
            title: mine ? t('your_turn') : null,
            'aria-current': tab === this.state ? 'page' : null,
            onclick: (event) => {
              event.preventDefault();
              this.outside.go({ state: tab, text: '' });
            },
          },
          tab ? word(STATES, tab) : t('all'),
          n === undefined ? null : h('span', { class: 'n' }, n),
          mine ? h('span', { class: 'visually-hidden' }, t('your_turn')) : null,
        );
      }),
    );
    show(
      this.lights,
      ['red', 'yellow', 'green', 'none'].map((light) => {
        const body = [
          h('span', { class: 'shape', 'aria-hidden': 'true' }, shapeOf(light)),
          h('span', {}, t(`light_${light}`)),
          h('b', {}, counts?.light?.[light] ?? '–'),
        ];
        // The API filters by the three lights only; those without a clock are counted for the sum to be right.
        return light === 'none'
          ? h('span', { class: 'light none' }, body)
          : h(
              'button',
              {
                type: 'button',
                class: `light ${light}`,
                'data-light': light,
                'aria-pressed': String(this.light === light),
                onclick: () => this.outside.go({ light: this.light === light ? '' : light }),
              },
              body,
            );
      }),
    );
    focus?.children[at]?.focus({ preventScroll: true }); // the new numbers must not take the keyboard's place away
  }

  // ---------------------------------------------------------------------------------------------- rows and the cursor

  #row(item) {
    const open = () => {
      this.current = this.rows.findIndex((r) => r.item.case_no === item.case_no);
      this.openCurrent();
    };
    return { item, node: caseRow(item, this.master, open) };
  }

  #mark() {
    this.rows.forEach((row, index) => {
      row.node.classList.toggle('current', index === this.current);
      row.node.classList.toggle('opened', row.item.case_no === this.opened);
    });
  }

  move(step) {
    if (!this.rows.length) return;
    this.current = Math.max(0, Math.min(this.rows.length - 1, this.current + step));
    this.#mark();
    this.focusCurrent();
    if (this.opened) this.openCurrent({ replace: true });
  }

  focusCurrent() {
    const row = this.rows[this.current];
    row?.node.querySelector('a').focus({ preventScroll: true });
    row?.node.scrollIntoView({ block: 'nearest' });
  }

  openCurrent(how) {
    const row = this.rows[this.current];
    if (row) this.outside.go({ case: row.item.case_no }, how);
  }

  focusSearch() {
    this.search.focus();
    this.search.select();
  }
}
