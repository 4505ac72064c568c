// The month's closure table; every figure is a link to exactly the cases it counts.
import { get } from './api.js';
import { t } from './i18n.js';
import { h, monthNow, problemText, show, when } from './view.js';

const BY = ['district', 'street', 'unit', 'squad', 'class', 'source'];
const FIELDS = ['filed', 'dispatched', 'due', 'carried_over', 'closed', 'closed_on_time', 'closure_rate', 'on_time_closure_rate', 'rework_rate', 'extension_rate', 'awaiting_check', 'in_enforcement', 'open_at_end'];

function cell(row, field, month, by) {
  const value = row[field];
  const words = value === null || value === undefined ? '–' : field.endsWith('_rate') ? Number(value).toFixed(2) : String(value);
  const url = row.cases?.[field];
  if (!url) return h('td', { class: 'num' }, words);
  const at = new URLSearchParams({ list: url.split('?')[1] || '', what: `${row.name || row.key || t('total')} · ${t(`c_${field}`)}`, back: `/?view=closure&month=${month}&by=${by}` });
  return h('td', { class: 'num' }, h('a', { href: `/?${at}` }, words));
}

export async function closureView(main, at, go) {
  const month = at.get('month') || monthNow();
  const by = at.get('by') || 'unit';
  const monthBox = h('input', { id: 'month', type: 'month', value: month, max: monthNow(), onchange: () => monthBox.value && go({ month: monthBox.value }) });
  const byBox = h('select', { id: 'by', onchange: () => go({ by: byBox.value }) }, BY.map((name) => h('option', { value: name }, t(`by_${name}`))));
  byBox.value = by;
  const place = h('div', { class: 'closure-table', 'aria-live': 'polite' }, h('p', { class: 'hint' }, t('loading')));
  show(main, h('section', { class: 'closure' }, h('h2', {}, t('closure')),
    h('div', { class: 'filters' }, h('label', { for: 'month' }, t('month'), monthBox), h('label', { for: 'by' }, t('by'), byBox)), place));
  try {
    const table = await get(`statistics/closure?${new URLSearchParams({ month, by })}`);
    const line = (row, name) => h('tr', {}, h('th', { scope: 'row' }, name), FIELDS.map((field) => cell(row, field, month, by)));
    const rows = table.rows || [];
    show(place, h('p', { class: 'hint' }, t('as_of', { t: when(table.as_of) }), table.basis ? ` · ${t('basis')}: ${typeof table.basis === 'string' ? table.basis : JSON.stringify(table.basis)}` : ''),
      rows.length
        ? h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('closure') }, h('table', { class: 'figures' },
          h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('c_name')), FIELDS.map((field) => h('th', { scope: 'col', class: 'num' }, t(`c_${field}`))))),
          h('tbody', {}, rows.map((row) => line(row, row.name || row.key || '–'))),
          table.total ? h('tfoot', {}, line({ ...table.total, name: t('total') }, t('total'))) : null))
        : h('div', { class: 'empty' }, h('p', { class: 'big' }, t('empty_list'))));
  } catch (error) {
    show(place, h('div', { class: 'error', role: 'alert' }, h('p', {}, t('load_failed'), ': ', problemText(error))));
    throw error;
  }
}
