// The operator's alarm (CONTRACT 6): tasks that no device has received in time, in red above everything, each with the way to its
// case. It goes by itself when a device has the task.
import { serverNow } from './api.js';
import { KINDS } from './codes.js';
import { t, word } from './i18n.js';
import { span, ticking } from './times.js';
import { h, plainClick, show } from './view.js';

const SHOWN = 4;

export class Alarms {
  constructor(place, master, go) {
    this.place = place;
    this.master = master;
    this.go = go;
    this.count = 0;
  }

  set(counts) {
    if (!counts) return;
    const list = counts.escalated || [];
    const count = counts.escalated_count ?? list.length;
    const print = JSON.stringify([count, list]);
    if (print === this.print) return;
    this.print = print;
    this.count = count;
    this.place.hidden = count === 0;
    document.title = (count ? `(${count}) ` : '') + t('product');
    const rest = count - Math.min(list.length, SHOWN);
    show(
      this.place,
      h('strong', {}, t(count === 1 ? 'alarm_one' : 'alarm_title', { n: count })),
      h(
        'ul',
        {},
        list.slice(0, SHOWN).map((task) => h('li', {}, this.#link(task))),
      ),
      rest > 0
        ? h(
            'details',
            {},
            h('summary', {}, t('alarm_more', { n: rest })),
            h(
              'ul',
              {},
              list.slice(SHOWN).map((task) => h('li', {}, this.#link(task))),
            ),
          )
        : null,
    );
  }

  #link(task) {
    const open = plainClick(() => this.go({ view: '', case: task.case_no }));
    const who = this.master.squad(task.squad) || task.holder || this.master.who(task.unit, '') || word(KINDS, task.kind);
    return h(
      'a',
      { href: `/?case=${encodeURIComponent(task.case_no)}`, onclick: open, 'data-case': task.case_no },
      h('b', {}, who),
      ' · ',
      this.master.category(task),
      ' · ',
      ticking('span', {}, () => t('alarm_since', { t: span(serverNow() - Date.parse(task.given_at)) })),
    );
  }
}
