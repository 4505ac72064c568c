// Every word the pages ask for is there in both languages, and every code of the core has its words.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as codes from '../src/core/codes';
import { ACCOUNT_WORDS } from '../src/account/words';
import { MONTH_WORDS } from '../src/console/month/words';
import { CONSOLE_WORDS as CONSOLE } from '../src/console/words';
import { DESK_WORDS } from '../src/console/words_desk';
import { OFFICE_TITLES } from '../src/console/words_office';
import { DESK_MAP_WORDS } from '../src/console/words_map';
import { FORM_WORDS } from '../src/core/form_words';
import { WHY_WORDS } from '../src/core/why_words';
import { WORDS as SHARED } from '../src/core/words';
import { MAP_WORDS } from '../src/map/words';
import { OFFICE_WORDS as OFFICE } from '../src/office/words';
import { COVERAGE_WORDS } from '../src/office/words_coverage';
import { PATROL_WORDS as FIRST } from '../src/patrol/words';
import { MORE_WORDS } from '../src/patrol/words_more';
import { PUBLIC_WORDS } from '../src/public/words';
import { WALL_WORDS } from '../src/wall/words';

type Pairs = Record<string, readonly [string, string]>;
const CONSOLE_WORDS: Pairs = { ...CONSOLE, ...DESK_WORDS };
const OFFICE_WORDS: Pairs = { ...OFFICE, ...COVERAGE_WORDS };
const PATROL_WORDS = { ...FIRST, ...MORE_WORDS };
// What a page adds to the words that all share.
const OWN: Pairs = { ...ACCOUNT_WORDS, ...CONSOLE_WORDS, ...OFFICE_TITLES, ...OFFICE_WORDS, ...MONTH_WORDS, ...DESK_MAP_WORDS, ...PATROL_WORDS, ...MAP_WORDS, ...PUBLIC_WORDS, ...WALL_WORDS };
const ALL: Pairs = { ...SHARED, ...OWN };
const root = resolve(import.meta.dirname, '../../../..');
const text = (name: string) => readFileSync(join(root, name), 'utf8');
const files = readdirSync(resolve(import.meta.dirname, '../src'), { recursive: true }) as string[];
const sources = (folder: RegExp) => files.filter((name) => folder.test(name) && /\.(ts|vue)$/.test(name)).map((name) => readFileSync(resolve(import.meta.dirname, '../src', name), 'utf8'));
const all = (where: string, pattern: RegExp): string[] => [...where.matchAll(pattern)].map((found) => found[1]);
const placeholders = (words: string) => [...new Set(words.match(/{\w+}/g) ?? [])].sort();

// The ids between the braces of a core table, or each that the pattern names.
function core(file: string, pattern: RegExp): string[] {
  const found = all(text(`dispatcher/core/${file}`), pattern);
  return found.length === 1 && found[0].includes('"') ? all(found[0], /"(\w+)"/g) : found;
}

describe('words', () => {
  it('stand in both languages with the same places to fill in', () => {
    for (const [key, pair] of Object.entries(ALL)) {
      expect(pair.every((words) => words.length > 0), key).toBe(true);
      expect(placeholders(pair[0]), key).toEqual(placeholders(pair[1]));
    }
  });
  it('are there wherever a page asks for one', () => {
    const before = { ...SHARED }; // importing the console's words adds them to the shared ones: what the phones have is what is left
    for (const key of Object.keys(OWN)) if (!Object.hasOwn(WHY_WORDS, key) && !Object.hasOwn(FORM_WORDS, key)) delete before[key];
    for (const [folder, words] of [
      [/^(core|ui|squad)/, before],
      [/^patrol/, { ...before, ...PATROL_WORDS }],
      [/^(console|office|account\/(Accounts|Audit|Add))/, ALL],
      [/^account\/(?!Accounts|Audit|Add)/, { ...before, ...ACCOUNT_WORDS }],
      [/^(map|wall|public)/, { ...before, ...MAP_WORDS, ...PUBLIC_WORDS, ...WALL_WORDS }],
    ] as const) {
      const asked = new Set(sources(folder).flatMap((source) => all(source, /\bt\('(\w+)'/g)));
      expect(asked.size).toBeGreaterThan(20);
      expect([...asked].filter((key) => !Object.hasOwn(words, key)), String(folder)).toEqual([]);
    }
  });
  it('name every field of every action', () => {
    const fields = new Set(all(text('dispatcher/core/words.cpp'), /FieldSpec(?: \w+)?{"(\w+)"/g));
    expect(fields.size).toBeGreaterThan(20);
    expect([...fields].filter((name) => !Object.hasOwn(ALL, `f_${name}`))).toEqual([]);
  });
});

describe('codes of the core', () => {
  const tables: [keyof typeof codes, string[]][] = [
    ['STATES', core('types.hpp', /StateInfo{State::\w+, "(\w+)"/g)],
    ['ROLES', core('types.hpp', /RoleInfo{Role::\w+, "(\w+)"/g)],
    ['ACTIONS', core('words.cpp', /ActionInfo{A::\w+,\s*"(\w+)"/g)],
    ['SOURCES', core('types.hpp', /kSources{(.*?)}/gs)],
    ['CLOCKS', core('city.hpp', /kClockKinds{(.*?)}/gs)],
    ['LEVELS', core('rules.hpp', /kRouteLevels{(.*?)}/gs)],
    ['KINDS', core('types.hpp', /kTaskKinds{(.*?)}/gs)],
    ['REQUESTS', core('types.hpp', /kRequestKinds{(.*?)}/gs)],
    ['CLOSING', all(text('deploy/demo/data/closing_conditions.csv').split('\n').slice(1).join('\n'), /^(\w+),/gm)],
    ['CHOICES', all(text('dispatcher/core/words.cpp'), /"choice", \w+,\s*"([^"]*)"/g).flatMap((list) => list.split('|'))],
    ['LATE_STAGES', all(text('dispatcher/core/steps.cpp'), /return {"(\w+)", policy/g)],
  ];
  it.each(tables)('%s have their words', (table, ids) => {
    expect(ids.length).toBeGreaterThan(3);
    expect(ids.filter((id) => !Object.hasOwn(codes[table] as object, id))).toEqual([]);
  });
  it('have words for every fault of a field', () => {
    const faults = new Set(all(text('dispatcher/core/decide.cpp'), /no\(Reason::(\w+), "/g));
    for (const room of ['http', 'patrol', 'console', 'squad'])
      for (const file of readdirSync(join(root, 'gateways', room)).filter((name) => name.endsWith('.cpp'))) {
        const code = text(`gateways/${room}/${file}`);
        for (const fault of all(code, /(?:fail|bad)\([^"\n]*(?:"\w+", )?"(\w+)"\)/g)) faults.add(fault);
        for (const fault of all(code, /errors\.emplace_back\([^;\n]*, "(\w+)"\)/g)) faults.add(fault);
      }
    expect(faults.size).toBeGreaterThan(8);
    expect([...faults].filter((fault) => !Object.hasOwn(codes.FAULTS, fault))).toEqual([]);
  });
  it('lie in the stages the core puts them', () => {
    const known = [...text('dispatcher/core/types.hpp').matchAll(/StateInfo{State::\w+, "(\w+)".*?Stage::(\w+)/gs)].map((found) => [found[1], found[2]]);
    expect(known.length).toBeGreaterThan(20);
    expect(Object.keys(codes.STATES).map((state) => [state, codes.stageOf(state)]).sort()).toEqual(known.sort());
  });
});
