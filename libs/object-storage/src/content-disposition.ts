/** How a browser takes what it gets: shown, or saved under a name. */
export type Disposition = { type: 'inline' | 'attachment'; filename?: string };

/** A Content-Disposition header: the name for old programs in ASCII, and exactly by RFC 6266. No name can end the header early. */
export function contentDisposition({ type, filename }: Disposition): string {
  if (filename === undefined) return type;
  const name = filename.replace(/[\p{Cc}\p{Cs}/\\]/gu, '_');
  const ascii = name.replace(/[^\x20-\x7e]|["%]/gu, '_');
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${type}; filename="${ascii}"; filename*=UTF-8''${exact}`;
}
