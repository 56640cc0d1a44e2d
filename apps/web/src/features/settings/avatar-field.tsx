import type { OwnUser, PatchMeBody } from '@parley/contracts';
import { IMAGE_TYPES } from '@parley/domain';
import { useEffect, useRef, useState } from 'react';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { pictureProblemOf } from '../pictures/picture-problem.ts';
import { errorText } from '../session/error-text.ts';
import { useSession } from '../session/session-provider.tsx';
import { UnfitPicture, uploadAvatar } from './upload-avatar.ts';

type Work = { status: 'idle' } | { status: 'busy'; text: string } | { status: 'failed'; text: string };

const problemText = (error: unknown): string =>
  error instanceof UnfitPicture ? error.message : (pictureProblemOf(error) ?? errorText(error));

/** One's own picture, which is saved as soon as it is chosen. */
export function AvatarField({ user, save }: { user: OwnUser; save(patch: PatchMeBody): Promise<void> }) {
  const { exchange } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const leaving = useRef(new AbortController());
  const [work, setWork] = useState<Work>({ status: 'idle' });
  useEffect(() => {
    const controller = (leaving.current = new AbortController());
    return () => controller.abort();
  }, []);

  const run = async (task: () => Promise<void>) => {
    try {
      await task();
      setWork({ status: 'idle' });
    } catch (error) {
      setWork({ status: 'failed', text: problemText(error) });
    }
  };
  const choose = (file: File) =>
    run(async () => {
      setWork({ status: 'busy', text: 'Uploading …' });
      const avatarUploadId = await uploadAvatar(exchange, file, leaving.current.signal, (share) =>
        setWork({ status: 'busy', text: share < 1 ? `Uploading … ${Math.floor(share * 100)} %` : 'Checking …' }),
      );
      await save({ avatarUploadId });
    });
  const remove = () =>
    run(async () => {
      setWork({ status: 'busy', text: 'Removing …' });
      await save({ avatarUploadId: null });
    });

  const isBusy = work.status === 'busy';
  return (
    <div className="flex flex-wrap items-center gap-4">
      <Avatar id={user.id} name={user.displayName} src={user.avatarUrl} size={72} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-lg font-semibold">{user.displayName}</p>
        <p className="text-muted truncate">@{user.username}</p>
      </div>
      <div className="flex gap-2">
        <input
          ref={input}
          type="file"
          accept={IMAGE_TYPES.join(',')}
          aria-label="Your picture"
          className="sr-only"
          tabIndex={-1}
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            // The same file may be chosen again.
            currentTarget.value = '';
            if (file) void choose(file);
          }}
        />
        <Button look="quiet" busy={isBusy} onClick={() => input.current?.click()}>
          {user.avatarUrl === null ? 'Add picture' : 'Change picture'}
        </Button>
        {user.avatarUrl !== null && (
          <Button look="quiet" disabled={isBusy} onClick={() => void remove()}>
            Remove
          </Button>
        )}
      </div>
      <p
        role="status"
        className={work.status === 'failed' ? 'text-danger w-full text-sm' : 'text-muted w-full text-sm empty:hidden'}
      >
        {work.status === 'idle' ? '' : work.text}
      </p>
    </div>
  );
}
