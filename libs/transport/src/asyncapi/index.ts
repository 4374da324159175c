// What others need to know to read the topic.
export { asyncApiOf } from './asyncapi.js';
export { AsyncApiModule } from './asyncapi.controller.js';
