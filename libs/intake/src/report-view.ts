// Who sees what of a report: rules.md, section 6, as one table.
import { incidentIdOf, type Report, type Submission } from '#domain';
import type { StoredEvent } from '#event-log';
import { bodyOf, resolvedPlace, type Confidential, type ConfidentialField } from './confidential-split.js';

export type Viewer = 'author' | 'verifier' | 'reader';

/** Fields that are not listed are not even read. Only the author sees the source; protection has routes of its own. */
export const VISIBLE: Readonly<Record<Viewer, readonly ConfidentialField[]>> = {
  author: ['handle', 'organisation', 'point', 'placeName', 'narrative', 'evidence', 'source', 'reason'],
  verifier: ['handle', 'point', 'placeName', 'narrative', 'evidence', 'reason'],
  reader: [],
};

export type KnownReport = Exclude<Report, { readonly status: 'unknown' }>;

/** Members that the viewer may not see are left out; null means that the report has no such content. */
export function viewOf({ now, status }: KnownReport, first: StoredEvent, viewer: Viewer, seen: Confidential): object {
  const { place, flags } = resolvedPlace(now);
  return {
    ...withoutHidden(now, viewer, seen),
    incident: incidentIdOf(now),
    status,
    regions: place.regions,
    flags,
    position: first.commandEnd,
    recordedAt: first.recordedAt,
    ...only(viewer, 'handle', { monitor: seen.handle ?? null }),
    ...only(viewer, 'organisation', { organisation: seen.organisation ?? null }),
  };
}

function withoutHidden(now: Submission, viewer: Viewer, seen: Confidential): object {
  const body = bodyOf(now, seen);
  switch (body.type) {
    case 'violation': {
      const { place, narrative, evidence, source, ...others } = body;
      const { point, name, ...where } = place;
      return {
        ...others,
        place: { ...where, ...only(viewer, 'placeName', { name }), ...only(viewer, 'point', { point }) },
        ...only(viewer, 'narrative', { narrative }),
        ...only(viewer, 'evidence', { evidence }),
        ...only(viewer, 'source', { source }),
        ...('evidenceCount' in now.content ? { evidenceCount: now.content.evidenceCount } : {}),
      };
    }
    case 'nil':
      return body;
    case 'access_denied': {
      const { reason, ...others } = body;
      return { ...others, ...only(viewer, 'reason', { reason }) };
    }
  }
}

function only(viewer: Viewer, field: ConfidentialField, members: object): object {
  return VISIBLE[viewer].includes(field) ? members : {};
}
