'use client';
import { registerBody } from '@parley/contracts';
import { DISPLAY_NAME_MAX, PASSWORD_MIN, USERNAME_MAX, USERNAME_MIN } from '@parley/domain';
import Link from 'next/link';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { PasswordField } from './password-field.tsx';
import { useSession } from './session-provider.tsx';
import { useAuthForm } from './use-auth-form.ts';

const TEXTS = {
  email: 'Enter an e-mail address, like ada@example.org',
  username: `${USERNAME_MIN} to ${USERNAME_MAX} letters and digits, with single dots, dashes or underscores between them`,
  password: `Choose at least ${PASSWORD_MIN} characters`,
};

export function RegisterPage() {
  return (
    <AuthFrame
      title="Create your account"
      lead="It takes less than a minute."
      footer={
        <>
          Already have one?{' '}
          <Link href="/login" className="text-accent font-semibold hover:underline">
            Sign in
          </Link>
        </>
      }
    >
      <RegisterForm />
    </AuthFrame>
  );
}

function RegisterForm() {
  const { session } = useSession();
  const form = useAuthForm(registerBody, session.register, TEXTS);
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-4">
      {form.problem !== null && <Notice>{form.problem}</Notice>}
      <Field
        label="Your name"
        name="displayName"
        autoComplete="name"
        maxLength={DISPLAY_NAME_MAX}
        hint="How others see you. You can change it later."
        error={form.errors['displayName']}
      />
      <Field
        label="Username"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        hint="People find you by it."
        error={form.errors['username']}
      />
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="email"
        hint="Only for signing in. Nobody else sees it."
        error={form.errors['email']}
      />
      <PasswordField
        label="Password"
        name="password"
        autoComplete="new-password"
        hint={`At least ${PASSWORD_MIN} characters. A few words make a good one.`}
        error={form.errors['password']}
      />
      <Button type="submit" busy={form.busy} className="mt-2">
        Create account
      </Button>
    </form>
  );
}
