/** Why something asked for was not done: wrongly asked, not there, not allowed now, nobody there to do it, or anything else. */
export type RefusalKind = 'badRequest' | 'forbidden' | 'notFound' | 'refused' | 'unavailable' | 'failed';

/** Ends a command or a request with one line for whoever asked. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';

  constructor(
    readonly kind: RefusalKind,
    message: string,
  ) {
    super(message);
  }
}
