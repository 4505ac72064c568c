// One short tone for what is urgent, turns red or reached no device. Browsers allow it only after a first click, so the bell shows
// whether it can be heard now; beside it a notification of the desktop where the person wants one.
import { computed, ref } from 'vue';
import { t } from '../core/i18n';
import { recall, remember } from '../core/storage';
import { now } from '../ui/now';

const KEY = 'wangge.bell';
const VOLUME = 'wangge.bell.volume';
const MUTED = 'wangge.bell.muted';
const NOTIFY = 'wangge.bell.notify';
export const bell = ref(recall(KEY) !== 'off');
export const volume = ref(Number(recall(VOLUME) || 60)); // of 100
export const mutedUntil = ref(Number(recall(MUTED)) || 0);
export const notify = ref(recall(NOTIFY) === 'on' && 'Notification' in window && Notification.permission === 'granted');
const touched = ref(navigator.userActivation?.hasBeenActive ?? true);
for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, () => (touched.value = true), { once: true });
let context: AudioContext | null = null;

export const bellState = computed<'off' | 'blocked' | 'muted' | 'on'>(() => (!bell.value ? 'off' : (now.value, mutedUntil.value > Date.now()) ? 'muted' : touched.value ? 'on' : 'blocked'));

export function setBell(on: boolean): void {
  bell.value = on;
  remember(KEY, on ? '' : 'off');
  if (on) ring();
}
export function setVolume(value: number): void {
  volume.value = value;
  remember(VOLUME, String(value));
}
export function mute(minutes: number): void {
  mutedUntil.value = minutes ? Date.now() + minutes * 60000 : 0;
  remember(MUTED, minutes ? String(mutedUntil.value) : '');
}
export async function setNotify(on: boolean): Promise<boolean> {
  notify.value = on && 'Notification' in window && (await Notification.requestPermission()) === 'granted';
  remember(NOTIFY, notify.value ? 'on' : '');
  return notify.value === on;
}

export function ring(): void {
  if (bellState.value !== 'on' || !('AudioContext' in window)) return;
  context ??= new AudioContext();
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.frequency.value = 880;
  gain.gain.setValueAtTime(0.0001, context.currentTime);
  gain.gain.exponentialRampToValueAtTime(Math.max(0.001, 0.35 * (volume.value / 100)), context.currentTime + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.45);
  tone.connect(gain).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.5);
}
// The tone, and words on the desktop for who looks elsewhere.
export function announce(key: string, values: Record<string, unknown> = {}): void {
  ring();
  if (notify.value && document.hidden && bellState.value !== 'muted') new Notification(t('product'), { body: t(key, values), tag: key });
}
