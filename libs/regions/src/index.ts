// Regions over HTTP.
export { RegionsModule } from './regions.module.js';
