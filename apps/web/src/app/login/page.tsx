import type { Metadata } from 'next';
import { LoginPage } from '../../features/session/login-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default function Page() {
  return <LoginPage />;
}
