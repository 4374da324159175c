import { describe, expect, it } from '@jest/globals';
import type { ClaimFact, IncidentFact, Lens, ReportFact } from './facts.js';
import { CEASEFIRE, FRAMEWORK, HONOURED, incidentWith, STRICT } from './facts.fixture.js';
import { incidentView } from './incident-view.js';
import { incidentApplicability, type Applicability } from './scope.js';
import { secondsOf } from '../time.js';

const CORROBORATED = { verification: { level: 'corroborated', severity: null } } as const;

function applicability(
  reported: Partial<ReportFact>,
  more: Partial<IncidentFact> = {},
  lens: Lens = STRICT,
): Applicability {
  const view = incidentView(incidentWith(reported, more), FRAMEWORK.alignments);
  if (!view) throw new Error('no report');
  return incidentApplicability(view, FRAMEWORK, lens);
}

function exclusionClaim(some: Partial<ClaimFact>): Pick<IncidentFact, 'claims'> {
  return { claims: [{ claim: 1, by: 'saa', type: 'exclusion', target: 'jfs', outcome: null, ...some }] };
}

describe('whether an incident counts', () => {
  it('requires an instrument in force when it began', () => {
    expect(applicability({ from: CEASEFIRE })).toBe('applies');
    expect(applicability({ from: CEASEFIRE - 1 })).toBe('out_of_scope');
  });

  it('requires an instrument in force at its place', () => {
    expect(applicability({ regions: ['SY', 'SY03'] })).toBe('applies');
    expect(applicability({ regions: ['elsewhere'] })).toBe('out_of_scope');
  });

  it('requires one of the accused to be bound or unknown', () => {
    expect(applicability({ accused: ['isis', 'saa'] })).toBe('applies');
    expect(applicability({ accused: ['isis'] })).toBe('out_of_scope');
    expect(applicability({ accused: ['ypg'], target: 'fsa' })).toBe('out_of_scope');
    expect(applicability({ accused: ['unknown'] })).toBe('applies');
    expect(applicability({ accused: [] })).toBe('applies');
    expect(applicability({ accused: ['never-registered'] })).toBe('applies');
  });

  it('excludes an actor from the day of its exclusion only', () => {
    const claimed = (from: string): Applicability =>
      applicability({ from: secondsOf(from) }, exclusionClaim({ target: 'hts', outcome: 'upheld' }));
    expect(claimed('2017-01-27T21:59:59Z')).toBe('applies');
    expect(claimed('2017-01-27T22:00:00Z')).toBe('exclusion_claim');
  });

  it('follows the reading of the lens', () => {
    const rebels: Lens = { ...STRICT, reading: 'rebels-copy' };
    expect(applicability({ accused: ['saa'], target: 'isis' }, CORROBORATED, rebels)).toBe('out_of_scope');
    expect(applicability({}, exclusionClaim({ outcome: 'upheld' }), rebels)).toBe('applies');
  });

  it('excludes an attack by a bound actor on a non-signatory armed group', () => {
    expect(applicability({ target: 'ypg' })).toBe('out_of_scope');
    expect(applicability({ target: 'fsa' })).toBe('applies');
  });

  it('protects civilians in any case, and an unknown target', () => {
    expect(applicability({ target: 'civilians' }, CORROBORATED)).toBe('applies');
    expect(applicability({ target: 'unknown' }, CORROBORATED)).toBe('applies');
    expect(applicability({ target: null }, CORROBORATED)).toBe('applies');
  });
});

describe('an exclusion claim', () => {
  it('has no effect before its assessment, unless the lens honours claims', () => {
    expect(applicability({}, exclusionClaim({}))).toBe('applies');
    expect(applicability({}, exclusionClaim({}), HONOURED)).toBe('exclusion_claim');
  });

  it('exempts under every lens once it is upheld, and under none once it is rejected', () => {
    expect(applicability({}, exclusionClaim({ outcome: 'upheld' }))).toBe('exclusion_claim');
    expect(applicability({}, exclusionClaim({ outcome: 'rejected' }), HONOURED)).toBe('applies');
  });

  it('may omit its target, but the target must be excluded by the reading', () => {
    expect(applicability({}, exclusionClaim({ target: null }), HONOURED)).toBe('exclusion_claim');
    expect(applicability({}, exclusionClaim({ target: 'fsa' }), HONOURED)).toBe('applies');
    expect(applicability({}, exclusionClaim({ target: 'fsa', outcome: 'upheld' }))).toBe('applies');
  });

  it('is not an assertion or a denial', () => {
    expect(applicability({}, exclusionClaim({ type: 'assertion' }), HONOURED)).toBe('applies');
    expect(applicability({}, exclusionClaim({ type: 'denial' }), HONOURED)).toBe('applies');
  });
});

describe('a report that names an excluded target itself', () => {
  const aimed = { target: 'jfs' };

  it('works like an unassessed claim until the incident is corroborated', () => {
    for (const level of ['reported', 'unverifiable'] as const) {
      const verification = { level, severity: null };
      expect(applicability(aimed, { verification })).toBe('applies');
      expect(applicability(aimed, { verification }, HONOURED)).toBe('exclusion_claim');
    }
  });

  it('puts the incident out of scope once it is corroborated', () => {
    for (const level of ['corroborated', 'verified_remote', 'verified_on_site'] as const)
      expect(applicability(aimed, { verification: { level, severity: null } })).toBe('out_of_scope');
  });
});
