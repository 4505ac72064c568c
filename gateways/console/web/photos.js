// Photos need the token, so they are fetched and painted; no URL of ours ever carries a token.
import { mediaBlob } from './api.js';
import { t } from './i18n.js';
import { h, show } from './view.js';

export const mediaIds = (photos) => (photos || []).map((p) => (typeof p === 'string' ? p : p?.media_id)).filter(Boolean);

const KEPT = 60;
const pictures = new Map(); // media_id -> ImageBitmap promise, the latest KEPT of them

function bitmap(id) {
  if (!pictures.has(id)) {
    const coming = mediaBlob(id).then((blob) => createImageBitmap(blob));
    coming.catch(() => pictures.delete(id));
    pictures.set(id, coming);
    if (pictures.size > KEPT) pictures.delete(pictures.keys().next().value);
  }
  return pictures.get(id);
}

function paint(image, edge) {
  const scale = Math.min(1, edge / Math.max(image.width, image.height));
  const canvas = h('canvas', {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// All photos of a case, one at a time, big; arrow keys go through them.
function enlarge(all, at, opener) {
  const place = h('div', { class: 'big-photo' });
  const words = h('p', { role: 'status' });
  const turn = (step) => {
    at = (at + step + all.length) % all.length;
    const now = at;
    words.textContent = t('photo_of', { what: all[at].what, n: all[at].n, all: all[at].of });
    bitmap(all[at].id).then(
      (image) => {
        if (now === at) show(place, paint(image, 1600));
      },
      () => show(place, t('photo_failed')),
    );
  };
  const dialog = h(
    'dialog',
    { class: 'lightbox', 'aria-label': t('photos') },
    place,
    h(
      'div',
      { class: 'lightbox-line' },
      words,
      all.length > 1
        ? [
            h('button', { type: 'button', onclick: () => turn(-1) }, '← ', t('photo_back')),
            h('button', { type: 'button', onclick: () => turn(1) }, t('photo_next'), ' →'),
          ]
        : null,
      h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, t('close')),
    ),
  );
  dialog.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) turn(step);
    event.stopPropagation(); // the queue behind must not move
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    opener.focus();
  });
  document.body.append(dialog);
  turn(0);
  dialog.showModal();
}

// A phone pays for its data: a photo is fetched when it comes near the screen.
const nearby = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      nearby.unobserve(target);
      target.dispatchEvent(new Event('near'));
    }
  },
  { rootMargin: '300px' },
);

function thumb(all, at) {
  const { id, what, n } = all[at];
  const frame = h('button', { type: 'button', class: 'photo', 'aria-label': t('photo_open', { what, n }), disabled: true }, t('loading'));
  frame.addEventListener(
    'near',
    () =>
      bitmap(id)
        .then((image) => {
          frame.disabled = false;
          show(frame, paint(image, 320));
          frame.addEventListener('click', () => enlarge(all, at, frame));
        })
        .catch((error) => {
          frame.textContent = t(error.status === 404 ? 'photo_pending' : 'photo_failed');
        }),
    { once: true },
  );
  nearby.observe(frame);
  return h('li', {}, frame);
}

// groups: [{title, photos}]; side by side, so that before and after can be compared at a glance.
export function photoGroups(groups) {
  const full = groups.map((g) => ({ ...g, ids: mediaIds(g.photos) })).filter((g) => g.ids.length);
  const all = full.flatMap((g) => g.ids.map((id, n) => ({ id, what: g.title, n: n + 1, of: g.ids.length })));
  let at = 0;
  return full.length
    ? h(
        'div',
        { class: 'photo-groups' },
        full.map((g) =>
          h(
            'figure',
            {},
            h('figcaption', {}, g.title, h('span', { class: 'n' }, g.ids.length)),
            h(
              'ul',
              { class: 'photos' },
              g.ids.map(() => thumb(all, at++)),
            ),
          ),
        ),
      )
    : null;
}

export const photoStrip = (photos, title = t('photos')) => photoGroups([{ title, photos }])?.querySelector('ul') || null;

export function thumbnail(file) {
  const frame = h('span', { class: 'thumb' }, '…');
  createImageBitmap(file).then(
    (image) => show(frame, paint(image, 240)),
    () => {
      frame.textContent = '⚠';
    },
  );
  return frame;
}
