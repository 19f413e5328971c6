/** A failure that is understood: says its cause in the message and what to do about it in `advice`. */
export class AdvisedError extends Error {
  override readonly name = 'AdvisedError';
  readonly advice: string;
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}
