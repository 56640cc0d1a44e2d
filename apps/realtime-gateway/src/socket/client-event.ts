import { clientEventSchemas, fieldErrors } from '@parley/contracts';
import type { ClientEventName, ClientEventPayload, ClientEventResult, ErrorCode } from '@parley/contracts';
import type { z } from 'zod';
import type { Caller } from '../ports.ts';
import type { GatewaySocket } from './socket-types.ts';

export type EventContext = { socket: GatewaySocket; caller: Caller };

/** One client event: its name, and what is done with whatever came as its payload. */
export type ClientEvent = {
  name: ClientEventName;
  /** Nobody waits for the acknowledgement: it may be written with what follows. */
  isLate: boolean;
  run(context: EventContext, payload: unknown): Promise<object>;
};

/** An event that is refused; the acknowledgement says why. */
export class EventRefused extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.name = 'EventRefused';
    this.code = code;
  }
}

const ISSUES_SHOWN = 5;

/**
 * Defines a client event. `handle` gets a payload that its schema in libs/contracts has parsed, and gives what the
 * acknowledgement adds to `ok: true`; whatever it throws is answered by `answerEvents`.
 */
export function clientEvent<E extends ClientEventName>(
  name: E,
  handle: (context: EventContext, payload: ClientEventPayload<E>) => Promise<ClientEventResult[E]>,
  o: { late?: boolean } = {},
): ClientEvent {
  const schema = clientEventSchemas[name] as unknown as z.ZodType<ClientEventPayload<E>>;
  return {
    name,
    isLate: o.late ?? false,
    run: async (context, payload) => {
      const parsed = schema.safeParse(payload);
      if (!parsed.success) throw new EventRefused('invalid_request', describe(parsed.error));
      return handle(context, parsed.data);
    },
  };
}

function describe(error: z.ZodError): string {
  return fieldErrors(error)
    .slice(0, ISSUES_SHOWN)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
}
