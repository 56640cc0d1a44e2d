import type { CommandInput, CommandOutput } from '@parley/contracts';
import type { Collection } from 'mongodb';
import type { ProfileDocument } from '../profiles/profile-document.ts';

/** What chat-api may ask over `user.commands`: which uploads stored profiles show as the avatar of their uploader. */
export function avatarCommands({ profiles }: { profiles: Collection<ProfileDocument> }) {
  return {
    'user.avatarsShown': async ({
      avatars,
    }: CommandInput<'user.avatarsShown'>): Promise<CommandOutput<'user.avatarsShown'>> => {
      const ids = [...new Set(avatars.map(({ userId }) => userId))];
      const found = await profiles
        .find({ _id: { $in: ids } }, { projection: { 'avatar.uploadId': 1 }, batchSize: Math.max(1, ids.length) })
        .toArray();
      const shown = new Map(found.map(({ _id, avatar }) => [_id, avatar?.uploadId]));
      return {
        uploadIds: avatars.flatMap(({ userId, uploadId }) => (shown.get(userId) === uploadId ? [uploadId] : [])),
      };
    },
  };
}
