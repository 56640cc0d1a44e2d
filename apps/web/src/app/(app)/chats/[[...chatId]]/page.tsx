/** The address exists; the shell above it shows the view. */
export default function Page() {
  return null;
}
