// Sends one request to one receiver and records its outcome.
import { Injectable, Logger } from '@nestjs/common';
import { Clock, childTraceparent, withTraceContext, type TraceContext } from '#platform';
import { Registry } from '#registry';
import type { AlertRow } from '../alert/alert.js';
import { AlertStore } from '../alert/alert-store.js';
import { renderAlert } from '../alert/render-alert.js';
import { Random } from '../random.js';
import { SecretStore } from './secret-store.js';
import { alertEvent, CLOUD_EVENT_TYPE, testEvent } from '../webhook/cloud-event.js';
import { requestHandshake } from '../webhook/handshake.js';
import { SenderIdentity } from '../webhook/sender-identity.js';
import { signatureHeaders } from '../webhook/signature.js';
import { WebhookClient, type CallOutcome } from '../webhook/webhook-client.js';
import { DeliveryMetrics } from './delivery-metrics.js';
import { DeliveryStore, type Claim, type DueDelivery, type DeliveryFailure } from './delivery-store.js';
import { failureOf, isDelivered } from './delivery-failure.js';

const SPAN_BYTES = 8;

type OutgoingMessage = {
  readonly subscription: string;
  readonly url: string;
  readonly id: string;
  readonly body: string;
  readonly traceContext: TraceContext | null;
};

type Job = { readonly claim: Claim; readonly due: DueDelivery };

/** Outcome of a test delivery. */
export type TestOutcome = {
  readonly id: string;
  readonly delivered: boolean;
  readonly status: number | null;
  readonly error: string | null;
};

@Injectable()
export class DeliverySender {
  readonly #logger = new Logger('delivery-sender');

  constructor(
    private readonly client: WebhookClient,
    private readonly sender: SenderIdentity,
    private readonly deliveries: DeliveryStore,
    private readonly alerts: AlertStore,
    private readonly secrets: SecretStore,
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly metrics: DeliveryMetrics,
  ) {}

  /** True where the receiver accepted the handshake. */
  async handshake(claim: Claim, stopped: AbortSignal): Promise<boolean> {
    const { subscription, url } = claim;
    const found = await requestHandshake(this.client, url, this.sender.origin, stopped);
    const at = this.clock.now();
    if (found.kind === 'agreed') {
      await this.deliveries.agreed(subscription, url, at);
      return true;
    }
    if (stopped.aborted) return false;
    const attempt = { at, attempts: claim.handshakeAttempts + 1, failingSince: claim.failingSince };
    const failure = failureOf(found.outcome, { ...attempt, random: this.random.fraction() }, found.error);
    await this.deliveries.notAgreed(subscription, url, failure);
    this.#logPause(subscription, failure);
    return false;
  }

  /** True where the receiver accepted the alert. */
  async deliver(claim: Claim, due: DueDelivery, stopped: AbortSignal): Promise<boolean> {
    const row = await this.alerts.get(due.alert);
    // The alerts are being rebuilt; it is delivered once it is back.
    if (row === null) return false;
    return withTraceContext(row.traceContext, () => this.#deliver(row, { claim, due }, stopped));
  }

  async #deliver(row: AlertRow, { claim, due }: Job, stopped: AbortSignal): Promise<boolean> {
    const { subscription, url } = claim;
    const body = alertEvent(renderAlert(row, this.registry.current.regions), this.sender.source, row.traceContext);
    const outcome = await this.#post({ subscription, url, id: row.id, body, traceContext: row.traceContext }, stopped);
    const at = this.clock.now();
    if (!stopped.aborted) this.metrics.called(outcome);
    if (outcome.kind === 'answered' && isDelivered(outcome)) {
      await this.deliveries.delivered(claim, due.position, at, outcome.status);
      this.#logger.debug(`alert ${row.id} reached subscription ${subscription}: ${outcome.status}`);
      return true;
    }
    // Aborted by our shutdown, not failed: it is sent again after the restart.
    if (stopped.aborted) return false;
    const attempt = { at, attempts: due.attempts + 1, failingSince: due.failingSince };
    const failure = failureOf(outcome, { ...attempt, random: this.random.fraction() });
    await this.deliveries.failed(claim, due.position, failure);
    this.#logger.warn(`alert ${row.id} did not reach subscription ${subscription}: ${failure.error}`);
    this.#logPause(subscription, failure);
    return false;
  }

  /** Does the handshake first where it is still pending; a receiver that refuses it gets no test message. */
  async test(subscription: string, url: string, isConfirmed: boolean): Promise<TestOutcome> {
    const never = new AbortController().signal;
    const id = `test_${this.random.id()}`;
    if (!isConfirmed) {
      const found = await requestHandshake(this.client, url, this.sender.origin, never);
      if (found.kind === 'not_agreed') return { id, delivered: false, status: null, error: found.error };
      await this.deliveries.agreed(subscription, url, this.clock.now());
    }
    const body = testEvent({ id, subscription, time: this.clock.now(), source: this.sender.source });
    const outcome = await this.#post({ subscription, url, id, body, traceContext: null }, never);
    const delivered = isDelivered(outcome);
    const { status, error } = failureOf(outcome, { at: this.clock.now(), attempts: 1, failingSince: null, random: 0 });
    return { id, delivered, status, error: delivered ? null : error };
  }

  async #post(
    { subscription, url, id, body, traceContext }: OutgoingMessage,
    stopped: AbortSignal,
  ): Promise<CallOutcome> {
    const at = this.clock.now();
    const secrets = await this.secrets.live(subscription, at);
    const signed = { id, seconds: Math.floor(Date.parse(at) / 1_000), body };
    const headers = {
      'content-type': CLOUD_EVENT_TYPE,
      ...signatureHeaders(signed, secrets),
      ...this.#spanHeader(traceContext),
    };
    return this.client.call({ url, method: 'POST', headers, body }, stopped);
  }

  /** Each call is a span of its own in the trace of the event. */
  #spanHeader(traceContext: TraceContext | null): Readonly<Record<string, string>> {
    return traceContext === null
      ? {}
      : { traceparent: childTraceparent(traceContext.traceparent, this.random.bytes(SPAN_BYTES)) };
  }

  #logPause(subscription: string, { pause, error }: DeliveryFailure): void {
    if (pause !== null) this.#logger.warn(`subscription ${subscription} is paused (${pause}): ${error}`);
  }
}
