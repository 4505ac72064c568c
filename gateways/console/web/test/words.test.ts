// Every word the pages ask for is there in both languages, and every code of the core has its words.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as codes from '../src/core/codes';
import { CONSOLE_WORDS as CONSOLE } from '../src/console/words';
import { DESK_WORDS } from '../src/console/words_desk';
import { WORDS as SHARED } from '../src/core/words';

const CONSOLE_WORDS: Record<string, readonly [string, string]> = { ...CONSOLE, ...DESK_WORDS };
const ALL: Record<string, readonly [string, string]> = { ...SHARED, ...CONSOLE_WORDS };
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
    for (const key of Object.keys(CONSOLE_WORDS)) delete before[key];
    for (const [folder, words] of [
      [/^(core|ui|squad|patrol)/, before],
      [/^console/, ALL],
    ] as const) {
      const asked = new Set(sources(folder).flatMap((source) => all(source, /\bt\('(\w+)'/g)));
      expect(asked.size).toBeGreaterThan(50);
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
