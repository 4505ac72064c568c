// What the patrol page knows: where it stands, the cells of today's duty grids, on duty or not, roll-calls, what was sent.
import { computed, reactive, ref, shallowRef } from 'vue';
import { get, getAll, post, serverNow } from '../core/api';
import { t } from '../core/i18n';
import type { OutboxItem, OutboxPhoto } from '../core/outbox';
import { keep, kept, outboxStore } from '../core/shelf';
import { recall, recallJson, remember } from '../core/storage';
import type { Case } from '../core/types';
import { me, toast } from '../ui/session';
import { type Cell, type Fix, placeOf } from './place';
import { momentOf, wireOf } from './report';

// ---- the clock: the phone's may be wrong, and without a line only what was learnt before is known

const SKEW = 'wangge.skew';
let learnt = false;
export const skew = (): number => {
  const now = serverNow() - Date.now();
  if (now !== 0 || learnt) remember(SKEW, String(now));
  return now || (learnt ? 0 : Number(recall(SKEW)) || 0);
};
export const moment = (): number => Date.now() + skew();

// ---- where

export const fix = shallowRef<Fix>();
export const gpsFault = ref(''); // a key of words
export const cells = shallowRef<Cell[]>([]);
let watching = false;
export function locate(): void {
  if (watching) return;
  if (!navigator.geolocation) return void (gpsFault.value = 'gps_none');
  watching = true;
  navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      gpsFault.value = '';
      fix.value = { lon: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy), at: timestamp };
    },
    (error) => {
      gpsFault.value = error.code === 1 ? 'gps_denied' : 'gps_none';
      if (error.code === 1) fix.value = undefined;
    },
    { enableHighAccuracy: true, maximumAge: 5000, timeout: 20000 },
  );
}
export const here = computed(() => placeOf(fix.value, cells.value));
export const spot = () => (fix.value ? { lon: fix.value.lon, lat: fix.value.lat, accuracy_m: fix.value.accuracy } : {});
export const farText = (metres: number): string => (metres >= 1000 ? t('kilometres', { n: (metres / 1000).toFixed(1) }) : t('metres', { n: Math.round(metres) }));

// ---- duty, roster, roll-calls

export interface DutyLine {
  name?: string | null; // of the grid, duty grid, community or street; none: the whole district
  street?: string | null;
  community?: string | null;
  duty_grid?: string | null;
  grid?: string | null;
  from: string;
  to: string;
}
interface DutyState {
  person: string;
  on_duty: boolean;
  since?: string | null;
  gallery_photos?: boolean;
  lines: DutyLine[];
}
export interface RollCall {
  roll_call_id: string;
  called_by: string;
  note: string;
  answer_by: string;
}
export const duty = ref<DutyState>({ person: '', on_duty: false, lines: [] });
export const calls = ref<RollCall[]>([]);
const key = (name: string) => `${name}.${me.value?.district}/${me.value?.name}`;

async function lookAtDuty() {
  const own = (await get<{ items: DutyState[] }>('duty?limit=200')).items.find((one) => one.person === me.value?.name);
  if (own) duty.value = own;
  void keep(key('duty'), JSON.parse(JSON.stringify(duty.value)));
}
async function lookAtCells() {
  const fresh = await getAll<Cell>('duty/grids');
  cells.value = fresh;
  void keep(key('cells'), fresh);
}
export async function lookAtCalls(): Promise<void> {
  const open = (await get<{ items: RollCall[] }>('roll-calls?open=true&limit=20')).items;
  if (open.some((one) => !calls.value.some((known) => known.roll_call_id === one.roll_call_id))) navigator.vibrate?.([300, 100, 300]);
  calls.value = open;
}
export async function lookAround(): Promise<void> {
  await Promise.allSettled([lookAtDuty(), lookAtCalls(), ...(cells.value.length ? [] : [lookAtCells()])]);
  learnt = true;
}
export async function recallAround(): Promise<void> {
  const [known, grids, list] = await Promise.all([kept<DutyState>(key('duty')), kept<Cell[]>(key('cells')), kept<Sent[]>(key('sent'))]);
  if (known) duty.value = known;
  if (grids) cells.value = grids;
  if (list) sent.value = list;
  void lookAround().then(() => lookAtCells().catch(() => {})); // yesterday's roster is not today's
}

