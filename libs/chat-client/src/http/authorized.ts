import { ApiError } from './errors.ts';
import type { ApiRequest, Exchange } from './exchange.ts';

/** Gives an access token that is still good; `renewed` asks for another one than the server has just refused. */
export type AccessToken = (o?: { renewed: boolean }) => Promise<string>;

/** Exchanges in the name of the person who is signed in: a token that is refused is renewed once, and the request repeated. */
export function authorized(exchange: Exchange, accessToken: AccessToken): Exchange {
  return async <T>(request: ApiRequest<T>): Promise<T> => {
    try {
      return await exchange({ ...request, token: await accessToken() });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      return exchange({ ...request, token: await accessToken({ renewed: true }) });
    }
  };
}
