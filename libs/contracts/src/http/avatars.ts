import { z } from 'zod';
import { uploadId } from '../primitives.ts';

/** What chat-api answers user-api: an upload that is somebody's avatar now, and where its square picture lies in the bucket. */
export const avatar = z.object({ uploadId, key: z.string().min(1) });
export type Avatar = z.infer<typeof avatar>;
export const avatarAnswer = z.object({ avatar });
