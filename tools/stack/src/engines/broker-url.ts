import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersTcp } from '../probe.ts';

/** Where stacks that people start keep their data, the likeliest first. */
const MODES = ['start', 'production', 'dev'];
/** See `rabbitmq.ts`: one for each login. */
const FOLDERS = ['rabbitmq', 'rabbitmq-guest'];

/**
 * The broker that a person means who says nothing: the one in the environment, or that of a stack of this clone that is up.
 * @param dataFolder where a mode keeps its data
 */
export async function findBrokerUrl(
  given: string | undefined,
  dataFolder: (mode: string) => string,
): Promise<string | undefined> {
  if (given !== undefined) return given;
  for (const mode of MODES) {
    for (const folder of FOLDERS) {
      const file = join(dataFolder(mode), folder, 'rabbitmq.conf');
      const url = existsSync(file) ? urlIn(readFileSync(file, 'utf8')) : undefined;
      if (url && (await answersTcp({ host: url.hostname, port: Number(url.port) }))) return url.href;
    }
  }
  return undefined;
}

/** The address and login in a configuration that we wrote. */
function urlIn(configuration: string): URL | undefined {
  const value = (name: string): string | undefined =>
    configuration
      .split('\n')
      .find((line) => line.startsWith(`${name} = `))
      ?.slice(name.length + 3);
  const [listener, user, password] = [value('listeners.tcp.1'), value('default_user'), value('default_pass')];
  if (!listener || !user || !password) return undefined;
  return new URL(`amqp://${user}:${password}@${listener}`);
}
