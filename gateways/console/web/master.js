// Master data by its keys: names of units, squads, categories, conditions, and what a coded field may take.
import { CHOICES, CLOSING } from './codes.js';
import { lang, nameOf, word } from './i18n.js';

export class MasterData {
  constructor() {
    this.units = new Map();
    this.squads = new Map();
    this.categories = new Map();
  }

  static key(category) {
    if (!category) return '';
    if (typeof category === 'string') return category;
    return [category.standard, category.kind, category.code].filter(Boolean).join('/');
  }

  load(units, squads, catalogue) {
    for (const unit of units || []) this.units.set(unit.key, unit);
    for (const squad of squads || []) this.squads.set(squad.key, squad);
    for (const entry of catalogue || []) this.categories.set(MasterData.key(entry), entry);
  }

  unit(key) {
    return this.units.has(key) ? nameOf(this.units.get(key)) : key || '';
  }
  squad(key) {
    return this.squads.has(key) ? nameOf(this.squads.get(key)) : key || '';
  }

  // "市政养护中心 / 市政养护一队"
  who(unit, squad) {
    return [this.unit(unit), this.squad(squad)].filter(Boolean).join(' / ');
  }

  entry(item) {
    return this.categories.get(MasterData.key(item?.category));
  }

  category(item) {
    const entry = this.entry(item);
    return entry ? nameOf(entry) : (item?.category?.code ?? '');
  }

  className(item) {
    const named = this.entry(item)?.class;
    return named ? named[lang()] || named.zh || named.code : item?.class || '';
  }

  condition(item) {
    const found = this.entry(item)?.conditions?.find((c) => c.id === item.condition);
    return found ? nameOf(found) : item?.condition || '';
  }

  // ---- the values a coded field of an action may take, as [code, words]; null: nothing known, a text box will do

  conditions(category) {
    return (this.categories.get(MasterData.key(category))?.conditions || []).map((c) => [c.id, nameOf(c)]);
  }

  // Only bodies that have a squad can be given a case.
  unitChoices() {
    const able = new Set([...this.squads.values()].map((s) => s.unit));
    return [...this.units.keys()].filter((key) => able.has(key)).map((key) => [key, this.unit(key)]);
  }

  squadChoices(unit) {
    return [...this.squads.values()]
      .filter((s) => !unit || s.unit === unit)
      .map((s) => [s.key, unit ? this.squad(s.key) : this.who(s.unit, s.key)]);
  }

  static choice(field, code) {
    return field === 'closing_condition' ? word(CLOSING, code) : word(CHOICES, code);
  }
}
