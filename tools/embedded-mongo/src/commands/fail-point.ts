import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc } from '../bson/types.ts';
import { CommandError, badValue } from '../errors.ts';
import { ConnectionLost } from '../wire/connection.ts';
import type { Command, CommandDefinition } from './command.ts';
import { adminOnly, docField } from './command.ts';

const DATA_FIELDS = ['failCommands', 'errorCode', 'errorLabels', 'closeConnection', 'writeConcernError'];

/** mongod's fail point `failCommand`, for tests of what clients do when commands fail. */
export class FailPoint {
  #left = 0;
  #data: Doc = {};

  set(mode: unknown, data: Doc): void {
    const unknown = Object.keys(data).find((key) => !DATA_FIELDS.includes(key));
    if (unknown !== undefined) throw new CommandError(238, `'${unknown}' of a fail point is not supported`);
    this.#left = timesOf(mode);
    this.#data = data;
  }

  /** Throws, or gives what is to be added to the reply, where it is this command's turn to fail. */
  next(name: string): Doc | undefined {
    const { failCommands, errorCode, errorLabels, closeConnection, writeConcernError } = this.#data;
    if (this.#left === 0 || !Array.isArray(failCommands) || !failCommands.includes(name)) return undefined;
    this.#left--;
    if (closeConnection === true) throw new ConnectionLost();
    const labels = errorLabels === undefined ? {} : { errorLabels };
    const code = asNumber(errorCode);
    if (code !== undefined) throw new CommandError(code, "Failing command via 'failCommand' failpoint", labels);
    return isDoc(writeConcernError) ? { writeConcernError, ...labels } : undefined;
  }
}

function timesOf(mode: unknown): number {
  if (mode === 'off') return 0;
  if (mode === 'alwaysOn') return Infinity;
  const times = isDoc(mode) ? asNumber(mode['times']) : undefined;
  if (times === undefined) throw badValue("the mode of a fail point is 'off', 'alwaysOn' or {times: n}");
  return times;
}

function configureFailPoint(command: Command): Doc {
  const { failPoint } = command.engine;
  if (!failPoint) throw new CommandError(59, "no such command: 'configureFailPoint'");
  if (command.body['configureFailPoint'] !== 'failCommand') throw badValue('the only fail point is failCommand');
  failPoint.set(command.body['mode'], docField(command, 'data') ?? {});
  return { ok: 1 };
}

export const FAIL_POINT_COMMANDS: Record<string, CommandDefinition> = {
  configureFailPoint: adminOnly({ fields: ['mode', 'data'], run: configureFailPoint }),
};
