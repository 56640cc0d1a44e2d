'use client';
import type { Message } from '@parley/contracts';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { saidText } from '../chats/said-text.ts';
import { changeProblem } from './change-problem.ts';

/** Asks before a message is taken back, since nothing brings it again. */
export function DeleteDialog({ message, onClose }: { message: Message; onClose(): void }) {
  const client = useChatClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function remove() {
    setBusy(true);
    setProblem(null);
    try {
      await client.remove(message);
      onClose();
    } catch (error) {
      setProblem(changeProblem(error));
      setBusy(false);
    }
  }
  return (
    <Dialog label="Delete message" shape="box" onClose={onClose}>
      <div className="flex flex-col gap-4 p-5">
        <h2 className="text-lg font-semibold">Delete this message?</h2>
        <p className="bg-raised line-clamp-4 rounded-xl px-3 py-2 text-sm wrap-anywhere">{saidText(message)}</p>
        <p className="text-muted text-sm">It disappears for both of you. Its place in the conversation stays.</p>
        {problem !== null && <Notice>{problem}</Notice>}
        <div className="flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" busy={busy} onClick={() => void remove()}>
            Delete
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
