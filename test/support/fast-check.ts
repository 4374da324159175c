// fast-check with a fixed seed: a property checks the same cases in every run, so that no test depends on luck.
// `SEED=n npm test` tries other cases. fast-check prints the seed with every failure.
import fc from 'fast-check';
import { seedOfTests } from './seeded-random.js';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedOfTests() });

export default fc;
