// One stream per lens and region: what was announced. New announcements are the differences between that and the
// current history, so a repeated or late check announces nothing twice.
import type { Decider } from '../decider.js';
import type { StatusEvent } from '../status/status-events.js';
import { secondsOf } from '../time.js';
import type { AnnouncedStatus, AnnounceStatus } from './announcement.js';
import { replaced } from './step-history.js';
import { coverageChanges, redLineChanges } from './coverage-and-red-line-changes.js';
import { statusChanges } from './status-changes.js';

export const statusWatch: Decider<AnnounceStatus, AnnouncedStatus, StatusEvent> = {
  initialState: {
    announced: [{ from: -Infinity, value: null }],
    until: -Infinity,
    metRedLines: [],
    covered: null,
  },
  decide: (command, state) => [
    ...statusChanges(command, state),
    ...redLineChanges(command, state),
    ...coverageChanges(command, state),
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
