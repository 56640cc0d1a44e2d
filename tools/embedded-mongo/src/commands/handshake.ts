import { setTimeout as sleep } from 'node:timers/promises';
import { UUID } from 'bson';
import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc } from '../bson/types.ts';
import { MAX_BSON_SIZE } from '../bson/encode.ts';
import { MAX_MESSAGE_SIZE } from '../wire/message.ts';
import type { Command, CommandDefinition } from './command.ts';
import { boolField, fixed } from './command.ts';

/** The version that clients are told, and the wire version that belongs to it. */
export const VERSION = '7.0.14';
const MAX_WIRE_VERSION = 21;

function hello(command: Command): Doc {
  const { engine, name, connectionId } = command;
  return {
    helloOk: true,
    [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
    topologyVersion: { processId: engine.processId, counter: 0n },
    maxBsonObjectSize: MAX_BSON_SIZE,
    maxMessageSizeBytes: MAX_MESSAGE_SIZE,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
}

/** A client that knows the topology version waits for a change; there is none, so until its time is over. */
async function awaitable(command: Command): Promise<Doc> {
  const wait = asNumber(command.body['maxAwaitTimeMS']);
  if (isDoc(command.body['topologyVersion']) && wait !== undefined && wait > 0)
    await sleep(wait, undefined, { signal: command.signal }).catch(() => undefined);
  return hello(command);
}

const HELLO: CommandDefinition = {
  // Drivers of any age and any future greet with it: what it doesn't know it ignores.
  fields: ['*'],
  run: awaitable,
};

export const HANDSHAKE_COMMANDS: Record<string, CommandDefinition> = {
  hello: HELLO,
  ismaster: HELLO,
  isMaster: HELLO,
  ping: fixed(['*'], () => ({})),
  buildInfo: fixed(['*'], buildInfo),
  buildinfo: fixed(['*'], buildInfo),
  connectionStatus: fixed(['showPrivileges'], (command) => ({
    authInfo: {
      authenticatedUsers: [],
      authenticatedUserRoles: [],
      ...(boolField(command, 'showPrivileges') ? { authenticatedUserPrivileges: [] } : {}),
    },
  })),
  endSessions: fixed([], () => ({})),
  killSessions: fixed([], () => ({})),
  killAllSessions: fixed([], () => ({})),
  refreshSessions: fixed([], () => ({})),
  startSession: fixed([], () => ({ id: { id: new UUID() }, timeoutMinutes: 30 })),
  whatsmyuri: fixed(['*'], () => ({ you: '127.0.0.1:0' })),
};

function buildInfo(): Doc {
  return {
    version: VERSION,
    gitVersion: 'embedded-mongo',
    modules: ['parley-embedded-mongo'],
    sysInfo: 'deprecated',
    versionArray: [...VERSION.split('.').map(Number), 0],
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_BSON_SIZE,
    storageEngines: ['lmdb'],
  };
}
