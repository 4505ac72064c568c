// A shot as the outbox takes it: the original, and a copy with the mark of when, where, who and about what.
import { t } from '../core/i18n';
import type { OutboxPhoto } from '../core/outbox';
import { me } from '../ui/session';
import { hashOf, marked } from './mark';
import { type Cell, cellName, placeOf } from './place';
import type { Shot } from './report';
import { cells } from './state';

export async function photoOf(shot: Shot, about: string, picked?: Cell): Promise<OutboxPhoto> {
  const spot = placeOf(shot.fix, cells.value, shot.fix ? undefined : picked);
  const where = shot.fix ? `${shot.fix.lon.toFixed(5)}, ${shot.fix.lat.toFixed(5)} ${t('accuracy', { n: shot.fix.accuracy })}` : t(spot.cell ? 'picked_by_hand' : 'no_fix');
  const hash = await hashOf(shot.file);
  const mark = { at: shot.at, grid: spot.cell?.grid, area: spot.cell && cellName(spot.cell), where, who: me.value!.name, about, gallery: shot.taken === 'gallery', hash };
  return { file: shot.file, marked: await marked(shot.file, mark), role: shot.role, told: { taken: shot.taken, captured_at: new Date(shot.at).toISOString(), place: shot.fix && `${shot.fix.lon.toFixed(6)},${shot.fix.lat.toFixed(6)}` } };
}
