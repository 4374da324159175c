// Splits a report into its public part and its confidential part, which can get somebody killed; and merges them again
// for readers who may see both.
import type {
  Correction,
  ObservationContent,
  ReportedPlace,
  ReportFlag,
  Submission,
  Source,
  ViolationContent,
} from '#domain';
import type { Json } from '#event-log';
import type { Caller, Pseudonyms } from '#platform';
import type { ResolvedPlace } from './place.js';
import type { ReportBody } from './report.schema.js';

type ViolationBody = Extract<ReportBody, { readonly type: 'violation' }>;
type ObservationBody = Exclude<ReportBody, { readonly type: 'violation' }>;

/** Stored apart from the event, by field. Null or absent: the report has no such content. */
export type Confidential = {
  readonly handle?: string;
  readonly organisation?: string;
  readonly point?: ViolationBody['place']['point'];
  readonly placeName?: string | null;
  readonly narrative?: string | null;
  readonly evidence?: ViolationBody['evidence'] | null;
  readonly source?: ViolationBody['source'];
  readonly reason?: string | null;
};
export type ConfidentialField = keyof Confidential;

export function sourceOf({ handle, organisation }: Caller, pseudonyms: Pseudonyms): Source {
  return { monitor: pseudonyms.monitor(handle), organisation: pseudonyms.organisation(organisation) };
}

/** The part of a report that the event carries, without its incident and source. */
export function publicPart(body: ReportBody, { place, flags }: ResolvedPlace): Correction {
  switch (body.type) {
    case 'violation':
      return { type: 'violation', flags, content: violationContent(body, place) };
    case 'nil':
      return { type: 'nil', flags, content: observationContent(body, place) };
    case 'access_denied':
      return { type: 'access_denied', flags, content: observationContent(body, place) };
  }
}

function violationContent(body: ViolationBody, place: ReportedPlace): ViolationContent {
  const { occurred, kind, severity, means, accused, target, casualties, quantity, language, evidence } = body;
  return {
    occurred,
    place,
    kind,
    severity,
    means,
    accused: [...new Set(accused)],
    target: target?.actor ?? null,
    casualties: casualties ?? { killed: null, injured: null },
    quantity,
    language,
    evidenceCount: evidence.length,
  };
}

function observationContent(body: ObservationBody, area: ReportedPlace): ObservationContent {
  return {
    observed: body.observed,
    area,
    means: body.type === 'nil' ? body.means : null,
    deniedBy: body.type === 'nil' ? null : body.deniedBy,
  };
}

/** The part that must never leave the intake. */
export function confidentialPart(body: ReportBody, { handle, organisation }: Caller): Readonly<Record<string, Json>> {
  const present = Object.entries(confidentialFields(body)).filter(([, value]) => value !== null);
  return { handle, organisation, ...Object.fromEntries(present) };
}

const FIELDS_OF: Readonly<Record<string, readonly ConfidentialField[]>> = {
  place: ['point', 'placeName'],
  narrative: ['narrative'],
  evidence: ['evidence'],
  source: ['source'],
  reason: ['reason'],
};

/** The confidential fields of the changed members of an amendment; null where a member is removed. */
export function confidentialChanges(body: ReportBody, changed: readonly string[]): Readonly<Record<string, Json>> {
  const fields = changed.flatMap((member) => FIELDS_OF[member] ?? []);
  const changes = Object.entries(confidentialFields(body)).filter(([field]) => fields.some((one) => one === field));
  return Object.fromEntries(changes);
}

type ConfidentialContent = Readonly<Partial<Record<Exclude<ConfidentialField, keyof Caller>, Json>>>;

function confidentialFields(body: ReportBody): ConfidentialContent {
  switch (body.type) {
    case 'violation': {
      const { place, narrative, evidence, source } = body;
      const { point, name: placeName } = place;
      return { point, placeName, narrative, evidence: evidence.length > 0 ? evidence : null, source };
    }
    case 'nil':
      return {};
    case 'access_denied':
      return { reason: body.reason };
  }
}

/** The report as sent and amended, with the fields that `confidential` has, and the region that its point is in. */
export function bodyOf(now: Submission, confidential: Confidential): ReportBody {
  switch (now.type) {
    case 'violation':
      return violationBody(now, confidential);
    case 'nil': {
      const { observed, area, means } = now.content;
      if (means === null) throw new Error('a nil report has means');
      return { id: now.report, type: 'nil', observed, area: { region: area.region }, means };
    }
    case 'access_denied': {
      const { observed, area, deniedBy } = now.content;
      const reason = confidential.reason ?? null;
      return { id: now.report, type: 'access_denied', observed, area: { region: area.region }, deniedBy, reason };
    }
  }
}

function violationBody(
  { report, incident, content }: Extract<Submission, { type: 'violation' }>,
  confidential: Confidential,
): ViolationBody {
  const { occurred, kind, severity, means, accused, target, casualties, quantity, language, place } = content;
  return {
    id: report,
    type: 'violation',
    occurred,
    place: {
      region: place.region,
      name: confidential.placeName ?? null,
      point: confidential.point ?? null,
      precision: place.precision,
    },
    kind,
    severity,
    means,
    accused: [...accused],
    target: target === null ? null : { actor: target },
    casualties,
    quantity,
    narrative: confidential.narrative ?? null,
    language,
    evidence: confidential.evidence ?? [],
    incident,
    source: confidential.source ?? null,
  };
}

/** The place as resolved at intake. */
export function resolvedPlace(
  now: { readonly flags: readonly ReportFlag[] } & Pick<Submission, 'type' | 'content'>,
): ResolvedPlace {
  const place = 'place' in now.content ? now.content.place : now.content.area;
  return { place, flags: now.flags };
}
