// What processes use: the runner that follows the topic, and the relay that fills it.
export { fromKafka } from './from-kafka.js';
export { RelayModule } from './relay.module.js';
