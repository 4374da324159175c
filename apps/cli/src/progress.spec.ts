import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.js';

function told(isTTY: boolean): { readonly progress: Progress; readonly at: (ms: number) => void; text: () => string } {
  let [now, text] = [0, ''];
  const progress = new Progress({ isTTY, write: (more) => (text += more) }, () => now);
  return { progress, at: (ms) => (now = ms), text: () => text };
}

describe('The progress of a long command', () => {
  it('tells the rate since the first step, and the time that is left', () => {
    const { progress, at, text } = told(false);
    progress.step(1_000, 11_000);
    at(2_000);
    progress.step(3_000, 11_000);
    expect(text()).toBe('1000/11000 events\n3000/11000 events, 1000 a second, 8 s left\n');
  });

  it('prints a line now and then, and the last one in any case', () => {
    const { progress, at, text } = told(false);
    for (let page = 1; page <= 10; page += 1) {
      at(page * 500);
      progress.step(page * 100, 1_000);
    }
    expect(text()).toBe(
      '100/1000 events\n500/1000 events, 200 a second, 3 s left\n900/1000 events, 200 a second, 1 s left\n' +
        '1000/1000 events, 200 a second\n',
    );
  });

  it('changes one line on a terminal', () => {
    const { progress, text } = told(true);
    progress.step(5, 5);
    progress.line('Done.');
    expect(text()).toBe('\r\u001B[K5/5 events\r\u001B[KDone.\n');
  });
});
