import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Violation } from '../history.ts';

/** Services log an outage as a warning; an error is something that nobody expected. */
const IS_ERROR = /"level":"(?:error|fatal)"|^\S+ cannot start:/;
/** Told to end while its engines are broken, a service may have to leave without a farewell. */
const IS_EXPECTED = /"msg":"(?:could not end cleanly|did not end in time)"/;

/** Lines of the programs' logs that tell of an error nobody expected. */
export function findLogErrors(dataDir: string, programs: readonly string[]): Violation[] {
  return programs.flatMap((program) => {
    const file = join(dataDir, 'logs', `${program}.log`);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    const bad = lines.filter((line) => IS_ERROR.test(line) && !IS_EXPECTED.test(line));
    return bad.slice(0, 3).map((line) => ({
      rule: 'no unexpected error is logged',
      chatId: null,
      evidence: `${program} (${bad.length} such lines): ${line.slice(0, 1_500)}`,
    }));
  });
}
