// Pictures to paint: photos need us to say who we are, so they are fetched and painted; no URL of ours ever carries a token.
import { mediaBlob } from './api';

const KEPT = 60;
const pictures = new Map<string, Promise<ImageBitmap>>(); // media_id -> the latest KEPT of them

export function picture(id: string): Promise<ImageBitmap> {
  const known = pictures.get(id);
  if (known) return known;
  const coming = mediaBlob(id).then((blob) => createImageBitmap(blob));
  coming.catch(() => pictures.delete(id));
  pictures.set(id, coming);
  if (pictures.size > KEPT) pictures.delete(pictures.keys().next().value!);
  return coming;
}

export function paintOn(canvas: HTMLCanvasElement, image: ImageBitmap, edge: number): void {
  const scale = Math.min(1, edge / Math.max(image.width, image.height));
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
}

// Metres between two places, good enough within a city.
export function metresBetween(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const rad = Math.PI / 180;
  const x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  const y = (b.lat - a.lat) * rad;
  return Math.hypot(x, y) * 6371008.8;
}
