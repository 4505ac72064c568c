// One line of the queue: light, number, what with its flags, where, state, whose, until when.
import { REQUESTS, STATES } from './codes.js';
import { t, word } from './i18n.js';
import { countdown, when } from './times.js';
import { caseNumber, ended, flag, h, lightBadge, plainClick } from './view.js';

function flagsOf(item) {
  const flags = ['urgent', 'supervised', 'key_conflict'].filter((name) => item[name]).map((name) => flag(t(name)));
  if (item.escalated) flags.unshift(flag(t('undelivered')));
  if (item.pending_request) flags.push(flag(t('request_waits', { what: word(REQUESTS, item.pending_request) })));
  if (item.twins?.length) flags.push(h('span', { class: 'flag calm' }, t('maybe_twin', { n: item.twins.length })));
  return flags;
}

export function caseRow(item, master, open) {
  const words = item.description || '';
  const cell = (name, ...inside) => h('td', { class: name }, inside);
  return h(
    'tr',
    { 'data-case': item.case_no, onclick: plainClick(open) },
    cell('col_light', lightBadge(item.light, ended(item))),
    cell('col_case', h('a', { class: 'no', href: `/?case=${encodeURIComponent(item.case_no)}` }, caseNumber(item.case_no))),
    cell(
      'col_what',
      h('span', { class: 'name' }, master.category(item)),
      flagsOf(item),
      words ? h('span', { class: 'words', title: words.slice(0, 400) }, words.slice(0, 160)) : null,
    ),
    cell('col_where', item.place_unusable ? flag(t('place_unusable')) : item.address || item.grid || '–'),
    cell('col_state', word(STATES, item.state)),
    h(
      'td',
      { class: 'col_who', title: master.who(item.unit, item.squad) || null },
      master.unit(item.unit),
      item.squad ? h('span', { class: 'words' }, master.squad(item.squad)) : null,
    ),
    cell('col_due', when(item.due_at)),
    cell('col_left', countdown(item)),
  );
}
