// Tables and papers that are saved or printed, under the names cities give them.
import { BASE, Problem, get, headers } from '../../core/api';
import { lang, t } from '../../core/i18n';
import { me } from '../../ui/session';
import { fileName } from './figures';

let district = '';
// The district's name as its own table says it; its code where that cannot be read.
export async function districtName(): Promise<string> {
  if (!district) {
    const table = await get<{ rows?: { name?: string }[] }>('statistics/closure?by=district').catch(() => null);
    district = table?.rows?.[0]?.name || me.value?.district || '';
  }
  return district;
}

export async function save(path: string, name: string, body?: Blob): Promise<void> {
  const init = { method: body ? 'POST' : 'GET', headers: headers({ Accept: '*/*', ...(body ? { 'Content-Type': body.type || 'application/octet-stream' } : {}) }), body, cache: 'no-store' as const };
  const response = await fetch(`${BASE}/${path}`, init).catch(() => {
    throw new Problem(0, { code: 'no_answer' });
  });
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => ({})));
  const url = URL.createObjectURL(await response.blob());
  Object.assign(document.createElement('a'), { href: url, download: fileName(name) }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
// 2026年10月结案率_东城区.xlsx
export async function saveTable(path: string, what: string, period: string, ending: string, part = ''): Promise<void> {
  const joint = lang() === 'zh' ? '' : ' ';
  await save(path, `${period}${joint}${what}_${await districtName()}${part ? `_${part}` : ''}.${ending}`);
}
export const colon = (title: string, why: string): string => `${title}${t('colon')}${why}`;
