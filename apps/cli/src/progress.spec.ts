import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.js';

function recorded(isTTY: boolean): {
  readonly progress: Progress;
  readonly at: (ms: number) => void;
  text: () => string;
} {
  let [now, text] = [0, ''];
  const progress = new Progress({ isTTY, write: (more) => (text += more) }, () => now);
  return { progress, at: (ms) => (now = ms), text: () => text };
}

describe('The progress of a long command', () => {
  it('shows the rate since the first step, and the time left', () => {
    const { progress, at, text } = recorded(false);
    progress.step(1_000, 11_000);
    at(2_000);
    progress.step(3_000, 11_000);
    expect(text()).toBe('1000/11000 events\n3000/11000 events, 1000 a second, 8 s left\n');
  });

  it('prints a line every two seconds, and always the last one', () => {
    const { progress, at, text } = recorded(false);
    for (let page = 1; page <= 10; page += 1) {
      at(page * 500);
      progress.step(page * 100, 1_000);
    }
    expect(text()).toBe(
      '100/1000 events\n500/1000 events, 200 a second, 3 s left\n900/1000 events, 200 a second, 1 s left\n' +
        '1000/1000 events, 200 a second\n',
    );
  });

  it('redraws one line on a terminal', () => {
    const { progress, text } = recorded(true);
    progress.step(5, 5);
    progress.line('Done.');
    expect(text()).toBe('\r\u001B[K5/5 events\r\u001B[KDone.\n');
  });
});
