import { benchCrowd } from './bench-crowd.ts';
import { benchDataSize } from './bench-data-size.ts';
import { benchMessages } from './bench-messages.ts';
import { readStack } from './env.ts';
import { benchMongo } from './mongo/bench-mongo.ts';
import { readPlan } from './options.ts';
import { benchPictures } from './pictures/bench-pictures.ts';

async function main(): Promise<number> {
  const plan = readPlan(process.argv.slice(2));
  const stack = readStack();
  switch (plan.subject) {
    case 'messages':
      return benchMessages(plan.options, stack);
    case 'storm':
    case 'idle':
      return benchCrowd(plan, stack);
    case 'data-size':
      return benchDataSize(plan, stack);
    case 'pictures':
      return benchPictures(plan.options, stack);
    case 'mongo':
      return benchMongo(plan.options, stack);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
