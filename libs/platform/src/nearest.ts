// Finds the candidate for "did you mean ...?".

/** The candidate with the smallest edit distance, if that is small enough to be a typing error. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(word.length / 3));
  let best: string | null = null;
  let bestDistance = most + 1;
  for (const candidate of candidates) {
    const apart = distance(plain(word), plain(candidate), bestDistance);
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[_\-\s]/g, '');
}

// Levenshtein distance, one row at a time; `limit` if it is at least that.
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const swap = (above[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(swap, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return Math.min(above[other.length] ?? limit, limit);
}
