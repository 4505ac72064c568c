// Handing media in. Small ones in one piece; larger ones by tus 1.0 in pieces, so that a line that breaks costs one piece: where an upload
// stands is asked of the server, and its address is remembered under a key until it is whole.
import { BASE, Problem, headers } from './api';
import { recall, remember } from './storage';

export interface Told {
  taken?: 'camera' | 'gallery';
  captured_at?: string;
  place?: string; // lon,lat of the device
  original?: string; // media_id of the picture a marked copy was drawn from
}
export const BIG = 1 << 20;
export const PIECE = 512 * 1024;
const WAIT = 60000; // milliseconds for one piece
const addressOf = (key: string) => `wangge.upload.${key}`;

async function ask(url: string, method: string, extra: Record<string, string>, body?: Blob): Promise<Response> {
  try {
    return await fetch(url, { method, headers: headers(extra), body, signal: AbortSignal.timeout?.(WAIT), cache: 'no-store' });
  } catch {
    throw new Problem(0, { code: 'no_answer' });
  }
}
async function refused(response: Response): Promise<Problem> {
  return new Problem(response.status, await response.json().catch(() => ({})));
}

export async function handIn(file: Blob, told: Told = {}, key = ''): Promise<{ media_id: string }> {
  if (file.size > BIG) return resumable(file, told, key);
  const query = new URLSearchParams(Object.entries(told).filter(([, value]) => value) as [string, string][]).toString();
  const response = await ask(`${BASE}/media${query && `?${query}`}`, 'POST', { 'Content-Type': file.type || 'application/octet-stream' }, file);
  if (!response.ok) throw await refused(response);
  return response.json();
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
export function metadata(file: Blob, told: Told): string {
  return Object.entries({ filetype: file.type, ...told })
    .filter(([, value]) => value)
    .map(([name, value]) => `${name} ${base64(value!)}`)
    .join(',');
}
// The piece's SHA-256, where the browser may compute one (https and localhost).
async function checksum(piece: Blob): Promise<Record<string, string>> {
  if (!crypto.subtle) return {};
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await piece.arrayBuffer()));
  return { 'Upload-Checksum': `sha256 ${btoa(String.fromCharCode(...digest))}` };
}
const TUS = { 'Tus-Resumable': '1.0.0', Accept: '*/*' };
const offsetOf = (response: Response) => Number(response.headers.get('Upload-Offset'));

async function begin(file: Blob, told: Told, key: string): Promise<string> {
  const made = await ask(`${BASE}/uploads`, 'POST', { ...TUS, 'Upload-Length': String(file.size), 'Upload-Metadata': metadata(file, told) });
  if (made.status !== 201) throw await refused(made);
  const url = made.headers.get('Location')!;
  if (key) remember(addressOf(key), url);
  return url;
}

export async function resumable(file: Blob, told: Told, key: string, piece = PIECE): Promise<{ media_id: string }> {
  let url = key ? recall(addressOf(key)) : '';
  let offset = 0;
  if (url) {
    const stands = await ask(url, 'HEAD', TUS);
    if (stands.ok && Number(stands.headers.get('Upload-Length')) === file.size) offset = offsetOf(stands);
    else if (stands.status === 401 || stands.status >= 500) throw new Problem(stands.status);
    else url = ''; // expired, ended, or of another file
  }
  url ||= await begin(file, told, key);
  for (let wrong = 0; ; ) {
    const part = file.slice(offset, offset + piece);
    const answer = await ask(url, 'PATCH', { ...TUS, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset), ...(await checksum(part)) }, part);
    if ((answer.status === 409 || answer.status === 460) && (wrong += 1) < 5) {
      if (answer.status === 409) offset = offsetOf(answer); // it says where it stands
      continue;
    }
    if (answer.status === 404) remember(addressOf(key), ''); // the next try begins anew
    if (answer.status !== 204) throw await refused(answer);
    wrong = 0;
    offset = offsetOf(answer);
    const media_id = answer.headers.get('Media-Id');
    if (media_id) {
      if (key) remember(addressOf(key), '');
      return { media_id };
    }
  }
}
