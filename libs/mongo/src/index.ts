export { connectMongo, type Mongo, type MongoOptions } from './connect-mongo.ts';
export { isDuplicateKey, isMongoAway, type DuplicateKeyError } from './mongo-errors.ts';
export { DURABLE } from './durable.ts';
export { createOutboxRelay, type OutboxRelay, type OutboxRelayOptions } from './outbox-relay.ts';
export { outboxIndex, type OutboxDocument, type OutboxState } from './outbox-document.ts';
export { updateEach, type Update } from './update-each.ts';
