export type GivenS3 = { endpoint: string; region: string; accessKey: string; secretKey: string };

/** The S3 that the environment names, for the contract tests; undefined to use an endpoint of their own. */
export function givenS3(source: Record<string, string | undefined> = process.env): GivenS3 | undefined {
  const endpoint = source['S3_ENDPOINT'];
  if (!endpoint) return undefined;
  return {
    endpoint,
    region: source['S3_REGION'] ?? 'us-east-1',
    accessKey: source['S3_ACCESS_KEY'] ?? '',
    secretKey: source['S3_SECRET_KEY'] ?? '',
  };
}
