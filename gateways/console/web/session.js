// Signing in by token, shared by both pages: ask, try it on /me, remember it for this tab.
import { get, setToken, token } from './api.js';
import { lang, ROLES, setLang, t, translatePage, word } from './i18n.js';
import { h, problemText, show } from './view.js';

export async function whoAmI() {
  return token() ? get('me') : null;
}

// Draws the form into `place`; `enter(me)` once a token works. `why` says what happened before, if anything.
export function signInForm(place, enter, why = '') {
  const input = h('input', { id: 'token', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true, 'aria-describedby': 'token-help' });
  const message = h('p', { class: 'form-message', role: 'alert' }, why);
  const button = h('button', { type: 'submit', class: 'primary' }, t('sign_in'));
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    setToken(input.value.trim());
    try {
      enter(await get('me'));
    } catch (error) {
      setToken('');
      show(message, error.status === 401 ? t('token_bad') : problemText(error));
      button.disabled = false;
    }
  };
  show(place, h('form', { class: 'sign-in card', onsubmit: submit }, h('h2', {}, t('sign_in')),
    h('div', { class: 'field' }, h('label', { for: 'token' }, t('token')), input, h('p', { class: 'hint', id: 'token-help' }, t('token_help'))), message, button));
  input.focus();
}

// Header buttons of both pages: language, who, sign out.
export function dressHeader(me) {
  translatePage();
  document.title = t('product');
  const out = document.getElementById('sign-out');
  out.hidden = !me;
  document.getElementById('who').textContent = me ? `${me.name} · ${word(ROLES, me.role)}` : '';
}

export function wireHeader() {
  document.getElementById('language').addEventListener('click', () => {
    setLang(lang() === 'zh' ? 'en' : 'zh');
    location.reload();
  });
  document.getElementById('sign-out').addEventListener('click', () => {
    setToken('');
    location.reload();
  });
}

// For a token that died while the page was open.
export function signedOut() {
  setToken('');
  sessionStorage.setItem('wangge.why', 'token_bad');
  location.reload();
}

export function whySignedOut() {
  const why = sessionStorage.getItem('wangge.why');
  sessionStorage.removeItem('wangge.why');
  return why ? t(why) : '';
}

let toastTimer;
export function toast(text) {
  const node = document.getElementById('toast');
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 6000);
}
