/** What `npm test` tells of the stack it started; absent when the tests run against a stack that they must not touch. */
export type RunningStack = {
  urls: Record<'api' | 'socket' | 'web' | 'auth' | 'user' | 'chat', string>;
  env: Record<string, string>;
  control: { url: string; token: string };
};

const stack = process.env['PARLEY_E2E_STACK'];

/** Where the stack of this run is; the defaults are those of `npm start`. */
export const env = {
  baseUrl: process.env['BASE_URL'] ?? 'http://localhost:3000',
  apiUrl: process.env['API_URL'] ?? 'http://localhost:5000',
  stack: stack === undefined ? undefined : (JSON.parse(stack) as RunningStack),
};
