// Is there a line to the program? While there is none, whatever would send something is greyed with the reason and does nothing; what is
// typed stays where it is, and it all comes back by itself. Kept in one place for every page of the console, so that none can forget it.
import { readonly, ref, watch } from 'vue';
import { asProblem, get } from '../core/api';
import { t } from '../core/i18n';
import { line, toast } from '../ui/session';

const lost = ref(false);
export const cut = readonly(lost);

// Says why nothing goes out, where that is so.
export function held(): boolean {
  if (lost.value) toast(t('line_cut'));
  return lost.value;
}

// ---- finding out: the live stream tells first; a quick question tells a stream that was refused from a line that is gone

const FIRST = 800,
  AGAIN = 2000, // while it is cut: people wait for it
  CALM = 10000; // without a stream, but answered
let asking: ReturnType<typeof setTimeout> | undefined;
let mine = 0;

async function ask(): Promise<void> {
  const turn = (mine += 1);
  const gone = await get('me', { wait: 5000 }).then(
    () => false,
    (error) => asProblem(error).status === 0,
  );
  if (turn !== mine) return;
  lost.value = gone;
  if (!line.up || gone) later(gone ? AGAIN : CALM);
}
function later(wait: number): void {
  clearTimeout(asking);
  asking = setTimeout(() => void ask(), wait);
}

// ---- greying: everything that sends says so by its kind

const SENDS = 'form [type=submit], [data-action], [data-bulk], [data-step], [data-act], [data-sends]';
const marked = new Map<Element, string | null>(); // what is greyed, with the title it had

function grey(): void {
  for (const one of document.querySelectorAll(SENDS)) {
    if (one.tagName === 'FORM' || marked.has(one)) continue;
    marked.set(one, one.getAttribute('title'));
    one.setAttribute('aria-disabled', 'true');
    one.setAttribute('title', t('line_cut'));
  }
}
function wake(): void {
  for (const [one, title] of marked) {
    one.removeAttribute('aria-disabled');
    if (title === null) one.removeAttribute('title');
    else one.setAttribute('title', title);
  }
  marked.clear();
}
function stop(event: Event): void {
  const target = event.target as Element;
  const sends =
    event.type === 'keydown'
      ? (event as KeyboardEvent).ctrlKey && (event as KeyboardEvent).key === 'Enter' && target.closest('form')
      : event.type === 'submit' || target.closest(SENDS)?.matches(':not(form)');
  // Signing in over the page is a question of its own.
  if (!sends || target.closest('dialog')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held();
}

export function watchLine(): void {
  const more = new MutationObserver(grey);
  watch(
    () => line.up,
    (up) => {
      mine += 1;
      clearTimeout(asking);
      if (up) lost.value = false;
      else later(FIRST);
    },
  );
  for (const name of ['online', 'offline']) addEventListener(name, () => void ask());
  watch(lost, (gone) => {
    for (const kind of ['click', 'submit', 'keydown']) (gone ? document.addEventListener : document.removeEventListener).call(document, kind, stop, true);
    if (!gone) {
      more.disconnect();
      return wake();
    }
    grey();
    more.observe(document.body, { childList: true, subtree: true });
  });
}
