import type { ErrorCode } from '@parley/contracts';

/** How the upload of a picture goes, as this client sees it: another tab may be at it. */
export type UploadView =
  /** Behind others, or until the next try. `trouble`: what the last try met; `away` when nobody answered. */
  | { readonly phase: 'waiting'; readonly trouble?: ErrorCode | 'away' }
  | { readonly phase: 'uploading'; readonly sentBytes: number }
  /** It is there, and the server looks at it. */
  | { readonly phase: 'checking' };
