import { describe, expect, it } from '@jest/globals';
import { histories, rowChanges } from './versions.js';

type Set = { readonly to: string | null };
const fold = (state: string | null, { to }: Set): string | null => (to === 'same' ? state : to);
const change = (key: string, at: number, to: string | null) => ({ key, at, event: { to } });

describe('the versions of a batch', () => {
  it('keep every state between two changes of one key', () => {
    const all = histories(new Map(), [change('a', 3, 'x'), change('b', 4, 'y'), change('a', 5, 'z')], fold);
    expect(rowChanges(all)).toEqual({
      ended: [],
      begun: [
        { key: 'a', from: 3, until: 5, doc: 'x' },
        { key: 'a', from: 5, until: null, doc: 'z' },
        { key: 'b', from: 4, until: null, doc: 'y' },
      ],
    });
  });

  it('end the previous version at the first change', () => {
    const all = histories(new Map([['a', 'old']]), [change('a', 7, 'new'), change('a', 9, null)], fold);
    expect(rowChanges(all)).toEqual({
      ended: [{ key: 'a', at: 7 }],
      begun: [{ key: 'a', from: 7, until: 9, doc: 'new' }],
    });
  });

  it('make no version when an event changes nothing', () => {
    const all = histories(new Map([['a', 'old']]), [change('a', 7, 'same')], fold);
    expect(rowChanges(all)).toEqual({ ended: [], begun: [] });
  });
});
