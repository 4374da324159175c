import { parseStat, ticksOfTree } from './cpu.js';
import { cpuPerOperation, goalText, isMet, percentile, rate, ratios, spreadOf } from './statistics.js';
import { runCallers, alternate } from './slices.js';
import { check, measurementOf, once, toReport } from './row.js';
import { describe, expect, it } from '@jest/globals';

describe('benchmark statistics', () => {
  it('computes the median, and the mean of the two middle values', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([4, 1, 2, 3]).median).toBe(2.5);
    expect(() => spreadOf([])).toThrow('at least one value');
  });

  it('interpolates percentiles', () => {
    const hundredAndOne = Array.from({ length: 101 }, (_, index) => 100 - index);
    expect(percentile(hundredAndOne, 99)).toBe(99);
    expect(percentile([10, 20], 75)).toBe(17.5);
    expect(percentile([7], 99)).toBe(7);
  });

  it('computes ratios per round', () => {
    const sample = (operations: number, seconds: number) => ({ operations, seconds, cpuSeconds: seconds / 2 });
    const candidate = [sample(10, 1), sample(40, 2), sample(30, 1)];
    const reference = [sample(5, 1), sample(5, 1), sample(5, 1)];
    expect(ratios(candidate, reference, rate)).toEqual({ median: 4, min: 2, max: 6 });
    expect(ratios(candidate, reference, cpuPerOperation).median).toBe(0.25);
    expect(() => ratios(candidate, [], rate)).toThrow('no round 0');
  });

  it('counts a goal as met at its bound', () => {
    expect([isMet(6, { atLeast: 6 }), isMet(5.9, { atLeast: 6 })]).toEqual([true, false]);
    expect([isMet(0.15, { atMost: 0.15 }), isMet(0.2, { atMost: 0.15 })]).toEqual([true, false]);
    expect(goalText({ atMost: 0.15 })).toBe('≤ 0.15');
  });

  it('counts a row as met if all its checks are met', () => {
    const rateCheck = check('rate', once(7), { atLeast: 6 });
    const cpuCheck = check('CPU', once(0.2), { atMost: 0.15 });
    const row = {
      id: 'a',
      what: 'b',
      measurements: [measurementOf('we', [{ operations: 4, seconds: 2, cpuSeconds: 1 }])],
    };
    expect(toReport({ ...row, checks: [rateCheck] })).toMatchObject({ value: 7, goal: 'rate ≥ 6', met: true });
    expect(toReport({ ...row, checks: [rateCheck, cpuCheck] })).toMatchObject({
      met: false,
      measurements: [{ ratePerSecond: { median: 2 }, cpuMicroseconds: { median: 250_000 } }],
    });
  });
});

describe('CPU time', () => {
  const stat = (name: string, parent: number): string =>
    `17 (${name}) S ${parent} 17 17 0 -1 4194560 1 2 3 4 250 50 30 20 20 0 1 0 99 1 2 3`;

  it('is parsed after a program name with spaces and brackets', () => {
    expect(parseStat(stat('postgres: a (b) c', 5))).toEqual({ parent: 5, own: 300, reaped: 50 });
  });

  it('covers the process tree, including exited children, and no other process', () => {
    const processes = new Map([
      [1, { parent: 0, own: 1_000, reaped: 0 }],
      [10, { parent: 1, own: 1, reaped: 20 }],
      [11, { parent: 10, own: 300, reaped: 0 }],
      [12, { parent: 11, own: 4_000, reaped: 0 }],
    ]);
    expect(ticksOfTree(10, processes)).toBe(4_321);
    expect(ticksOfTree(99, processes)).toBe(0);
  });
});

describe('slices', () => {
  it('alternate between contenders, after a first round as warm-up', async () => {
    const order: string[] = [];
    const contender = (name: string, operations: number) => ({
      name,
      slice: () => Promise.resolve(order.push(name) && operations),
    });
    const turns = { rounds: 2, sliceMs: 0, postmaster: process.pid };
    const samples = await alternate([contender('a', 1), contender('b', 2)], turns);
    expect(order.join('')).toBe('ababab');
    expect(samples.map((of) => of.map(({ operations }) => operations))).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('count the operations of all callers', async () => {
    const done = [0, 0, 0];
    const count = await runCallers(3, 5, async (caller) => {
      done[caller] = (done[caller] ?? 0) + 1;
      await new Promise(setImmediate);
    });
    expect(count).toBe(done.reduce((sum, each) => sum + each));
    expect(Math.min(...done)).toBeGreaterThan(0);
  });
});
