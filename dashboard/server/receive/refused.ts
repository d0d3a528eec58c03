/** A delivery or an upload that is not taken. Thrown in a transaction, it leaves nothing behind. */
export class Refused extends Error {
  constructor(
    readonly status: 401 | 403 | 409 | 413 | 422,
    message: string,
  ) {
    super(message);
  }
}
