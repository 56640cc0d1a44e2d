/** Something a person has to put right; its message is one clear sentence and all that is printed. */
export class StackError extends Error {
  override name = 'StackError';
}
