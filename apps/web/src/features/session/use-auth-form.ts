import { fieldErrors } from '@parley/contracts';
import { useState, type FormEvent } from 'react';
import type { z } from 'zod';
import { errorText, fieldTexts, sentence } from './error-text.ts';

export type AuthForm = {
  errors: Record<string, string>;
  /** What went wrong with the whole. */
  problem: string | null;
  busy: boolean;
  onSubmit(event: FormEvent<HTMLFormElement>): void;
};

/** A form that is checked with the contract's schema before it is sent, and shows the server's refusals at their fields. Empty fields are left out. */
export function useAuthForm<T>(
  schema: z.ZodType<T>,
  submit: (body: T) => Promise<void>,
  texts: Record<string, string>,
): AuthForm {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function send(form: HTMLFormElement) {
    const filled = [...new FormData(form)].filter(([, value]) => value !== '');
    const parsed = schema.safeParse(Object.fromEntries(filled));
    setProblem(null);
    if (!parsed.success) {
      const found = fieldErrors(parsed.error).toReversed();
      setErrors(Object.fromEntries(found.map(({ path, message }) => [path, texts[path] ?? sentence(message)])));
      focusFirstInvalid(
        form,
        found.map(({ path }) => path),
      );
      return;
    }
    setErrors({});
    setBusy(true);
    try {
      await submit(parsed.data);
    } catch (error) {
      const fields = fieldTexts(error);
      setErrors(fields);
      if (Object.keys(fields).length === 0) setProblem(errorText(error));
      focusFirstInvalid(form, Object.keys(fields));
    } finally {
      setBusy(false);
    }
  }

  return {
    errors,
    problem,
    busy,
    onSubmit: (event) => {
      event.preventDefault();
      if (!busy) send(event.currentTarget).catch(console.error);
    },
  };
}

function focusFirstInvalid(form: HTMLFormElement, names: string[]) {
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && names.includes(element.name)) {
      element.focus();
      return;
    }
  }
}
