/** Who the runner is to a CIRISNode: the owner of an API key, or a user whose token is renewed when it has expired. */
import * as z from 'zod';
import type { Credentials } from './credentials';
import { RequestFailure } from './engine';
import type { HttpClient, HttpRequest } from './http/http-client';

const token = z.object({ access_token: z.string().min(1) });

export class CirisNodeSession {
  private token: string | undefined;
  private loggingIn: Promise<string> | undefined;

  constructor(
    private readonly http: HttpClient,
    private readonly credentials: Credentials,
  ) {}

  /** A request with who we are. Where the token has expired it is sent once more, with a new one. @throws RequestFailure */
  async send(
    request: Omit<HttpRequest, 'headers'>,
  ): Promise<{ readonly status: number; readonly json: unknown }> {
    if (this.credentials.kind === 'key')
      return this.http.jsonWithStatus({ ...request, headers: { 'x-api-key': this.credentials.key } });
    const first = this.token ?? (await this.login(request.timeLimitMs));
    try {
      return await this.withToken(request, first);
    } catch (error) {
      if (!(error instanceof RequestFailure) || error.status !== 401) throw error;
    }
    // Many requests may find out at once; the first of them renews the token for all.
    const renewed = this.token === first ? await this.login(request.timeLimitMs) : this.token!;
    return this.withToken(request, renewed);
  }

  private withToken(request: HttpRequest, bearer: string) {
    return this.http.jsonWithStatus({ ...request, headers: { authorization: `Bearer ${bearer}` } });
  }

  /** @throws RequestFailure, with status 401 when the server does not know who this is */
  login(timeLimitMs: number): Promise<string> {
    this.loggingIn ??= this.requestToken(timeLimitMs).finally(() => (this.loggingIn = undefined));
    return this.loggingIn;
  }

  private async requestToken(timeLimitMs: number): Promise<string> {
    if (this.credentials.kind === 'key') return this.credentials.key;
    const { username, password } = this.credentials;
    const answer = token.safeParse(
      await this.http.json({
        method: 'POST',
        path: '/auth/token',
        contentType: 'application/x-www-form-urlencoded',
        body: new URLSearchParams({ username, password }).toString(),
        timeLimitMs,
      }),
    );
    if (!answer.success) throw new RequestFailure('malformed', '/auth/token answered without a token');
    this.token = answer.data.access_token;
    return this.token;
  }
}
