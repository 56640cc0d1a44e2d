/** The keys of the environment: an argument can be read by everybody who may list processes. */
export function readKeys(source: Record<string, string | undefined> = process.env): {
  accessKey: string | undefined;
  secretKey: string | undefined;
} {
  return { accessKey: source['S3_ACCESS_KEY'], secretKey: source['S3_SECRET_KEY'] };
}
