// The Astana profile as events, with which the log of a new mission begins.
import type { DomainEvent, RegionDefined, RegionLevel } from '#domain';
import { readProfileData, type ProfileData } from './profile-data.js';

/** The first event of a stream of its own. */
export type ProfileEntry = { readonly stream: string; readonly event: DomainEvent };

/** Larger regions before smaller ones, zones last; then the actors, the instrument, the lenses, the modalities. */
export function astanaProfile(): readonly ProfileEntry[] {
  const { units, zones, actors, ceasefire } = readProfileData();
  return [
    ...units.map(unitDefined),
    ...zones.map(zoneDefined),
    ...actors.map(actorRegistered),
    instrumentRegistered(ceasefire.instrument),
    ...ceasefire.lenses.map(lensDefined),
    ...ceasefire.modalities.map(modalitiesAdopted),
  ];
}

// OCHA's p-codes: SY and two digits for each level below the country.
const LEVEL_BY_LENGTH: Readonly<Record<number, RegionLevel>> = {
  2: 'country',
  4: 'governorate',
  6: 'district',
  8: 'subdistrict',
};

function unitDefined([code, en, ar, areaKm2, lon, lat]: ProfileData['units'][number]): ProfileEntry {
  const level = LEVEL_BY_LENGTH[code.length];
  if (!level) throw new Error(`${code} is not a p-code`);
  return regionEntry({
    region: code,
    level,
    name: { en, ar },
    parent: level === 'country' ? null : code.slice(0, -2),
    areaKm2,
    centre: lon === null || lat === null ? null : { lon, lat },
    parts: [],
    boundary: null,
    from: null,
  });
}

function zoneDefined({ code, name, parts, boundary }: ProfileData['zones'][number]): ProfileEntry {
  return regionEntry({
    region: code,
    level: 'zone',
    name,
    parent: null,
    areaKm2: null,
    centre: null,
    parts,
    boundary: { type: 'Polygon', coordinates: [boundary] },
    from: null,
  });
}

function regionEntry(data: RegionDefined['data']): ProfileEntry {
  return { stream: `region-${data.region}`, event: { type: 'RegionDefined', data } };
}

function actorRegistered(actor: ProfileData['actors'][number]): ProfileEntry {
  const { code, en, ar, aliases, bound, guarantors } = actor;
  return {
    stream: `actor-${code}`,
    event: { type: 'ActorRegistered', data: { actor: code, name: { en, ar }, aliases, bound, guarantors } },
  };
}

function instrumentRegistered(instrument: ProfileData['ceasefire']['instrument']): ProfileEntry {
  const { code, name, from, to, regions, signatories, guarantors } = instrument;
  const readings = instrument.readings.map(({ code, excluded }) => ({ code, excluded }));
  return {
    stream: `instrument-${code}`,
    event: {
      type: 'InstrumentRegistered',
      data: { instrument: code, name, from, to, regions, signatories, guarantors, readings },
    },
  };
}

function lensDefined(lens: ProfileData['ceasefire']['lenses'][number]): ProfileEntry {
  const { code, reading, exclusionClaims, positionsOf } = lens;
  return {
    stream: `lens-${code}`,
    event: { type: 'LensDefined', data: { lens: code, reading, exclusionClaims, positionsOf } },
  };
}

function modalitiesAdopted(modalities: ProfileData['ceasefire']['modalities'][number]): ProfileEntry {
  const { version, from, rules } = modalities;
  return {
    stream: `modalities-${version}`,
    event: { type: 'ModalitiesAdopted', data: { version, from, rules } },
  };
}
