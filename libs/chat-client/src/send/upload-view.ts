import type { ErrorCode } from '@parley/contracts';

/** How the upload of a picture goes, as this client sees it: another tab may be at it. */
export type UploadView =
  /** Behind others, or until the next try. `trouble`: what the last try met. */
  | { readonly phase: 'waiting'; readonly trouble?: UploadTrouble }
  | { readonly phase: 'uploading'; readonly sentBytes: number }
  /** It is there, and the server looks at it. */
  | { readonly phase: 'checking' };

/** What the API said; `away` when nobody answered, `not_taken` when the object storage said no, as it does to an expired URL. */
export type UploadTrouble = ErrorCode | 'away' | 'not_taken';
