// The month's closure table; every figure is a link to exactly the cases it counts, every rate to the cases of its upper part.
import { download, get } from './api.js';
import { t } from './i18n.js';
import { monthNow, when } from './times.js';
import { failure, h, show } from './view.js';
import { toast } from './session.js';

const BY = ['district', 'street', 'unit', 'squad', 'class', 'source'];
const FIELDS = [
  'filed',
  'dispatched',
  'due',
  'carried_over',
  'closed',
  'closed_on_time',
  'closure_rate',
  'on_time_closure_rate',
  'rework_rate',
  'extension_rate',
  'awaiting_check',
  'in_enforcement',
  'open_at_end',
];
const MONTHS = 36; // how far back the list goes; an older month stands in the URL
const PART_OF_RATE = {
  closure_rate: 'closed',
  on_time_closure_rate: 'closed_on_time',
  rework_rate: 'reworked',
  extension_rate: 'extended',
};

function shifted(month, step) {
  const [year, number] = month.split('-').map(Number);
  const all = year * 12 + number - 1 + step;
  return `${String(Math.floor(all / 12)).padStart(4, '0')}-${String((all % 12) + 1).padStart(2, '0')}`;
}

const monthWords = (month) => t('export_month', { y: month.slice(0, 4), m: Number(month.slice(5)) });
const nameOfRow = (row) => row.name || row.key || t('unnamed');

function cell(row, field, title, back) {
  const value = row[field];
  const none = value === null || value === undefined;
  const words = none ? '–' : field.endsWith('_rate') ? Number(value).toFixed(2) : String(value);
  const counted = PART_OF_RATE[field] || field;
  const url = row.cases?.[counted];
  const shown =
    none || !url || row[counted] === 0
      ? words
      : h(
          'a',
          { href: `/?${new URLSearchParams({ list: url.split('?')[1] || '', what: `${title} · ${t(`c_${counted}`)}`, back })}` },
          words,
        );
  return h('td', { class: field.endsWith('_rate') ? 'num rate' : 'num', 'data-field': field }, shown);
}

function exportButton(format, words, month, by) {
  const save = async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      await download(
        `statistics/closure?${new URLSearchParams({ month, by, format })}`,
        `${t('export_name', { month: monthWords(month), by: t(`by_${by}`) })}.${format}`,
      );
    } catch (error) {
      toast(`${words}${t('colon')}${failure(error).textContent}`);
    }
    button.disabled = false;
  };
  return h('button', { type: 'button', 'data-export': format, onclick: save }, words);
}

export async function closureView(main, at, go) {
  const month = /^\d{4}-\d\d$/.test(at.get('month') || '') ? at.get('month') : monthNow();
  const by = BY.includes(at.get('by')) ? at.get('by') : 'unit';
  const back = `/?${new URLSearchParams({ view: 'closure', month, by })}`;
  // A list, because not every browser has a month box, nor says its months in our language.
  const months = [...new Set([...Array.from({ length: MONTHS }, (_, back) => shifted(monthNow(), -back)), month])].sort().reverse();
  const monthBox = h(
    'select',
    { id: 'month', onchange: () => go({ month: monthBox.value }) },
    months.map((m) => h('option', { value: m }, monthWords(m))),
  );
  monthBox.value = month;
  const byBox = h(
    'select',
    { id: 'by', onchange: () => go({ by: byBox.value }) },
    BY.map((name) => h('option', { value: name }, t(`by_${name}`))),
  );
  byBox.value = by;
  const place = h('div', { class: 'closure-table', 'aria-live': 'polite' }, h('p', { class: 'hint' }, t('loading')));
  show(
    main,
    h(
      'section',
      { class: 'closure' },
      h('h2', {}, `${monthWords(month)} ${t('closure')}`),
      h(
        'div',
        { class: 'filters' },
        h('button', { type: 'button', onclick: () => go({ month: shifted(month, -1) }) }, '‹ ', t('month_back')),
        h('label', { for: 'month' }, t('month'), monthBox),
        h(
          'button',
          { type: 'button', disabled: month >= monthNow(), onclick: () => go({ month: shifted(month, 1) }) },
          t('month_next'),
          ' ›',
        ),
        h('label', { for: 'by' }, t('by'), byBox),
        h('span', { class: 'grow' }),
        exportButton('csv', t('export_csv'), month, by),
        exportButton('xlsx', t('export_xlsx'), month, by),
      ),
      place,
    ),
  );
  try {
    const table = await get(`statistics/closure?${new URLSearchParams({ month, by })}`);
    const title = (name) => `${monthWords(month)} · ${name}`;
    const line = (row, name) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, name),
        FIELDS.map((field) => cell(row, field, title(name), back)),
      );
    const rows = table.rows || [];
    show(
      place,
      h(
        'p',
        { class: 'hint as-of' },
        t('as_of', { t: when(table.as_of) }),
        month >= monthNow() ? ` · ${t('month_runs')}` : '',
        ' · ',
        t('closure_help'),
      ),
      rows.length
        ? h(
            'div',
            { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('closure') },
            h(
              'table',
              { class: 'figures' },
              h(
                'thead',
                {},
                h(
                  'tr',
                  {},
                  h('th', { scope: 'col' }, t(`by_${by}`)),
                  FIELDS.map((field) => h('th', { scope: 'col', class: field.endsWith('_rate') ? 'num rate' : 'num' }, t(`c_${field}`))),
                ),
              ),
              h(
                'tbody',
                {},
                rows.map((row) => line(row, nameOfRow(row))),
              ),
              table.total ? h('tfoot', {}, line(table.total, t('total'))) : null,
            ),
          )
        : h('div', { class: 'empty' }, h('p', { class: 'big' }, t('empty_month')), h('p', { class: 'hint' }, t('empty_month_help'))),
      table.basis ? h('details', { class: 'basis' }, h('summary', {}, t('basis')), h('p', {}, table.basis)) : null,
    );
  } catch (error) {
    show(
      place,
      failure(error, () => closureView(main, at, go).catch(() => {})),
    );
    throw error;
  }
}
