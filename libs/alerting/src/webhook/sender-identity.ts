// The names by which this system identifies itself to receivers.

export class SenderIdentity {
  /** Origin of the handshake: the host of the public address. */
  readonly origin: string;
  /** `source` of CloudEvents: the absolute URL of the alerts. */
  readonly source: string;

  /** `url`: the public address, without a slash at its end. */
  constructor(url: string) {
    this.origin = new URL(url).hostname;
    this.source = `${url}/v1/alerts`;
  }
}
