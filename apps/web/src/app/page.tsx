import { Welcome } from '../features/session/welcome.tsx';

export default function Page() {
  return <Welcome />;
}
