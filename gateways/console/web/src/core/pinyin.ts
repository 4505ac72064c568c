// The first letters of the pinyin of Chinese words, as officers type them: 井盖缺失 = jgqs. The browser's own Chinese collation knows
// the order; a character lies between the first ones of two letters. No table to carry, and letters and digits stay as they are.
const FIRSTS = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥扨它穵夕丫帀';
const LETTERS = 'abcdefghjklmnopqrstwxyz';
const order = new Intl.Collator('zh-Hans-CN-u-co-pinyin');
const known = new Map<string, string>();

function initial(character: string): string {
  if (/[a-z0-9]/i.test(character)) return character.toLowerCase();
  if (!/[\u3400-\u9fff]/.test(character)) return '';
  let found = known.get(character);
  if (found === undefined) {
    let low = -1;
    for (let at = 0; at < FIRSTS.length && order.compare(FIRSTS[at], character) <= 0; at += 1) low = at;
    known.set(character, (found = low < 0 ? '' : LETTERS[low]));
  }
  return found;
}

export const initials = (words: string): string => [...words].map(initial).join('');

// Does what was typed name it: by its words, or by their initials?
export function matches(typed: string, words: string): boolean {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return true;
  return words.toLowerCase().includes(wanted) || (/^[a-z0-9]+$/.test(wanted) && initials(words).includes(wanted));
}
