import type { CommandInput, CommandOutput, ErrorCode } from '@parley/contracts';
import { isMongoAway } from '@parley/mongo';
import type { Logger } from '@parley/service-kit';
import type { SeePresence } from './see-presence.ts';

/** What the gateway may ask over `user.commands`. */
export function presenceCommands(seePresence: SeePresence) {
  return {
    'user.presence': async ({
      callerId,
      userIds,
    }: CommandInput<'user.presence'>): Promise<CommandOutput<'user.presence'>> => ({
      presence: await seePresence(callerId, userIds),
    }),
  };
}

/** What the gateway gets to know of an error. */
export function commandError(error: unknown, logger: Logger): { code: ErrorCode; detail: string } {
  if (isMongoAway(error)) return { code: 'unavailable', detail: 'The database is away.' };
  logger.error({ err: error }, 'command failed');
  return { code: 'internal_error', detail: 'Internal error' };
}
