import type { RoundState } from './run-round.ts';

/** One line about a run that goes on. */
export function describeState({ phase, recorder, faults }: RoundState, seconds: number): string {
  const { counts } = recorder;
  const clock = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  return [
    clock.padStart(5),
    phase,
    `${recorder.sends()} sends acknowledged`,
    `${counts.edits + counts.deletes + counts.reactions} changes`,
    `${counts.receipts} receipts`,
    `${counts.retries} retries`,
    `faults ${faults.begun}/${faults.of}`,
    `violations ${recorder.violations().length}`,
    ...(faults.current.length > 0 ? [`now: ${faults.current.join(', ')}`] : []),
  ].join(' | ');
}
