/** Says what is going on: one line that is overwritten on a terminal, one line a phase elsewhere. */
export type Progress = (text: string) => void;

/** Writes to stderr, so that stdout holds the result only. */
export function createProgress(out: NodeJS.WriteStream = process.stderr): Progress & { end(): void } {
  let phase = '';
  const say = (text: string): void => {
    if (out.isTTY) {
      out.write(`\r\u001b[K${text}`);
      return;
    }
    const now = text.split(',', 1)[0] ?? text;
    if (now !== phase) out.write(`${now}\n`);
    phase = now;
  };
  return Object.assign(say, { end: () => void (out.isTTY && out.write('\r\u001b[K')) });
}
