// What both pages begin with: signing in by token (asked, tried on /me, remembered for this tab), the header, the master data.
import { get, getAll, setToken, token } from './api.js';
import { ROLES } from './codes.js';
import { lang, setLang, t, translatePage, word } from './i18n.js';
import { failure, h, problemText, show } from './view.js';

// Draws the form into `place`; `enter(me)` once a token works. `why` says what happened before, if anything.
export function signInForm(place, enter, why = '') {
  const input = h('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
    'aria-describedby': 'token-help',
  });
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
  show(
    place,
    h(
      'form',
      { class: 'sign-in card', onsubmit: submit },
      h('h2', {}, t('sign_in')),
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'token' }, t('token')),
        input,
        h('p', { class: 'hint', id: 'token-help' }, t('token_help')),
      ),
      message,
      button,
    ),
  );
  input.focus();
}

// Header buttons of both pages: language, who, sign out.
export function dressHeader(me) {
  translatePage();
  document.title = t('product');
  document.getElementById('sign-out').hidden = !me;
  document.getElementById('who').textContent = me ? `${me.name} · ${word(ROLES, me.role)}` : '';
}

export function wireHeader() {
  dressHeader(null);
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

export async function startPage(main, enter) {
  const why = sessionStorage.getItem('wangge.why');
  sessionStorage.removeItem('wangge.why');
  try {
    if (token()) await enter(await get('me'));
    else signInForm(main, enter, why ? t(why) : '');
  } catch (error) {
    if (error.status === 401) signedOut();
    else
      show(
        main,
        h(
          'div',
          { class: 'card start-error' },
          failure(error, () => location.reload()),
        ),
      );
  }
}

// Names for the codes; a page without them still works, with codes.
export async function loadMaster(master, fail) {
  const part = (path) =>
    getAll(path).catch((error) => {
      fail(error);
      return [];
    });
  const [units, squads, catalogue] = await Promise.all([part('units'), part('squads'), part('catalogue')]);
  master.load(units, squads, catalogue);
}

let toastTimer;
export function toast(text) {
  const node = document.getElementById('toast');
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    node.hidden = true;
  }, 6000);
}
