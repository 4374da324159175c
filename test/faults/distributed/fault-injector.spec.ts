import { expect, it } from '@jest/globals';
import { APPS } from '../../support/distributed.js';
import type { AppProcess } from '../../support/process.js';
import { SeededRandom } from '../../support/seeded-random.js';
import { FaultInjector, type Targets } from './fault-injector.js';

it('waits for a paused process to resume if every app has one, and then goes on', async () => {
  const paused = new Set<string>();
  const processes = APPS.map((app) => ({ pause: () => paused.add(app), resume: () => paused.delete(app) }));
  const running = (app: (typeof APPS)[number]): readonly unknown[] => [processes[APPS.indexOf(app)]];
  const injector = new FaultInjector({ system: { running } } as unknown as Targets, 100);
  const random = new SeededRandom(77);
  const lines: unknown[] = [];
  while (lines.length < APPS.length) lines.push(await injector.inject('sleep', random));
  expect([lines.length, paused.size]).toEqual([APPS.length, APPS.length]);
  const [app] = (await injector.pickTarget(random)) as [string, AppProcess];
  expect(paused).not.toContain(app);
});
