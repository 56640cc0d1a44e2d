'use client';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { clearAllChosen } from '../pictures/send/chosen-pictures.ts';
import { clearDrafts } from '../conversation/drafts.ts';
import { errorText } from '../session/error-text.ts';
import { useSession } from '../session/session-provider.tsx';

export function SignOut() {
  const { session } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function signOut() {
    setBusy(true);
    setProblem(null);
    try {
      await session.logout();
      clearDrafts();
      clearAllChosen();
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }
  return (
    <div className="flex flex-col items-start gap-3">
      {problem !== null && <Notice>{problem}</Notice>}
      <Button look="danger" busy={busy} onClick={() => void signOut()}>
        <LogOut size={18} aria-hidden /> Sign out
      </Button>
    </div>
  );
}
