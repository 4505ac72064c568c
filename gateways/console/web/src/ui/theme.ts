// Light, dark, or as the system says. The resolved one stands on <html data-theme>.
import { ref } from 'vue';
import { recall, remember } from '../core/storage';

export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'wangge.theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const asked = recall(KEY);
export const theme = ref<Theme>(asked === 'light' || asked === 'dark' ? asked : 'auto');

function apply(): void {
  const dark = theme.value === 'dark' || (theme.value === 'auto' && system.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
export function nextTheme(): void {
  const turn: Record<Theme, Theme> = { auto: 'dark', dark: 'light', light: 'auto' };
  theme.value = turn[theme.value];
  remember(KEY, theme.value === 'auto' ? '' : theme.value);
  apply();
}
system.addEventListener('change', apply);
apply();
