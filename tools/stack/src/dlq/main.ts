import { openDeadLetters } from '@parley/rabbitmq';
import { readStackEnv } from '../env.ts';
import { orderDlq } from './order-dlq.ts';

/** `npm run dlq`, in a process of its own: the libs' sources need a condition that the stack's process hasn't. */
const url = readStackEnv().rabbitUrl;
if (url === undefined) throw new Error('RABBITMQ_URL is not set: use `npm run dlq`');
try {
  const letters = await openDeadLetters(url);
  const { text, code } = await orderDlq(letters, process.argv.slice(2));
  await letters.close();
  process.stdout.write(`${text}\n`);
  process.exitCode = code;
} catch (error) {
  process.stderr.write(`dlq: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
