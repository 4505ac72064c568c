// One short tone for what is urgent. Browsers allow it only after a first click, so the bell shows whether it can be heard.
import { ref } from 'vue';
import { recall, remember } from '../core/storage';

const KEY = 'wangge.bell';
export const bell = ref(recall(KEY) !== 'off');
let context: AudioContext | null = null;

export function setBell(on: boolean): void {
  bell.value = on;
  remember(KEY, on ? '' : 'off');
  if (on) ring();
}

export function ring(): void {
  if (!bell.value || !('AudioContext' in window) || !(navigator.userActivation?.hasBeenActive ?? true)) return;
  context ??= new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 880;
  volume.gain.setValueAtTime(0.0001, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.2, context.currentTime + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.45);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.5);
}
