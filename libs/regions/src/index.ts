// The feature of regions: operators define zones and import boundaries, everybody reads them.
export { RegionsModule } from './regions.module.js';
