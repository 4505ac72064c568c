// The keyboard, and the page that lists it. Nothing fires while somebody types, composes Chinese, or a dialog is open.
import { t } from './i18n.js';
import { h } from './view.js';

const LIST = [
  ['j k ↑ ↓', 'k_move'],
  ['Enter', 'k_open'],
  ['n', 'k_next'],
  ['1 – 9', 'k_act'],
  ['Esc', 'k_back'],
  ['/', 'k_search'],
  ['.', 'k_fresh'],
  ['← →', 'k_photo'],
  ['g', 'k_views'],
  ['?', 'k_help'],
];

export function showHelp() {
  if (document.querySelector('dialog[open]')) return;
  const opener = document.activeElement;
  const dialog = h(
    'dialog',
    { class: 'help', 'aria-label': t('help') },
    h('h2', {}, t('help')),
    h(
      'dl',
      { class: 'facts' },
      LIST.map(([keys, what]) => [
        h(
          'dt',
          {},
          keys.split(' ').map((k) => (k === '–' ? ' – ' : h('kbd', {}, k))),
        ),
        h('dd', {}, t(what)),
      ]),
    ),
    h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, t('close')),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    opener?.focus?.();
  });
  document.body.append(dialog);
  dialog.showModal();
}

// desk(): {list, page, next} as shown now, each may be null; go and query as in console.js.
export function keyboard(desk, go, query) {
  return (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]')) return;
    const { list, page, next } = desk();
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === 'Escape') {
      if (typing) event.target.blur();
      else if (page?.escape()) return;
      else if (query().get('case')) {
        go({ case: '' });
        list?.focusCurrent();
      }
      return;
    }
    if (typing) return;
    if (event.key === '?') return void showHelp();
    if (event.key === 'g') return void go({ view: query().get('view') === 'closure' ? '' : 'closure' });
    if (!list) return;
    const acts = {
      j: () => list.move(1),
      ArrowDown: () => list.move(1),
      k: () => list.move(-1),
      ArrowUp: () => list.move(-1),
      '.': () => list.reload(),
      '/': () => list.focusSearch(),
      n: () => next?.open(),
    };
    const act = acts[event.key];
    if (act && !(event.key.startsWith('Arrow') && event.target.closest('.case-page'))) {
      event.preventDefault();
      act();
    } else if (/^[1-9]$/.test(event.key) && query().get('case')) {
      if (page?.act(Number(event.key) - 1)) event.preventDefault();
    } else if (event.key === 'Enter' && event.target === document.body) {
      list.openCurrent();
    }
  };
}
