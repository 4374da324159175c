// Finds citations such as `rules.md, section 4, rules 4-6 and 12` and `api.md, "Monitors"` in any text.

export type Citation =
  | { readonly document: 'rules.md'; readonly kind: 'rule' | 'section'; readonly number: number }
  | { readonly document: 'api.md'; readonly section: string };

const CITED =
  /rules\.md((?:,? (?:and )?(?:sections? |rules? |glossary\b)?(?:\d+(?:-\d+)?\b|glossary\b)?)+)|api\.md, "([^"]+)"/g;
const PART = /(sections?|rules?)? ?(\d+)(?:-(\d+))?/g;

export function citationsIn(text: string): readonly Citation[] {
  return [...joinedLines(text).matchAll(CITED)].flatMap(([, numbers, section]) =>
    section === undefined ? rulesIn(numbers ?? '') : [{ document: 'api.md' as const, section }],
  );
}

function rulesIn(numbers: string): readonly Citation[] {
  let kind: 'rule' | 'section' | null = null;
  const found: Citation[] = [];
  for (const [, word, first, last = first] of numbers.matchAll(PART)) {
    if (word !== undefined) kind = word.startsWith('rule') ? 'rule' : 'section';
    if (kind === null) continue;
    for (let number = Number(first); number <= Number(last); number += 1)
      found.push({ document: 'rules.md', kind, number });
  }
  return found;
}

/** A citation may go on in the next line of a comment. */
function joinedLines(text: string): string {
  return text.replaceAll(/\s*\n\s*(?:\/\/|\*|--|#|>)?\s*/g, ' ');
}
