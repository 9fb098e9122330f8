import { isSmallWord } from './words.js';

/** A slug of at most `length` characters that never ends inside a word. */
export function slug(title, { length = 60, keepSmallWords = false } = {}) {
  const words = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word && (keepSmallWords || !isSmallWord(word)));
  let result = '';
  for (const word of words) {
    if (result.length + word.length + 1 > length) break;
    result += (result && '-') + word;
  }
  return result;
}
