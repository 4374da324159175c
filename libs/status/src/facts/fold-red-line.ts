// Folds the events of one red line into its fact.
import { secondsOf, type RedLineEvent, type RedLineFact } from '#domain';

export function foldRedLine(state: RedLineFact | null, event: RedLineEvent): RedLineFact | null {
  switch (event.type) {
    case 'RedLineDeclared':
      return { ...event.data, withdrawnAt: null };
    case 'RedLineWithdrawn':
      return state && { ...state, withdrawnAt: secondsOf(event.data.at) };
  }
}
