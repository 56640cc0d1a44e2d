/** `before` where `after` has the same in every field: what hasn't changed stays the same object, so that nobody draws it again. */
export function kept<T extends object>(before: T, after: T): T {
  const names = Object.keys(after) as (keyof T)[];
  return names.every((name) => before[name] === after[name]) ? before : after;
}
