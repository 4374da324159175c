// One stream per lens and region: what has been announced there. New announcements are the differences between that and
// what is known now, so a repeated or late look announces nothing twice.
import type { Decider } from '../decider.js';
import type { StatusEvent } from '../status/status-events.js';
import { secondsOf } from '../time.js';
import type { AnnouncedStatus, AnnounceStatus } from './announcement.js';
import { replaced } from './step-history.js';
import { coverageNews, redLineNews } from './coverage-and-red-line-changes.js';
import { statusNews } from './status-changes.js';

export const statusWatch: Decider<AnnounceStatus, AnnouncedStatus, StatusEvent> = {
  initialState: {
    announced: [{ from: -Infinity, value: null }],
    until: -Infinity,
    metRedLines: [],
    covered: null,
  },
  decide: (command, state) => [
    ...statusNews(command, state),
    ...redLineNews(command, state),
    ...coverageNews(command, state),
  ],
  evolve,
};

function evolve(state: AnnouncedStatus, event: StatusEvent): AnnouncedStatus {
  const { data } = event;
  const at = secondsOf(data.at);
  switch (event.type) {
    case 'StatusChanged': {
      const announced = replaced(state.announced, [{ from: at, value: event.data.to }], Infinity);
      return { ...state, announced, until: Math.max(state.until, at) };
    }
    case 'StatusRestated': {
      const until = secondsOf(event.data.until);
      const after = event.data.after.map(({ from, status }) => ({ from: secondsOf(from), value: status }));
      return { ...state, announced: replaced(state.announced, after, until), until: Math.max(state.until, until) };
    }
    case 'RedLineMet':
      return { ...state, metRedLines: [...state.metRedLines, event.data.redLine] };
    case 'RedLineCleared':
      return { ...state, metRedLines: state.metRedLines.filter((redLine) => redLine !== event.data.redLine) };
    case 'CoverageLost':
      return { ...state, covered: { enough: false, at } };
    case 'CoverageRestored':
      return { ...state, covered: { enough: true, at } };
  }
}
