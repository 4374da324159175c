// Text prepared for a search in any script: case, diacritics and variants of Arabic letters do not matter.

// Letters that Unicode does not decompose to the one that people type instead. Alef with hamza or madda (أ إ آ) loses
// its mark with the other diacritics.
const LETTERS: Readonly<Record<string, string>> = {
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ة: 'ه',
  ک: 'ك',
  ı: 'i',
  ø: 'o',
  ł: 'l',
};
const VARIANTS = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
const TATWEEL = 'ـ';

/** Words apart by one space. Empty where the text has neither letters nor digits. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(TATWEEL, '')
    .replaceAll(VARIANTS, (letter) => LETTERS[letter] ?? letter)
    .replaceAll(/['’‘ʼʻʾʿ`]/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Whether one of the texts contains what is searched for. `query` is folded. */
export function matches(query: string, texts: readonly (string | null)[]): boolean {
  return texts.some((text) => text !== null && foldText(text).includes(query));
}
