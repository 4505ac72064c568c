// Master data by its keys: names of units, squads, categories, conditions, and what a coded field may take.
import { lang, nameOf } from './i18n';
import type { CatalogueEntry, CategoryKey, Named } from './types';

export type Choice = [code: string, words: string];
type Body = Named & { key: string };
interface Categorised {
  category?: CategoryKey;
  class?: string | null;
  condition?: string | null;
}

export class MasterData {
  readonly units = new Map<string, Body>();
  readonly squads = new Map<string, Body>();
  readonly categories = new Map<string, CatalogueEntry>();

  static key(category?: CategoryKey | string | null): string {
    if (!category) return '';
    if (typeof category === 'string') return category;
    return [category.standard, category.kind, category.code].filter(Boolean).join('/');
  }

  load(units: Body[], squads: Body[], catalogue: CatalogueEntry[]): void {
    for (const unit of units) this.units.set(unit.key, unit);
    for (const squad of squads) this.squads.set(squad.key, squad);
    for (const entry of catalogue) this.categories.set(MasterData.key(entry), entry);
  }

  unit(key?: string | null): string {
    return key && this.units.has(key) ? nameOf(this.units.get(key)) : key || '';
  }
  squad(key?: string | null): string {
    return key && this.squads.has(key) ? nameOf(this.squads.get(key)) : key || '';
  }

  // "市政养护中心 / 市政养护一队"
  who(unit?: string | null, squad?: string | null): string {
    return [this.unit(unit), this.squad(squad)].filter(Boolean).join(' / ');
  }

  entry(item?: Categorised): CatalogueEntry | undefined {
    return this.categories.get(MasterData.key(item?.category));
  }

  category(item?: Categorised): string {
    const entry = this.entry(item);
    return entry ? nameOf(entry) : (item?.category?.code ?? '');
  }

  className(item?: Categorised): string {
    const named = this.entry(item)?.class;
    return named ? named[lang()] || named.zh || named.code || '' : item?.class || '';
  }

  condition(item?: Categorised): string {
    const found = this.entry(item)?.conditions?.find((c) => c.id === item?.condition);
    return found ? nameOf(found) : item?.condition || '';
  }

  // ---- the values a coded field of an action may take

  conditions(category?: CategoryKey | null): Choice[] {
    return (this.categories.get(MasterData.key(category))?.conditions || []).map((c) => [c.id, nameOf(c)]);
  }

  // Only bodies that have a squad can be given a case.
  unitChoices(): Choice[] {
    const able = new Set([...this.squads.values()].map((s) => s.unit));
    return [...this.units.keys()].filter((key) => able.has(key)).map((key) => [key, this.unit(key)]);
  }

  squadChoices(unit?: string | null): Choice[] {
    return [...this.squads.values()].filter((s) => !unit || s.unit === unit).map((s) => [s.key, unit ? this.squad(s.key) : this.who(s.unit, s.key)]);
  }

  // Today's categories with the label a person picks them by; two of one label are told apart by their standard.
  categoryLabels(): Map<string, CategoryKey> {
    const byLabel = new Map<string, CategoryKey>();
    for (const entry of this.categories.values()) {
      if (entry.valid_to && Date.parse(entry.valid_to) < Date.now()) continue;
      const group = entry.class?.[lang()] || entry.class?.zh || '';
      const plain = `${entry.code} ${nameOf(entry)}${group ? ` · ${group}` : ''}`;
      const label = byLabel.has(plain) ? `${plain} · ${entry.standard} ${entry.kind}` : plain;
      byLabel.set(label, { standard: entry.standard, kind: entry.kind, code: entry.code });
    }
    return byLabel;
  }
}
