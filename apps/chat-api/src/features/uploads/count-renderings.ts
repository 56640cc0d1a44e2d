import { DURABLE } from '@parley/mongo';
import type { Database, UploadDocument } from '../../database.ts';
import { RendererAway, type ImageRenderer } from '../images/image-renderer.ts';
import type { RenderJob, RenderResult } from '../images/render-image.ts';

/** Renderings of one picture that began and ended without an answer: more, and it is the picture. */
const UNANSWERED_MAX = 3;

export type RenderUpload = (upload: Pick<UploadDocument, '_id'>, job: RenderJob) => Promise<RenderResult>;

/**
 * Renders, and gives up a picture at which the renderer dies again and again. It is counted before a rendering begins, so that one which
 * takes this whole process with it counts too, and forgotten once there is an answer.
 *
 * @throws RendererAway when nothing can be said of the picture: trying again may succeed
 */
export function createCountedRender(
  d: Pick<Database, 'uploads'> & { renderer: Pick<ImageRenderer, 'render'> },
): RenderUpload {
  const { uploads } = d;

  const begin = async (_id: UploadDocument['_id']): Promise<number> => {
    const after = await uploads.findOneAndUpdate(
      { _id, state: 'pending' },
      { $inc: { unanswered: 1 } },
      { writeConcern: DURABLE, returnDocument: 'after', projection: { unanswered: 1 } },
    );
    return after?.unanswered ?? 1;
  };

  return async ({ _id }, job) => {
    const unanswered = await begin(_id);
    if (unanswered > UNANSWERED_MAX) return GIVEN_UP;
    try {
      const result = await d.renderer.render(job);
      await uploads.updateOne({ _id }, { $unset: { unanswered: '' } });
      return result;
    } catch (error) {
      const isCrash = error instanceof RendererAway && error.isCrash;
      if (isCrash && unanswered === UNANSWERED_MAX) return GIVEN_UP;
      if (!isCrash) await uploads.updateOne({ _id }, { $inc: { unanswered: -1 } });
      throw error;
    }
  };
}

const GIVEN_UP: RenderResult = { kind: 'rejected', reason: 'The picture cannot be read.' };
