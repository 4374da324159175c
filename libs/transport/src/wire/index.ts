// The messages of the topic.
export { messageHeaders, messageValue, type MessageHeaders, type MessageValue } from './message.schema.js';
export {
  EVENT_SOURCE,
  eventOf,
  messageOf,
  MalformedMessage,
  type EventMessage,
  type ReceivedMessage,
  type SentEvent,
} from './message.js';
