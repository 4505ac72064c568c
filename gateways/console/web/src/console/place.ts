// Everything that says what is shown stands in the URL, so that a view can be sent to a colleague.
import { shallowRef } from 'vue';

export const at = shallowRef(new URLSearchParams(location.search));
window.addEventListener('popstate', () => {
  at.value = new URLSearchParams(location.search);
});

export type Changes = Record<string, string | undefined>;

// Changes some of the URL's parameters; no value removes one.
export function go(changes: Changes, { replace = false } = {}): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  open(`/?${next}`, { replace });
}

export function open(url: string, { replace = false } = {}): void {
  if (url !== `/${location.search}`) history[replace ? 'replaceState' : 'pushState'](null, '', url);
  at.value = new URLSearchParams(location.search);
}

// A click that is not meant for a new tab is ours to handle, in this page.
export const plain = (event: MouseEvent): boolean => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
export function follow(event: MouseEvent, act: () => void): void {
  if (!plain(event)) return;
  event.preventDefault();
  act();
}
export const caseUrl = (no: string): string => `/?case=${encodeURIComponent(no)}`;
