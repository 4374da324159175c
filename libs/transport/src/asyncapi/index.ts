// The AsyncAPI document, for other readers of the topic.
export { asyncApiOf } from './asyncapi.js';
export { AsyncApiModule } from './asyncapi.controller.js';
