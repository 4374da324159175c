// What features register with the metrics: gauges read at scrape time, and counters kept elsewhere.

type Labels = Readonly<Record<string, string>>;

export type Sample = { readonly labels: Labels; readonly value: number };

/** A gauge that is read at scrape time. If reading it fails, the scrape leaves it out. */
export type GaugeSource = {
  readonly name: string;
  readonly help: string;
  /** Omitted: one sample without labels. */
  readonly labelNames?: readonly string[];
  readonly collect: () => Promise<readonly Sample[]> | readonly Sample[];
};

/** A count since process start that its owner keeps. Sources with the same name must have the same label names. */
export type CounterSource = {
  /** `barada_..._total` */
  readonly name: string;
  readonly help: string;
  readonly labels: Labels;
  readonly count: () => number;
};
