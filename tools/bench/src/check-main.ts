import { readPlan } from './options.ts';
import { USAGE } from './usage.ts';

// `npm run bench` asks this before it starts anything. Exit code: 0 where the arguments are good, else 2.
const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) process.stdout.write(`${USAGE}\n`);
else {
  try {
    readPlan(args);
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\nnpm run bench -- --help lists the options\n`);
    process.exitCode = 2;
  }
}
