// One stream per red line: a condition that, according to its declarer, would end the ceasefire for it.
import { Refusal, type Decider } from '../decider.js';
import type { Instant } from '../vocabulary.js';
import type { RedLineDeclared, RedLineEvent } from './red-line-events.js';

export type RedLineCommand =
  | { readonly type: 'DeclareRedLine'; readonly redLine: RedLineDeclared['data'] }
  | { readonly type: 'WithdrawRedLine'; readonly at: Instant };

export type RedLine =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'declared' | 'withdrawn';
      readonly redLine: string;
      readonly region: string;
      readonly declaredBy: string;
    };

export const redLine: Decider<RedLineCommand, RedLine, RedLineEvent> = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
};

function decide(command: RedLineCommand, state: RedLine): readonly RedLineEvent[] {
  switch (command.type) {
    case 'DeclareRedLine':
      if (state.status === 'unknown') return [{ type: 'RedLineDeclared', data: command.redLine }];
      throw new Refusal('id-reused', 'This id is already used by a red line, declared or withdrawn: use a new id.');
    case 'WithdrawRedLine':
      if (state.status === 'unknown') throw new Error('a red line begins with RedLineDeclared');
      if (state.status === 'withdrawn') return [];
      return [{ type: 'RedLineWithdrawn', data: { redLine: state.redLine, region: state.region, at: command.at } }];
  }
}

function evolve(state: RedLine, event: RedLineEvent): RedLine {
  switch (event.type) {
    case 'RedLineDeclared': {
      const { redLine: id, region, declaredBy } = event.data;
      return { status: 'declared', redLine: id, region, declaredBy };
    }
    case 'RedLineWithdrawn':
      if (state.status === 'unknown') throw new Error('a red line begins with RedLineDeclared');
      return { ...state, status: 'withdrawn' };
  }
}
