// Under which names this system calls its subscribers.

export class SenderIdentity {
  /** The name asked for in the handshake: the host of the public address. */
  readonly origin: string;
  /** CloudEvents' `source`: the absolute URL of the alerts. */
  readonly source: string;

  /** `url`: the public address, without a slash at its end. */
  constructor(url: string) {
    this.origin = new URL(url).hostname;
    this.source = `${url}/v1/alerts`;
  }
}
