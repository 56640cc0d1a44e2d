import { readOptions } from './options.ts';
import { USAGE } from './usage.ts';

// `npm run torture` asks this before it builds anything. Exit code: 0 where the arguments are good, else 2.
const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) process.stdout.write(`${USAGE}\n`);
else {
  try {
    readOptions(args);
  } catch (error) {
    process.stderr.write(`torture: ${(error as Error).message}\nnpm run torture -- --help lists the options\n`);
    process.exitCode = 2;
  }
}
