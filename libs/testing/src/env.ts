/** Where the engines of this run are. `npm test` sets all; the defaults are those of `npm run engines`. */
export type EngineUrls = {
  mongoUri: string;
  rabbitUrl: string;
  rabbitManagementUrl: string;
  redisUrl: string;
  s3: S3Access;
};

/** An S3 with path-style addresses, and who may use it. */
export type S3Access = { endpoint: string; region: string; accessKey: string; secretKey: string };

export function engineUrls(source: Record<string, string | undefined> = process.env): EngineUrls {
  return {
    mongoUri: source['MONGO_URI'] ?? 'mongodb://127.0.0.1:27117',
    rabbitUrl: source['RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5772',
    rabbitManagementUrl: source['RABBITMQ_MANAGEMENT_URL'] ?? 'http://127.0.0.1:15772',
    redisUrl: source['REDIS_URL'] ?? 'redis://127.0.0.1:6479',
    s3: {
      endpoint: source['S3_ENDPOINT'] ?? 'http://127.0.0.1:9200',
      region: source['S3_REGION'] ?? 'us-east-1',
      accessKey: source['S3_ACCESS_KEY'] ?? 'parley',
      secretKey: source['S3_SECRET_KEY'] ?? 'parley-development',
    },
  };
}
