'use client';
import {
  lastSeenAudience,
  patchMeBody,
  type LastSeenAudience,
  type OwnUser,
  type PatchMeBody,
} from '@parley/contracts';
import { BIO_MAX, DISPLAY_NAME_MAX } from '@parley/domain';
import { useId, useState, type FormEvent } from 'react';
import { Button } from '../../ui/button.tsx';
import { Field, inputClass } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AvatarField } from './avatar-field.tsx';
import { errorText, fieldTexts } from '../session/error-text.ts';

const AUDIENCES: Record<LastSeenAudience, string> = {
  everyone: 'Everyone',
  contacts: 'My contacts',
  nobody: 'Nobody',
};

export function ProfileForm({ user, save }: { user: OwnUser; save(patch: PatchMeBody): Promise<void> }) {
  const ids = { bio: useId(), audience: useId() };
  const [outcome, setOutcome] = useState<'idle' | 'saving' | 'saved'>('idle');
  const [error, setError] = useState<unknown>(null);
  const fields = fieldTexts(error);
  const hasFieldErrors = Object.keys(fields).length > 0;

  async function submit(form: FormData) {
    setOutcome('saving');
    setError(null);
    try {
      const lastSeen = lastSeenAudience.parse(form.get('lastSeen'));
      const { displayName, bio } = Object.fromEntries(form);
      await save(patchMeBody.parse({ displayName, bio, privacy: { lastSeen } }));
      setOutcome('saved');
    } catch (failure) {
      setError(failure);
      setOutcome('idle');
    }
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    submit(new FormData(event.currentTarget)).catch(console.error);
  };

  return (
    <form onSubmit={onSubmit} onChange={() => setOutcome('idle')} className="flex flex-col gap-5">
      <AvatarField user={user} save={save} />
      {error !== null && !hasFieldErrors && <Notice>{errorText(error)}</Notice>}
      <Field
        label="Name"
        name="displayName"
        required
        maxLength={DISPLAY_NAME_MAX}
        defaultValue={user.displayName}
        error={fields['displayName']}
      />
      <div className="flex flex-col gap-1.5">
        <label htmlFor={ids.bio} className="text-sm font-medium">
          About you
        </label>
        <textarea
          id={ids.bio}
          name="bio"
          rows={3}
          maxLength={BIO_MAX}
          defaultValue={user.bio}
          className={inputClass(false)}
        />
      </div>
      <div className="flex flex-col gap-1.5">
        <label htmlFor={ids.audience} className="text-sm font-medium">
          Who may see when I’m online
        </label>
        <select id={ids.audience} name="lastSeen" defaultValue={user.privacy.lastSeen} className={inputClass(false)}>
          {lastSeenAudience.options.map((audience) => (
            <option key={audience} value={audience}>
              {AUDIENCES[audience]}
            </option>
          ))}
        </select>
      </div>
      <div className="flex items-center gap-4">
        <Button type="submit" busy={outcome === 'saving'}>
          Save
        </Button>
        <span role="status" className="text-muted text-sm">
          {outcome === 'saved' && 'Saved.'}
        </span>
      </div>
    </form>
  );
}
