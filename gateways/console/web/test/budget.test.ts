// What each page costs before a person can work: its own files and everything they import, compressed.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const built = process.env.WANGGE_WEB_OUT ?? resolve(import.meta.dirname, '../../../../build/web');
const KIB = 1024;
const BUDGET: [page: string, kib: number][] = [
  ['index', 150],
  ['squad', 60],
  ['patrol', 60],
  ['wall', 150],
  ['public', 60],
];
const gz = (name: string) => statSync(resolve(built, `${name}.gz`)).size;

function firstLoad(page: string): Map<string, number> {
  const cost = new Map([[`${page}.html`, gz(`${page}.html`)]]);
  const walk = (name: string) => {
    if (cost.has(name)) return;
    cost.set(name, gz(name));
    if (!name.endsWith('.js')) return;
    // Static imports only: `import(` is a lazy chunk.
    for (const [, next] of readFileSync(resolve(built, name), 'utf8').matchAll(/(?:\bfrom|\bimport)\s*"\.\/([\w.-]+\.js)"/g)) walk(`assets/${next}`);
  };
  for (const [, name] of readFileSync(resolve(built, `${page}.html`), 'utf8').matchAll(/(?:src|href)="\/(assets\/[\w.-]+\.(?:js|css))"/g)) walk(name);
  return cost;
}

describe('first load', () => {
  it.each(BUDGET.filter(([page]) => existsSync(resolve(built, `${page}.html`))))('of %s is at most %i KB', (page, most) => {
    const cost = firstLoad(page);
    const sum = [...cost.values()].reduce((a, b) => a + b, 0) / KIB;
    console.log(`figure: first load of ${page}: ${sum.toFixed(1)} KB compressed in ${cost.size} files`);
    expect(cost.size).toBeGreaterThan(3);
    expect(sum).toBeLessThanOrEqual(most);
  });
  it('of the map, fetched when one is shown, is at most 140 KB', () => {
    const cost = new Map<string, number>();
    const walk = (name: string) => {
      if (cost.has(name)) return;
      cost.set(name, gz(name));
      for (const [, next] of readFileSync(resolve(built, name), 'utf8').matchAll(/(?:\bfrom|\bimport)\s*"\.\/([\w.-]+\.js)"/g)) walk(`assets/${next}`);
    };
    const port = readdirSync(resolve(built, 'assets')).find((name) => /^port-.*\.js$/.test(name))!;
    walk(`assets/${port}`);
    const first = firstLoad('public'); // what every page has already is not the map's
    const sum = [...cost].filter(([name]) => !first.has(name)).reduce((all, [, bytes]) => all + bytes, 0) / KIB;
    console.log(`figure: the map: ${sum.toFixed(1)} KB compressed in ${cost.size} files`);
    expect(sum).toBeGreaterThan(40);
    expect(sum).toBeLessThanOrEqual(140);
  });

  // What a page fetches when it is opened, with its charts; none of it is in the first load.
  it.each(['ClosureTable', 'Indicators', 'Evaluation', 'Settlement', 'MonthState'])('of %s, fetched when it is opened, is at most 200 KB', (view) => {
    const own = readdirSync(resolve(built, 'assets')).filter((name) => name.startsWith(`${view}-`) && /\.(js|css)$/.test(name));
    expect(own.length).toBeGreaterThan(0);
    const first = firstLoad('index');
    expect(own.filter((name) => first.has(`assets/${name}`))).toEqual([]);
    const files = new Set(own.map((name) => `assets/${name}`));
    for (const name of files) {
      if (!name.endsWith('.js')) continue;
      for (const [, next] of readFileSync(resolve(built, name), 'utf8').matchAll(/(?:\bfrom|\bimport)\s*"\.\/([\w.-]+\.js)"/g)) if (!first.has(`assets/${next}`)) files.add(`assets/${next}`);
    }
    const sum = [...files].reduce((all, name) => all + gz(name), 0) / KIB;
    console.log(`figure: ${view} beyond the first load: ${sum.toFixed(1)} KB compressed`);
    expect(sum).toBeLessThanOrEqual(200);
  });
  it('asks no other host', () => {
    for (const [page] of BUDGET) {
      if (!existsSync(resolve(built, `${page}.html`))) continue;
      expect(readFileSync(resolve(built, `${page}.html`), 'utf8')).not.toMatch(/https?:\/\//);
    }
  });
});
