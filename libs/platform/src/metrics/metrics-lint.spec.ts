// Prometheus' own rules for names and help texts: https://prometheus.io/docs/practices/naming/
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { spawnSync } from 'node:child_process';
import { createApp, PlatformModule, Settings } from '#platform';
import { bareFoundations } from '../../../../test/support/bare-foundations.js';

@Module({ imports: [PlatformModule.with(bareFoundations())] })
class BareModule {}

let app: NestFastifyApplication;
let text: string;
beforeAll(async () => {
  app = await createApp(BareModule, Settings.from({}));
  await app.init();
  await app.inject('/health/live');
  text = (await app.inject('/metrics')).body;
});
afterAll(() => app.close());

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('the metrics', () => {
  it('follow the rules for names', () => {
    const types = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
    expect(types.length).toBeGreaterThan(10);
    const counters = types.filter(({ type }) => type === 'counter').map(({ name }) => name);
    expect(counters.filter((name) => !name.endsWith('_total'))).toEqual([]);
    const others = types.filter(({ type }) => type !== 'counter').map(({ name }) => name);
    expect(others.filter((name) => /_(total|count|sum|bucket)$/.test(name))).toEqual([]);
    expect(types.filter(({ name }) => /_(ms|milliseconds|minutes|kilobytes|mb)(_|$)/.test(name))).toEqual([]);
    expect(types.filter(({ name }) => !new RegExp(`^# HELP ${name} \\S`, 'm').test(text))).toEqual([]);
  });

  (hasPromtool ? it : it.skip)('pass `promtool check metrics`', () => {
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});
