// How processes take part: those that follow the topic, and the one that fills it.
export { fromKafka } from './from-kafka.js';
export { RelayModule } from './relay.module.js';