// ---- what was sent

export interface Sent {
  case_no: string;
  title: string;
  at: string;
}
export const sent = ref<Sent[]>([]);
export const sentToday = computed(() => sent.value.filter((one) => new Date(one.at).toDateString() === new Date(serverNow()).toDateString()));
const SENT_KEPT = 50;

// ---- categories used last, by this person on this phone

export const recent = reactive<string[]>([]);
export function loadRecent(): void {
  recent.splice(0, recent.length, ...recallJson<string[]>(key('wangge.recent'), []));
}
export function useCategory(which: string): void {
  recent.splice(0, recent.length, ...[which, ...recent.filter((one) => one !== which)].slice(0, 8));
  remember(key('wangge.recent'), JSON.stringify(recent));
}

// ---- the road of what is no action of a case. Each goes out under the item's id, so that it stands once.

// The moment is fixed at the first try, when the server's clock is known, and kept: a retry must be the same to the letter.
async function sendReport(item: OutboxItem): Promise<Case> {
  if (!item.input.reported_at) {
    await get('me');
    learnt = true;
    item.input.reported_at = momentOf(Number(item.input.device_ms), skew(), serverNow());
    await outboxStore.put(item);
  }
  return post<Case>('reports', wireOf(item), { extra: { 'Idempotency-Key': item.id } });
}
const answerTo = async (promise: Promise<unknown>): Promise<Case> => {
  await promise;
  return { case_no: '', version: 0, state: '', stage: '' };
};

export const more = {
  send(item: OutboxItem): Promise<Case> | undefined {
    if (item.action === 'report') return sendReport(item);
    if (item.action === 'duty_on' || item.action === 'duty_off') return answerTo(post(`duty/${item.action.slice(5)}`, { mark_id: item.id, ...item.input }));
    if (item.action === 'roll_answer') {
      const { roll_call_id: call, ...body } = item.input;
      return answerTo(post(`roll-calls/${call}/answer`, { ...body, photo: item.photos[0]?.id }));
    }
    if (item.action === 'point_visit') {
      const { campaign, point, ...body } = item.input;
      const url = `campaigns/${encodeURIComponent(String(campaign))}/points/${encodeURIComponent(String(point))}/visits`;
      return answerTo(post(url, { ...body, visit_id: item.id, photos: item.photos.map((photo) => photo.id) }));
    }
    return undefined;
  },
  // The original first, then the copy with its mark, which names it; the step names the copy.
  async upload(file: Blob, photo: OutboxPhoto, name: string): Promise<{ media_id: string }> {
    const taken = Date.parse(photo.told?.captured_at ?? '');
    const told = taken > serverNow() + 23 * 3600000 ? { taken: photo.told?.taken } : { ...photo.told };
    const { handIn } = await import('../core/uploads');
    const original = await handIn(file, told, `${name}.original`);
    return photo.marked ? handIn(photo.marked, { ...told, original: original.media_id }, `${name}.marked`) : original;
  },
  done(item: OutboxItem, after: Case): boolean {
    if (item.action === 'report') {
      toast(after.case_no ? t('reported_as', { no: after.case_no }) : t('reported_queued'));
      sent.value = [{ case_no: after.case_no ?? '', title: String(item.input.description ?? ''), at: item.at }, ...sent.value].slice(0, SENT_KEPT);
      void keep(key('sent'), JSON.parse(JSON.stringify(sent.value)));
      return true;
    }
    if (item.action === 'roll_answer') {
      toast(t('answered'));
      void lookAtCalls().catch(() => {});
      return true;
    }
    if (item.action === 'point_visit') return true;
    if (item.action.startsWith('duty_')) {
      void lookAtDuty().catch(() => {});
      return true;
    }
    return false;
  },
  event(name: string): void {
    if (name === 'roll_call') void lookAtCalls().catch(() => {});
  },
  look(): void {
    void lookAround();
  },
};
