// What may be handed to the metrics.

type Labels = Readonly<Record<string, string>>;

export type Sample = { readonly labels: Labels; readonly value: number };

/** A figure that is looked up when it is scraped; one that cannot be is left out of the answer. */
export type GaugeSource = {
  readonly name: string;
  readonly help: string;
  /** Left out: there is one sample, without labels. */
  readonly labelNames?: readonly string[];
  readonly collect: () => Promise<readonly Sample[]> | readonly Sample[];
};

/** A count since the process began that somebody else keeps. Those of one name have the same labels' names. */
export type CounterSource = {
  /** `barada_..._total` */
  readonly name: string;
  readonly help: string;
  readonly labels: Labels;
  readonly count: () => number;
};
