// Folds the events of one episode into its fact.
import { secondsOf, type EpisodeEvent, type EpisodeFact } from '#domain';

export function foldEpisode(state: EpisodeFact | null, event: EpisodeEvent): EpisodeFact | null {
  switch (event.type) {
    case 'EpisodeOpened': {
      const { episode, kind, name, region, from, accused, exclusionClaim } = event.data;
      return {
        episode,
        kind,
        name,
        region,
        from: secondsOf(from),
        to: null,
        accused,
        exclusionClaim: exclusionClaim && { ...exclusionClaim, outcome: null },
      };
    }
    case 'EpisodeClosed':
      return state && { ...state, to: secondsOf(event.data.to) };
  }
}
