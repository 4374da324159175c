import { describe, expect, it } from '@jest/globals';
import { Problem, validate } from '#platform';
import { mustNotBeInFuture } from './not-in-future.js';
import { amendmentSchema, reportSchema } from './report.schema.js';

const violation = {
  id: '01941B7E-8A00-7000-8000-000000000001',
  type: 'violation',
  occurred: { from: '2017-01-15T12:00:00+02:00' },
  place: { region: 'SY030702' },
  kind: 'indirect_fire',
  means: 'seen',
};
const nil = {
  id: '01941b7e-8a00-7000-8000-000000000002',
  type: 'nil',
  observed: { from: '2017-01-15T06:00:00Z', to: '2017-01-15T18:00:00Z' },
  area: { region: 'SY0307' },
  means: 'seen',
};

/** The pointers and codes of its errors. */
function wrong(input: unknown): readonly string[] {
  try {
    mustNotBeInFuture(validate(reportSchema, input), '2017-02-01T00:00:00Z');
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.more.errors?.map(({ pointer, code }) => `${pointer} ${code}`) ?? [];
  }
}

function detailsOf(input: unknown): readonly string[] {
  try {
    validate(reportSchema, input);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.more.errors?.map(({ detail }) => detail) ?? [];
  }
}

describe('the schema of a report', () => {
  it('fills in optional members, and converts to UTC', () => {
    expect(validate(reportSchema, violation)).toEqual({
      id: '01941b7e-8a00-7000-8000-000000000001',
      type: 'violation',
      occurred: { from: '2017-01-15T10:00:00Z', to: null, precision: 'minute' },
      place: { region: 'SY030702', name: null, point: null, precision: null },
      kind: 'indirect_fire',
      severity: null,
      means: 'seen',
      accused: [],
      target: null,
      casualties: null,
      quantity: null,
      narrative: null,
      language: null,
      evidence: [],
      incident: null,
      source: null,
    });
  });

  it('accepts its own output: amendments are merged into it', () => {
    const once = validate(reportSchema, violation);
    expect(validate(reportSchema, once)).toEqual(once);
  });

  it.each([
    ['kind', 'airstrike', 'did you mean air_strike'],
    ['means', 'video', 'one of'],
  ])('suggests a valid %s for a wrong one', (member, value, advice) => {
    const details = detailsOf({ ...violation, [member]: value });
    expect(details.join()).toContain(advice);
  });

  it('accepts its own examples', () => {
    const examples = reportSchema.meta()?.['examples'] as readonly unknown[];
    expect(examples.map(wrong)).toEqual([[], [], []]);
  });

  it.each([
    ['a day that does not exist', { occurred: { from: '2017-02-30T10:00:00Z' } }, '/occurred/from wrong_format'],
    ['an instant without offset', { occurred: { from: '2017-01-15T10:00:00' } }, '/occurred/from wrong_format'],
    ['an instant without seconds', { occurred: { from: '2017-01-15T10:00Z' } }, '/occurred/from wrong_format'],
    [
      'an end before the start',
      { occurred: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T09:00:00Z' } },
      '/occurred/to invalid',
    ],
    [
      'an end without end',
      { occurred: { from: '2010-01-15T10:00:00Z', to: '2017-01-15T09:00:00Z' } },
      '/occurred/to invalid',
    ],
    ['the future', { occurred: { from: '2017-02-01T00:10:01Z' } }, '/occurred/from in_future'],
    ['a latitude that does not exist', { place: { point: { lon: 36, lat: 91 } } }, '/place/point/lat too_big'],
    ['a longitude that does not exist', { place: { point: { lon: -181, lat: 1 } } }, '/place/point/lon too_small'],
    ['no place', { place: { name: 'Ain al-Fijah' } }, '/place invalid'],
    ['an unknown kind', { kind: 'shelling' }, '/kind not_listed'],
    ['an unknown member', { severty: 'grave' }, '/severty unknown_member'],
    ['min > max', { casualties: { killed: { min: 3, max: 2 } } }, '/casualties/killed/max invalid'],
    ['half a person killed', { casualties: { killed: { min: 0.5, max: 2 } } }, '/casualties/killed/min wrong_type'],
    ['a unit in free text', { quantity: { value: 1, unit: 'shell near the house of' } }, '/quantity/unit wrong_format'],
    ['too long a narrative', { narrative: 'x'.repeat(20_001) }, '/narrative too_big'],
    ['half a character', { narrative: 'a\ud800' }, '/narrative invalid'],
    ['NUL', { narrative: 'a\u0000' }, '/narrative invalid'],
    ['too many accused', { accused: Array.from({ length: 33 }, () => 'saa') }, '/accused too_big'],
    ['an invalid hash', { evidence: [{ sha256: 'abc', mediaType: 'image/jpeg' }] }, '/evidence/0/sha256 wrong_format'],
    ['an empty source', { source: {} }, '/source invalid'],
    ['an invalid id', { id: 'r1' }, '/id wrong_format'],
    ['its organisation, which comes from the token', { organisation: 'snhr' }, '/organisation unknown_member'],
  ])('refuses %s', (_, members, expected) => {
    expect(wrong({ ...violation, ...members })).toEqual([expected]);
  });

  it('accepts clocks that are ten minutes fast', () => {
    expect(wrong({ ...violation, occurred: { from: '2017-02-01T00:10:00Z' } })).toEqual([]);
  });

  it('refuses an observation that ends in the future', () => {
    const observed = { from: '2017-01-31T00:00:00Z', to: '2017-02-02T00:00:00Z' };
    expect(wrong({ ...nil, observed })).toEqual(['/observed/to in_future']);
  });

  it('refuses members of another type, and an unknown type', () => {
    expect(wrong({ ...nil, narrative: 'quiet' })).toEqual(['/narrative unknown_member']);
    expect(wrong({ ...nil, type: 'bulletin' })).toHaveLength(1);
  });
});

describe('the schema of an amendment', () => {
  it('does not change members that are left out', () => {
    expect(validate(amendmentSchema, { means: 'recorded', severity: null })).toEqual({
      means: 'recorded',
      severity: null,
    });
    expect(() => validate(amendmentSchema, {})).toThrow('must change something');
  });
});
