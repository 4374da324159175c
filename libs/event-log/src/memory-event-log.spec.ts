import { testEventLogContract } from './event-log.contract.js';
import { MemoryEventLog } from './memory-event-log.fixture.js';

testEventLogContract('MemoryEventLog', () => {
  const log = new MemoryEventLog();
  return Promise.resolve({ log, other: log });
});
