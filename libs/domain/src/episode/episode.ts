// One stream per episode: an offensive or a siege, from its start to its end.
import { Refusal, type Decider } from '../decider.js';
import type { Instant } from '../vocabulary.js';
import type { EpisodeEvent, EpisodeOpened } from './episode-events.js';

export type EpisodeCommand =
  | { readonly type: 'OpenEpisode'; readonly episode: EpisodeOpened['data'] }
  | { readonly type: 'CloseEpisode'; readonly to: Instant };

export type Episode =
  | { readonly status: 'unknown' }
  | { readonly status: 'open'; readonly episode: string; readonly region: string; readonly from: Instant }
  | { readonly status: 'closed'; readonly episode: string; readonly to: Instant };

export const episode: Decider<EpisodeCommand, Episode, EpisodeEvent> = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
};

function decide(command: EpisodeCommand, state: Episode): readonly EpisodeEvent[] {
  switch (command.type) {
    case 'OpenEpisode':
      if (state.status === 'unknown') return [{ type: 'EpisodeOpened', data: command.episode }];
      throw new Refusal('id-reused', 'This id is already used by an episode, open or closed: use a new id.');
    case 'CloseEpisode':
      return closed(command.to, state);
  }
}

function closed(to: Instant, state: Episode): readonly EpisodeEvent[] {
  switch (state.status) {
    case 'unknown':
      throw new Error('an episode begins with EpisodeOpened');
    case 'closed':
      if (state.to === to) return [];
      throw new Refusal('episode-closed', `This episode was closed at ${state.to}: open another one with a new id.`);
    case 'open':
      if (Date.parse(to) < Date.parse(state.from)) {
        throw new Refusal('closes-before-open', `This episode began at ${state.from}: it cannot end before that.`);
      }
      return [{ type: 'EpisodeClosed', data: { episode: state.episode, region: state.region, to } }];
  }
}

function evolve(_: Episode, event: EpisodeEvent): Episode {
  switch (event.type) {
    case 'EpisodeOpened': {
      const { episode: id, region, from } = event.data;
      return { status: 'open', episode: id, region, from };
    }
    case 'EpisodeClosed':
      return { status: 'closed', episode: event.data.episode, to: event.data.to };
  }
}
