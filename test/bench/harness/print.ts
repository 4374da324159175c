// Prints rows on the terminal.
import { goalText, type Spread } from './statistics.js';
import { isCheckMet, type Row } from './row.js';

export function printRow({ id, what, checks, measurements, notes = [] }: Row, print: (line: string) => void): void {
  print(`\n${id}  (${what})`);
  for (const { name, ratePerSecond, cpuMicroseconds } of measurements) {
    print(`  ${name.padEnd(34)} ${spreadText(ratePerSecond).padStart(28)} /s   CPU ${spreadText(cpuMicroseconds)} µs`);
  }
  for (const check of checks) {
    const verdict = isCheckMet(check) ? 'met' : 'MISSED';
    print(
      `  → ${check.what.padEnd(32)} ${spreadText(check.spread).padStart(28)} ${check.unit.padEnd(3)} goal ${goalText(check.goal)}: ${verdict}`,
    );
  }
  for (const note of notes) print(`  ${note}`);
}

function spreadText({ median, min, max }: Spread): string {
  return min === max ? short(median) : `${short(median)} (${short(min)}–${short(max)})`;
}

/** Rounds to three significant digits. */
function short(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
