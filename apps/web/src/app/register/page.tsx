import type { Metadata } from 'next';
import { RegisterPage } from '../../features/session/register-form.tsx';

export const metadata: Metadata = { title: 'Create an account' };

export default function Page() {
  return <RegisterPage />;
}
