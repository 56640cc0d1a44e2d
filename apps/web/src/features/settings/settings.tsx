'use client';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RowSkeletons } from '../../ui/skeletons.tsx';
import { CHATS_PATH } from '../chats/navigate.ts';
import { RouteLink } from '../chats/route-link.tsx';
import { errorText } from '../session/error-text.ts';
import { ThemeSwitch } from '../theme/theme-switch.tsx';
import { ProfileForm } from './profile-form.tsx';
import { SignOut } from './sign-out.tsx';
import { useProfile } from './use-profile.ts';

/** Profile, privacy, looks, and the way out. */
export function Settings() {
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <header className="safe-top border-line bg-panel sticky top-0 z-10 border-b">
        <div className="flex h-16 items-center gap-2 px-3 md:px-6">
          <RouteLink
            href={CHATS_PATH}
            aria-label="Back to chats"
            className="text-muted hover:bg-raised inline-flex size-11 items-center justify-center rounded-xl md:-ml-2"
          >
            <ArrowLeft size={22} aria-hidden />
          </RouteLink>
          <h1 className="text-lg font-semibold">Settings</h1>
        </div>
      </header>
      <div className="mx-auto flex max-w-xl flex-col gap-8 px-5 pt-7 pb-[max(1.75rem,env(safe-area-inset-bottom))]">
        <Section title="Your profile">
          <ProfileSection />
        </Section>
        <Section title="Appearance">
          <ThemeSwitch />
        </Section>
        <Section title="This device">
          <SignOut />
        </Section>
      </div>
    </main>
  );
}

function ProfileSection() {
  const profile = useProfile();
  if (profile.status === 'loading') return <RowSkeletons count={3} />;
  if (profile.status === 'ready') return <ProfileForm user={profile.user} save={profile.save} />;
  return (
    <div className="flex flex-col items-start gap-3">
      <Notice>{errorText(profile.error)}</Notice>
      <Button look="quiet" onClick={profile.retry}>
        Try again
      </Button>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-muted text-sm font-semibold">{title}</h2>
      {children}
    </section>
  );
}
