// Pictures of the page's camera: taken, made smaller, and marked on a copy. The original stays as it was taken; the mark names it by the
// beginning of its hash, and its media_id is that hash, so that the two prove each other.
import { t } from '../core/i18n';

const EDGE = 1920; // points of the longer side that a case needs
const QUALITY = 0.85;
const AS_IS = 4 << 20; // a chosen picture up to this stays the file it was
export const REFUSED = 200 << 20; // no picture of a phone

export interface Mark {
  at: number;
  grid?: string;
  area?: string;
  where: string;
  who: string;
  about: string; // the case, or that it is a new report
  gallery: boolean;
  hash: string;
}
const face = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });

export function markLines(mark: Mark): string[] {
  return [
    `${face.format(mark.at)}${mark.gallery ? ` · ${t('gallery')}` : ''}`,
    [mark.grid ? `${t('grid')} ${mark.grid}` : t('no_cell'), mark.area].filter(Boolean).join(' '),
    mark.where,
    `${mark.who} · ${mark.about}`,
    ...(mark.hash ? [`${t('original_short')} ${mark.hash.slice(0, 16)}`] : []),
  ];
}

const jpeg = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture'))), 'image/jpeg', QUALITY));

function drawn(source: CanvasImageSource, width: number, height: number): HTMLCanvasElement {
  const scale = Math.min(1, EDGE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')!.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}
export const grab = (video: HTMLVideoElement): Promise<Blob> => jpeg(drawn(video, video.videoWidth, video.videoHeight));

// A chosen picture: as it is where it may stay so, smaller where it is huge or of another kind. Throws a key of words.
export async function shrink(file: File): Promise<Blob> {
  if (file.size > REFUSED) throw new Error('photo_huge');
  const heic = /hei[cf]/i.test(file.type) || /\.hei[cf]$/i.test(file.name);
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file);
  } catch {
    throw new Error(heic ? 'photo_heic' : 'photo_unreadable');
  }
  if (file.size <= AS_IS && /^image\/(jpeg|png)$/.test(file.type)) return file;
  return jpeg(drawn(image, image.width, image.height));
}

export async function hashOf(file: Blob): Promise<string> {
  if (!crypto.subtle) return '';
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function marked(file: Blob, mark: Mark): Promise<Blob> {
  const image = await createImageBitmap(file);
  const canvas = drawn(image, image.width, image.height);
  const paint = canvas.getContext('2d')!;
  const lines = markLines(mark);
  const size = Math.max(12, Math.round(canvas.width / 42));
  const high = size * 1.35 * lines.length + size;
  paint.fillStyle = 'rgb(0 0 0 / 55%)';
  paint.fillRect(0, canvas.height - high, canvas.width, high);
  paint.fillStyle = '#fff';
  paint.font = `${size}px system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif`;
  paint.textBaseline = 'top';
  lines.forEach((line, n) => paint.fillText(line, size * 0.6, canvas.height - high + size * 0.5 + n * size * 1.35, canvas.width - size * 1.2));
  return jpeg(canvas);
}
