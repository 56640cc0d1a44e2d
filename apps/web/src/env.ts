import { z } from 'zod';

/** The `NEXT_PUBLIC_` names are read when a page is asked for, not when the app is built: one build runs anywhere. */
const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  NEXT_PUBLIC_API_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:5000'),
  NEXT_PUBLIC_SOCKET_URL: z.url({ protocol: /^https?$/ }).optional(),
  NEXT_PUBLIC_PICTURE_ORIGINS: z
    .string()
    .default('http://127.0.0.1:9200')
    .transform((list) => list.split(/[\s,]+/).filter((one) => one !== ''))
    .pipe(z.array(z.url({ protocol: /^https?$/ }))),
});

/** What the browser must know: the origin of the API, and of the socket (the same where nothing else is said). */
export type PublicConfig = { apiUrl: string; socketUrl: string };

/** @throws ZodError naming each variable that is wrong. `pictureOrigins`: where the browser uploads pictures to, and loads them from. */
export function readEnv(): PublicConfig & { pictureOrigins: string[]; isDevelopment: boolean } {
  // The whole object goes in: Next.js would replace `process.env.NEXT_PUBLIC_…` by its value at build time.
  const env = schema.parse(process.env);
  return {
    apiUrl: env.NEXT_PUBLIC_API_URL,
    socketUrl: env.NEXT_PUBLIC_SOCKET_URL ?? env.NEXT_PUBLIC_API_URL,
    pictureOrigins: env.NEXT_PUBLIC_PICTURE_ORIGINS,
    isDevelopment: env.NODE_ENV === 'development',
  };
}
