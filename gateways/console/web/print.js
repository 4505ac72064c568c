// The closure table to print: the server writes the page, this puts it here with the caller's token and opens the print
// dialog. Asks for what its own address says: month, by, compare, number.
import { token } from './api.js';
import { acceptLanguage } from './i18n.js';
import { startPage } from './session.js';
import { problemText } from './view.js';

async function show() {
  const asked = new URLSearchParams(location.search);
  asked.set('format', 'html');
  const response = await fetch(`/api/v1/statistics/closure?${asked}`, {
    headers: { Authorization: `Bearer ${token()}`, 'Accept-Language': acceptLanguage() },
    cache: 'no-store',
  });
  if (!response.ok) {
    document.getElementById('main').textContent = problemText({ status: response.status, body: await response.json().catch(() => null), errors: [] });
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const style = new CSSStyleSheet();
  style.replaceSync(page.querySelector('style').textContent);
  document.adoptedStyleSheets = [style];
  document.documentElement.lang = page.documentElement.lang;
  document.title = page.title;
  document.body.replaceChildren(...document.adoptNode(page.body).childNodes);
  window.print();
}

startPage(document.getElementById('main'), show);
