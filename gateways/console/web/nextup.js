// The one line an officer looks for in the morning: which case is mine next. It asks for the first case of each state that
// waits for this role, and shows the most pressing of them.
import { get } from './api.js';
import { STATES, TURN } from './codes.js';
import { t, word } from './i18n.js';
import { countdown } from './times.js';
import { h, lightBadge, plainClick, show } from './view.js';

// The earliest deadline that runs: the step's own, or the disposal's. Those without one come in the order of the role's turn.
const deadline = (item) => Date.parse(item.stage_due_at || (item.handed_over_at ? '' : item.due_at)) || Infinity;
const before = (a, b) => deadline(a) < deadline(b);

export class NextUp {
  constructor(master, me, go) {
    this.master = master;
    this.states = TURN[me.role] || [];
    this.go = go;
    this.item = null;
    this.node = h('div', { class: 'next-up', hidden: true });
  }

  async renew(counts) {
    if (!this.states.length || !counts) return;
    const waiting = this.states.filter((state) => counts.state?.[state] > 0);
    const first = await Promise.all(
      waiting.map((state) =>
        get(`cases?state=${state}&limit=1`).then(
          (answer) => answer.items[0],
          () => null,
        ),
      ),
    );
    this.item = first.filter(Boolean).reduce((best, item) => (!best || before(item, best) ? item : best), null);
    this.#draw(waiting.reduce((sum, state) => sum + counts.state[state], 0));
  }

  open() {
    if (this.item) this.go({ case: this.item.case_no });
    return Boolean(this.item);
  }

  #draw(n) {
    const { item, master } = this;
    const print = JSON.stringify([n, item]);
    if (print === this.print) return;
    this.print = print;
    this.node.hidden = false;
    this.node.classList.toggle('nothing', !item);
    if (!item) return void show(this.node, h('p', { class: 'hint' }, '✓ ', t('next_none')));
    const open = plainClick(() => this.open());
    show(
      this.node,
      h(
        'a',
        { href: `/?case=${encodeURIComponent(item.case_no)}`, onclick: open, 'data-case': item.case_no },
        h('span', { class: 'next-word' }, t('next_case')),
        lightBadge(item.light),
        h('strong', {}, master.category(item)),
        h('span', { class: 'next-where' }, item.address || item.description || item.grid || ''),
        h('span', { class: 'next-state' }, word(STATES, item.state), ' · ', countdown(item)),
        h('span', { class: 'next-open' }, t('next_open'), ' ', h('kbd', {}, 'n')),
      ),
      h('span', { class: 'hint next-many' }, t('next_many', { n })),
    );
  }
}
