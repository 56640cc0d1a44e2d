import { HttpProblem } from '@parley/http-server';
import { isStorageError } from '@parley/object-storage';
import { RendererAway } from '../images/image-renderer.ts';

/** What says nothing of the picture, but that it can't be dealt with now, as 503; anything else as it is. */
export function awayProblem(error: unknown): unknown {
  if (!isStorageError(error) && !(error instanceof RendererAway)) return error;
  return new HttpProblem('unavailable', 'Pictures cannot be stored right now. Please try again in a moment.', {
    retryAfterSeconds: 2,
  });
}
