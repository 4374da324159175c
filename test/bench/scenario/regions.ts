// The sub-districts of the profile, each with all regions that contain it.
import type { EventLog } from '../../../libs/event-log/src/index.js';
import { LogRegistry } from '../../../libs/registry/src/index.js';

export type SubDistrict = { readonly code: string; readonly regions: readonly string[] };

export async function subDistricts(log: EventLog): Promise<readonly SubDistrict[]> {
  const registry = new LogRegistry(log, (error) => {
    throw error;
  });
  const { regions } = await registry.refresh();
  return regions.all
    .filter(({ level }) => level === 'subdistrict')
    .map(({ code }) => ({ code, regions: regions.containing(code) }));
}
