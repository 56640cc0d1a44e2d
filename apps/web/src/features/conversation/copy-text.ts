/** Puts `text` on the clipboard, also where the page came over plain HTTP and has no clipboard of its own. Rejects where the browser refuses. */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator && navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  document.body.append(area);
  area.select();
  // Deprecated, and the only way there is in an insecure context.
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('the browser refused to copy');
}
