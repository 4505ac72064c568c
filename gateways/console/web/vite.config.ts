// The pages as the program carries them: one entry a page, names with a hash of their content, nothing inlined (the pages run under
// `default-src 'self'`), and the phones' service worker with the list of what they need offline.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

const here = import.meta.dirname;
const OUT = process.env.WANGGE_WEB_OUT ?? resolve(here, '../../../build/web');
const page = (name: string) => resolve(here, `${name}.html`);
const there = (name: string) => existsSync(page(name));
const phones = ['squad', 'patrol'].filter(there);
const screens = ['index', 'wall', 'public'].filter(there);

// Chunks a page loads, its own and what they import.
function filesOf(bundle: Record<string, any>, entry: string): string[] {
  const found = new Set<string>();
  const walk = (name: string) => {
    const chunk = bundle[name];
    if (!chunk || found.has(name)) return;
    found.add(name);
    for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css);
    for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) walk(next);
  };
  const start = Object.values(bundle).find((chunk) => chunk.isEntry && chunk.facadeModuleId === page(entry));
  if (start) walk(start.fileName);
  return [...found];
}

// sw.js: src/worker.js as it stands, with the files of the phones' pages written into it.
function worker(): Plugin {
  return {
    name: 'wangge-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      if (!phones.length) return;
      const own = readdirSync(resolve(here, 'public/assets')).map((name) => `assets/${name}`);
      const files = [...new Set([...phones.flatMap((name) => filesOf(bundle, name)), ...own])].sort();
      const source = readFileSync(resolve(here, 'src/worker.js'), 'utf8');
      const version = createHash('sha256').update(source + files.join()).digest('hex').slice(0, 12);
      const pages = phones.map((name) => `/${name}`);
      const code = source
        .replace('__VERSION__', version)
        .replace('__FILES__', JSON.stringify(files.map((name) => `/${name}`)))
        .replace('__PAGES__', JSON.stringify(pages));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: code });
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [vue(), worker()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: ['chrome90', 'safari15'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: Object.fromEntries([...screens, ...phones].map((name) => [name, page(name)])) },
  },
  server: { proxy: { '/api': process.env.WANGGE_API ?? 'http://127.0.0.1:8080' } },
  test: { include: ['test/*.test.ts'], environment: 'node' },
} as any);
