// The events of an episode. Stream: episode-<id>. Key: its region.
import type { EpisodeKind, Instant } from '../vocabulary.js';

export type EpisodeOpened = {
  readonly type: 'EpisodeOpened';
  readonly data: {
    readonly episode: string;
    readonly kind: EpisodeKind;
    readonly region: string;
    readonly from: Instant;
    readonly name: string;
    readonly accused: readonly string[];
    readonly exclusionClaim: { readonly by: string; readonly target: string } | null;
  };
};
export type EpisodeClosed = {
  readonly type: 'EpisodeClosed';
  readonly data: { readonly episode: string; readonly region: string; readonly to: Instant };
};
export type EpisodeEvent = EpisodeOpened | EpisodeClosed;
