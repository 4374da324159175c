import { describe, expect, it } from '@jest/globals';
import { given } from '../given.fixture.js';
import type { EpisodeOpened } from './episode-events.js';
import { episode } from './episode.js';

const opened: EpisodeOpened = {
  type: 'EpisodeOpened',
  data: {
    episode: 'e1',
    kind: 'offensive',
    region: 'wadi-barada',
    from: '2016-12-21T22:00:00Z',
    name: 'Wadi Barada',
    accused: ['saa'],
    exclusionClaim: { by: 'saa', target: 'jfs' },
  },
};
const closed = {
  type: 'EpisodeClosed',
  data: { episode: 'e1', region: 'wadi-barada', to: '2017-01-29T22:00:00Z' },
} as const;

describe('an episode', () => {
  it('is opened once', () => {
    expect(given(episode).when({ type: 'OpenEpisode', episode: opened.data })).toEqual([opened]);
    expect(() => given(episode, opened).when({ type: 'OpenEpisode', episode: opened.data })).toThrow('new id');
  });

  it('is closed', () => {
    expect(given(episode, opened).when({ type: 'CloseEpisode', to: '2017-01-29T22:00:00Z' })).toEqual([closed]);
  });

  it('may end at the instant it begins, but not before', () => {
    const { when } = given(episode, opened);
    expect(when({ type: 'CloseEpisode', to: '2016-12-21T22:00:00Z' })).toHaveLength(1);
    expect(() => when({ type: 'CloseEpisode', to: '2016-12-21T21:59:59.900Z' })).toThrow('cannot end before that');
  });

  it('accepts a repeated close with the same instant, and refuses another', () => {
    const { when } = given(episode, opened, closed);
    expect(when({ type: 'CloseEpisode', to: '2017-01-29T22:00:00Z' })).toEqual([]);
    expect(() => when({ type: 'CloseEpisode', to: '2017-01-30T22:00:00Z' })).toThrow('was closed at');
  });

  it('is not reopened', () => {
    expect(() => given(episode, opened, closed).when({ type: 'OpenEpisode', episode: opened.data })).toThrow('new id');
  });
});
