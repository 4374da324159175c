// The relay's counters, for Prometheus.
import type { CounterSource } from '#platform';
import type { RelayState } from './relay.js';

export function relayMetrics(state: () => RelayState): readonly CounterSource[] {
  const count = (name: string, help: string, of: (now: RelayState) => number): CounterSource => ({
    ...{ name, help, labels: {} },
    count: () => of(state()),
  });
  return [
    count('barada_relay_events_total', 'Events that this process has sent', ({ sent }) => sent.events),
    count('barada_relay_batches_total', 'Batches that this process has sent', ({ sent }) => sent.batches),
    count('barada_relay_claims_total', 'How often this process has become the active relay', ({ claims }) => claims),
    count(
      'barada_relay_leadership_lost_total',
      'How often this process has lost the leadership to another relay',
      ({ leadershipLost }) => leadershipLost,
    ),
  ];
}
