import { openStandalone } from '../support/composition.js';
import { lifeOfAReport } from './life-of-a-report.js';

lifeOfAReport(openStandalone);
