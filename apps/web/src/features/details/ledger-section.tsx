'use client';
import type { ChatState, LedgerProblem } from '@parley/chat-client';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { clsx } from 'clsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { errorText } from '../session/error-text.ts';
import { problemText, rangeText, verifiedSoFar } from './ledger-text.ts';
import { useVerification, type VerificationState } from './use-verification.ts';

/** The proof that nothing of a conversation was changed, left out or put in, as far as it has been checked here. */
export function LedgerSection({ chat }: { chat: ChatState }) {
  const { state, start } = useVerification(chat.id);
  const found = state.status === 'done' ? state.result.problems : [];
  const problems = [...chat.ledger.problems, ...found.filter((problem) => !isAmong(chat.ledger.problems, problem))];
  const isSound = problems.length === 0;
  const Icon = isSound ? ShieldCheck : ShieldAlert;
  return (
    <section aria-labelledby="ledger" className="border-line border-t px-5 py-5">
      <h3 id="ledger" className="text-muted mb-2 text-xs font-semibold tracking-wide uppercase">
        Proof of delivery
      </h3>
      <div className={clsx('flex gap-3 rounded-2xl p-4', isSound ? 'bg-soft' : 'bg-danger-soft text-danger')}>
        <Icon size={22} aria-hidden className="shrink-0" />
        <div className="min-w-0 text-sm">
          <p data-testid="verified" className="font-semibold">
            {isSound ? `Verified: ${verifiedText(chat, state)}` : 'This conversation has been tampered with'}
          </p>
          {problems.length > 0 && (
            <ul className="mt-1 list-disc pl-4">
              {problems.slice(0, 8).map((problem) => (
                <li key={`${problem.kind} ${problem.seq}`}>{problemText(problem)}</li>
              ))}
              {problems.length > 8 && <li>And {problems.length - 8} more.</li>}
            </ul>
          )}
        </div>
      </div>
      <p className="text-muted mt-3 text-sm leading-relaxed">
        Each message carries a seal over itself and the one before it. This device checks every seal as messages arrive,
        and that receipts name the same ones: a message that was changed, left out or put in later would show.
      </p>
      <Progress state={state} />
      <Button look="quiet" className="mt-3 w-full" busy={state.status === 'running'} onClick={start}>
        {state.status === 'done' ? 'Verify all again' : 'Verify all'}
      </Button>
    </section>
  );
}

const verifiedText = (chat: ChatState, state: VerificationState): string =>
  state.status === 'done' && state.result.upTo > 0 ? rangeText(1, state.result.upTo) : verifiedSoFar(chat);

const isAmong = (problems: readonly LedgerProblem[], { kind, seq }: LedgerProblem): boolean =>
  problems.some((problem) => problem.kind === kind && problem.seq === seq);

function Progress({ state }: { state: VerificationState }) {
  if (state.status === 'failed') {
    return (
      <div className="mt-3">
        <Notice>{errorText(state.error)}</Notice>
      </div>
    );
  }
  if (state.status !== 'running') return null;
  return (
    <progress
      aria-label="Verifying"
      value={state.upTo}
      max={Math.max(1, state.head)}
      className="accent-accent mt-3 h-2 w-full"
    />
  );
}
