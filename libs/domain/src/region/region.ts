// One stream per region: its definition and its boundary.
import { Refusal, type Decider } from '../decider.js';
import type { Boundary, RegionDefined, RegionEvent } from './region-events.js';

export type RegionCommand =
  | { readonly type: 'DefineRegion'; readonly definition: RegionDefined['data'] }
  | { readonly type: 'ReviseBoundary'; readonly boundary: Boundary };

/** The stream's state; `Region` is an entry of the region map. */
export type RegionState =
  | { readonly status: 'unknown' }
  | { readonly status: 'defined'; readonly region: string; readonly boundary: Boundary | null };

export const region: Decider<RegionCommand, RegionState, RegionEvent> = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
};

function decide(command: RegionCommand, state: RegionState): readonly RegionEvent[] {
  switch (command.type) {
    case 'DefineRegion':
      mustBeNew(command.definition.region, state);
      return [{ type: 'RegionDefined', data: command.definition }];
    case 'ReviseBoundary': {
      const { region: code, boundary } = mustBeDefined(state);
      if (boundary && isSame(boundary, command.boundary)) return [];
      return [{ type: 'BoundaryRevised', data: { region: code, boundary: command.boundary } }];
    }
  }
}

function evolve(_: RegionState, { data }: RegionEvent): RegionState {
  return { status: 'defined', region: data.region, boundary: data.boundary };
}

function mustBeNew(code: string, state: RegionState): void {
  if (state.status === 'unknown') return;
  throw new Refusal(
    'region-exists',
    `The region ${code} is already defined with other content. To change its boundary, PUT /v1/regions/${code}/boundary.`,
  );
}

function mustBeDefined(state: RegionState): Extract<RegionState, { status: 'defined' }> {
  if (state.status === 'defined') return state;
  throw new Refusal('region-unknown', 'This region is not defined. Define it first with POST /v1/regions.');
}

function isSame(one: Boundary, other: Boundary): boolean {
  return one.type === other.type && JSON.stringify(one.coordinates) === JSON.stringify(other.coordinates);
}
