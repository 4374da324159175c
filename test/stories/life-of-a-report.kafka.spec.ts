import { describeWithKafka } from '../support/kafka.js';
import { openDistributed } from '../support/distributed-test-system.js';
import { lifeOfAReport } from './life-of-a-report.js';

describeWithKafka('Distributed over several processes and Kafka', (broker) => {
  lifeOfAReport(() => openDistributed(broker.brokers, { api: 1, relay: 2, projector: 2, alerter: 2 }));
});
