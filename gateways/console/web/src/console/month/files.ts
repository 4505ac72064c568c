// Tables and papers that are saved or printed, under the names cities give them.
import { ref } from 'vue';
import { download, get } from '../../core/api';
import { lang, t } from '../../core/i18n';
import { problemText } from '../../core/refusals';
import { me, toast } from '../../ui/session';
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

export const save = (path: string, name: string, body?: Blob): Promise<void> => download(path, fileName(name), body);
// 2026年10月结案率_东城区.xlsx
export async function saveTable(path: string, what: string, period: string, ending: string, part = ''): Promise<void> {
  const joint = lang() === 'zh' ? '' : ' ';
  await save(path, `${period}${joint}${what}_${await districtName()}${part ? `_${part}` : ''}.${ending}`);
}
export const colon = (title: string, why: string): string => `${title}${t('colon')}${why}`;

// A page's buttons that save its table: which one is at it, and why one did not.
export function useSaving(saved: (format: string) => Promise<void>) {
  const saving = ref('');
  async function save(format: string): Promise<void> {
    saving.value = format;
    try {
      await saved(format);
    } catch (error) {
      toast(colon(t(`export_${format}`), problemText(error)));
    }
    saving.value = '';
  }
  return { saving, save };
}
