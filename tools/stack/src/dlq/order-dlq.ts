import type { DeadLetter, DeadLetters } from '@parley/rabbitmq';

const USAGE = [
  'npm run dlq                          what is dead, oldest first',
  'npm run dlq -- show <id>             one of them, with its content',
  'npm run dlq -- replay <id> | --all   back into the queue it died in',
  'npm run dlq -- drop <id> | --all     forgotten for good',
].join('\n');

/**
 * Carries out what a person wants with the dead letters.
 * @returns what to tell them; 0 when it was done, 1 when there is no such letter or not all could go, 2 when it was no order
 */
export async function orderDlq(
  letters: Omit<DeadLetters, 'close'>,
  [order = 'list', target]: readonly string[],
): Promise<{ text: string; code: number }> {
  if (order === 'list' && target === undefined) return { text: renderList(await letters.list()), code: 0 };
  if (target === undefined || !['show', 'replay', 'drop'].includes(order)) return { text: USAGE, code: 2 };

  const isMeant = ({ id }: DeadLetter): boolean => target === '--all' || id === target;
  const meant = (await letters.list()).filter(isMeant);
  if (meant.length === 0) return { text: target === '--all' ? 'Nothing is dead.' : `No letter ${target}.`, code: 1 };
  if (order === 'show') return { text: meant.map(renderLetter).join('\n\n'), code: 0 };
  const done = await (order === 'replay' ? letters.replay(isMeant) : letters.drop(isMeant));
  const left = meant.length - done.length;
  const note = left > 0 ? `; ${left} stayed, for their queue is gone` : '';
  return {
    text: `${order === 'replay' ? 'replayed' : 'dropped'}: ${done.join(', ') || 'none'}${note}`,
    code: left > 0 ? 1 : 0,
  };
}

function renderList(all: readonly DeadLetter[]): string {
  if (all.length === 0) return 'Nothing is dead.';
  const rows = all.map(({ id, queue, reason, diedAt, type }) => [diedAt ?? '-', queue, type, reason, id].join('  '));
  return [...rows, '', `${all.length} dead.`, USAGE].join('\n');
}

function renderLetter({ content, ...about }: DeadLetter): string {
  const lines = Object.entries(about).map(([name, value]) => `${name}: ${value ?? '-'}`);
  return [...lines, '', pretty(content)].join('\n');
}

function pretty(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), null, 2);
  } catch {
    return content;
  }
}
