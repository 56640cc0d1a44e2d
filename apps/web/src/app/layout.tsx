import { USERNAME_MAX } from '@parley/domain';
import { problem } from '@parley/contracts';
import './globals.css';
export default function L({ children }: { children: React.ReactNode }) {
  console.log(problem);
  return (
    <html>
      <body className="bg-red-500">
        {USERNAME_MAX}
        {children}
      </body>
    </html>
  );
}
