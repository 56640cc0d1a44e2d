/** What the person who started the stack has set. */
export type StackEnv = {
  isProduction: boolean;
  isCi: boolean;
  isUnderNpm: boolean;
  mongoUri: string | undefined;
  rabbitUrl: string | undefined;
  rabbitManagementUrl: string | undefined;
  redisUrl: string | undefined;
  s3Endpoint: string | undefined;
  s3Bucket: string | undefined;
  s3Region: string | undefined;
  s3AccessKey: string | undefined;
  s3SecretKey: string | undefined;
  publicOrigins: string | undefined;
  publicApiUrl: string | undefined;
  publicSocketUrl: string | undefined;
  publicPictureOrigins: string | undefined;
  logLevel: string | undefined;
};

export function readStackEnv(source: Record<string, string | undefined> = process.env): StackEnv {
  const value = (name: string): string | undefined => source[name] || undefined;
  return {
    isProduction: source['NODE_ENV'] === 'production',
    isCi: source['CI'] === 'true' || source['CI'] === '1',
    isUnderNpm: source['npm_lifecycle_event'] !== undefined,
    mongoUri: value('MONGO_URI'),
    rabbitUrl: value('RABBITMQ_URL'),
    rabbitManagementUrl: value('RABBITMQ_MANAGEMENT_URL'),
    redisUrl: value('REDIS_URL'),
    s3Endpoint: value('S3_ENDPOINT'),
    s3Bucket: value('S3_BUCKET_NAME'),
    s3Region: value('S3_REGION'),
    s3AccessKey: value('S3_ACCESS_KEY'),
    s3SecretKey: value('S3_SECRET_KEY'),
    publicOrigins: value('PUBLIC_ORIGINS'),
    publicApiUrl: value('NEXT_PUBLIC_API_URL'),
    publicSocketUrl: value('NEXT_PUBLIC_SOCKET_URL'),
    publicPictureOrigins: value('NEXT_PUBLIC_PICTURE_ORIGINS'),
    logLevel: value('LOG_LEVEL'),
  };
}

/**
 * The environment of a program that the stack starts: the person's own, the given values, and for Nx and Next no
 * daemon, no interactive screen and no telemetry; a value of undefined takes a variable away. Nx's and npm's notes about the run that started us are left out.
 */
export function childEnv(values: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const { isCi } = readStackEnv();
  const left = isCi ? /^(NX_|npm_|VITEST|TEST_TIER$|FORCE_COLOR$)/ : /^(NX_|npm_|VITEST|TEST_TIER$)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !left.test(name))),
    ...(isCi ? { NO_COLOR: '1' } : {}),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NEXT_TELEMETRY_DISABLED: '1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...values,
  };
}
