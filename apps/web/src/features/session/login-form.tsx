'use client';
import { loginBody } from '@parley/contracts';
import Link from 'next/link';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { PasswordField } from './password-field.tsx';
import { useSession } from './session-provider.tsx';
import { useAuthForm } from './use-auth-form.ts';

const TEXTS = { identifier: 'Enter your e-mail address or username', password: 'Enter your password' };

export function LoginPage() {
  return (
    <AuthFrame
      title="Welcome back"
      lead="Sign in to your conversations."
      footer={
        <>
          New here?{' '}
          <Link href="/register" className="text-accent font-semibold hover:underline">
            Create an account
          </Link>
        </>
      }
    >
      <LoginForm />
    </AuthFrame>
  );
}

function LoginForm() {
  const { session } = useSession();
  const form = useAuthForm(loginBody, session.login, TEXTS);
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-4">
      {form.problem !== null && <Notice>{form.problem}</Notice>}
      <Field
        label="E-mail or username"
        name="identifier"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        error={form.errors['identifier']}
      />
      <PasswordField label="Password" name="password" autoComplete="current-password" error={form.errors['password']} />
      <Button type="submit" busy={form.busy} className="mt-2">
        Sign in
      </Button>
    </form>
  );
}
