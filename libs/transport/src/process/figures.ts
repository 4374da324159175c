// Figures that are looked up when they are scraped.
import { Counter, Gauge, type Registry } from 'prom-client';

export type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };

export type Figure = {
  readonly name: string;
  readonly help: string;
  /** A counter only ever grows, and begins anew with the process. */
  readonly kind: 'counter' | 'gauge';
  readonly look: () => readonly Sample[] | Promise<readonly Sample[]>;
};

/** Puts them into a registry. */
export function figures(all: readonly Figure[]): (registry: Registry) => void {
  return (registry) => {
    for (const { name, help, kind, look } of all) {
      const options = { name, help, labelNames: LABELS, registers: [registry] };
      const show = async (metric: Counter | Gauge): Promise<void> => {
        metric.reset();
        for (const { labels = {}, value } of await look()) metric.inc(labels, value);
      };
      if (kind === 'counter')
        new Counter({
          ...options,
          async collect(this: Counter) {
            await show(this);
          },
        });
      else
        new Gauge({
          ...options,
          async collect(this: Gauge) {
            await show(this);
          },
        });
    }
  };
}

const LABELS = ['follower', 'what', 'partition'];
