import { connectToRunning, openStandalone } from '../support/test-system.js';
import { lifeOfAReport } from './life-of-a-report.js';

// `BARADA_URL=... BARADA_DIR=... npm test -- life-of-a-report.spec` runs it against a new installation elsewhere.
const url = process.env['BARADA_URL'];
lifeOfAReport(url === undefined ? openStandalone : () => connectToRunning(url));
