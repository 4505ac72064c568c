// What a coded column may take, by table: for selects instead of typing.
import { CLOCKS, LEVELS, SOURCES } from '../core/codes';
import { type Words } from '../core/codes';
import { t, word } from '../core/i18n';
import { master } from '../ui/session';

type Choice = [string, string];
const of = (words: Words, codes = Object.keys(words)): Choice[] => codes.map((code) => [code, word(words, code)]);
const none: Choice = ['', '–'];
const units = (): Choice[] => [...master.units.keys()].map((key) => [key, master.unit(key)]);
const squads = (): Choice[] => [...master.squads.keys()].map((key) => [key, master.squad(key)]);
const STANDARDS: Choice[] = [none, ['gbt47678.5-2026', 'GB/T 47678.5-2026'], ['gbt30428.2-2013', 'GB/T 30428.2-2013'], ['local', 'local']];
const yesNo = (): Choice[] => [['yes', t('o_yes')], ['no', t('o_no')]];

export function choicesFor(table: string): Record<string, Choice[]> {
  const kinds: Choice[] = [none, ['matter', t('o_matter')], ['component', t('o_component')]];
  const category = { standard: STANDARDS, kind: kinds };
  const clocks = of(CLOCKS, ['urgent', 'work_hour', 'work_day', 'natural_day']);
  const pick: Choice[] = [none, ['shift', t('o_pick_shift')], ['distance', t('o_pick_distance')], ['load', t('o_pick_load')]];
  const all: Record<string, Record<string, Choice[]>> = {
    routes: { ...category, level: of(LEVELS, ['ordered', 'component_maintainer', 'condition_in_grid', 'condition_in_street', 'class_in_district', 'territorial']), source: [none, ...of(SOURCES)], unit: units(), squad: [none, ...squads()], pick },
    responsibility: { ...category, supervising: [none, ...units()], responsible: units(), pick },
    conditions: { ...category, clock: clocks },
    catalogue: { ...category, same_period: [['', '–'], ...yesNo()] },
    shifts: { squad: squads() },
    absences: { squad: squads(), stand_in: [none, ...squads()] },
    duty: { unit: [none, ...units()] },
    squads: { unit: units() },
    calendar_days: { works: yesNo() },
    campaigns: { counted: [['within', t('o_counted_within')], ['apart', t('o_counted_apart')]] },
    crossmap: { relation: [['same', '='], ['split', '1→n'], ['joined', 'n→1']] },
  };
  return all[table] ?? {};
}
