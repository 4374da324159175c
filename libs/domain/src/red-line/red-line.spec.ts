import { describe, expect, it } from '@jest/globals';
import { given } from '../given.fixture.js';
import type { RedLineDeclared } from './red-line-events.js';
import { redLine } from './red-line.js';

const declared: RedLineDeclared = {
  type: 'RedLineDeclared',
  data: {
    redLine: 'l1',
    declaredBy: 'jaysh_al_islam',
    region: 'wadi-barada',
    condition: { kind: 'territorial_gain', by: ['saa'] },
    text: 'the ceasefire ends if the valley is taken',
  },
};
const at = '2017-02-01T00:00:00Z';
const withdrawn = { type: 'RedLineWithdrawn', data: { redLine: 'l1', region: 'wadi-barada', at } } as const;

describe('a red line', () => {
  it('is declared once', () => {
    const declare = { type: 'DeclareRedLine', redLine: declared.data } as const;
    expect(given(redLine).when(declare)).toEqual([declared]);
    expect(() => given(redLine, declared).when(declare)).toThrow('new id');
    expect(() => given(redLine, declared, withdrawn).when(declare)).toThrow('new id');
  });

  it('is withdrawn once', () => {
    expect(given(redLine, declared).when({ type: 'WithdrawRedLine', at })).toEqual([withdrawn]);
    expect(given(redLine, declared, withdrawn).when({ type: 'WithdrawRedLine', at })).toEqual([]);
  });
});
