/** Where the engines of this run are. `npm test` sets all four; the defaults are those of `npm run engines`. */
export type EngineUrls = {
  mongoUri: string;
  rabbitUrl: string;
  rabbitManagementUrl: string;
  redisUrl: string;
};

export function engineUrls(source: Record<string, string | undefined> = process.env): EngineUrls {
  return {
    mongoUri: source['MONGO_URI'] ?? 'mongodb://127.0.0.1:27117',
    rabbitUrl: source['RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5772',
    rabbitManagementUrl: source['RABBITMQ_MANAGEMENT_URL'] ?? 'http://127.0.0.1:15772',
    redisUrl: source['REDIS_URL'] ?? 'redis://127.0.0.1:6479',
  };
}
