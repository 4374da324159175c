import { afterEach, describe, expect, it } from '@jest/globals';
import { WebhookReceiver } from '../../../../test/support/webhook-receiver.js';
import { AddressGuard } from './address-guard.js';
import { RefusedAddress, WebhookClient } from './webhook-client.js';

const never = new AbortController().signal;
let clients: WebhookClient[] = [];
let receivers: WebhookReceiver[] = [];

afterEach(async () => {
  await Promise.all([...clients.map((client) => client.close()), ...receivers.map((receiver) => receiver.down())]);
  [clients, receivers] = [[], []];
});

function allowing(...allow: readonly string[]): WebhookClient {
  const client = new WebhookClient(new AddressGuard(allow));
  clients.push(client);
  return client;
}

async function receiver(): Promise<WebhookReceiver> {
  const made = await new WebhookReceiver().up();
  receivers.push(made);
  return made;
}

function post(client: WebhookClient, url: string) {
  return client.call({ url, method: 'POST', headers: { 'x-one': '1' }, body: '{}' }, never);
}

describe('the webhook client', () => {
  it('calls an allowed address and returns the answer', async () => {
    const hook = await receiver();
    hook.answer = () => ({ status: 202, headers: { 'retry-after': '7' } });
    const outcome = await post(allowing('127.0.0.1'), hook.url);
    expect(outcome).toMatchObject({ kind: 'answered', status: 202 });
    expect(outcome.kind === 'answered' && outcome.header('retry-after')).toBe('7');
    expect(hook.posts).toMatchObject([{ body: '{}', headers: { 'x-one': '1', 'user-agent': 'Barada' } }]);
  });

  it('calls an allowed address by its name', async () => {
    const hook = await receiver();
    expect(await post(allowing('127.0.0.1'), hook.url.replace('127.0.0.1', 'localhost'))).toMatchObject({
      status: 204,
    });
  });

  // The address is checked when the connection is made, whatever was resolved at registration: this is how
  // a name that points elsewhere by then (DNS rebinding) is refused.
  it.each([
    ['an address', (url: string) => url],
    ['a name', (url: string) => url.replace('127.0.0.1', 'localhost')],
    ['an address in one number', (url: string) => url.replace('127.0.0.1', '2130706433')],
    ['an IPv4 address within IPv6', (url: string) => url.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
    ['https', (url: string) => url.replace('http:', 'https:')],
  ])('makes no connection to a loopback receiver that is not allowed, named by %s', async (_, named) => {
    const hook = await receiver();
    const outcome = await post(allowing('10.0.0.0/8'), named(hook.url));
    expect(outcome).toEqual({ kind: 'unreached', error: expect.stringContaining('deliveries may not go to') });
    expect(hook.received).toEqual([]);
  });

  it('refuses at registration what it would refuse to call', async () => {
    const check = (url: string, ...allow: readonly string[]) => allowing(...allow).check(new URL(url));
    await expect(check('https://127.0.0.1/')).rejects.toThrow(RefusedAddress);
    await expect(check('https://localhost/')).rejects.toThrow(RefusedAddress);
    await expect(check('https://169.254.169.254/latest/meta-data')).rejects.toThrow(RefusedAddress);
    await expect(check('https://[::1]/')).rejects.toThrow(RefusedAddress);
    await expect(check('http://93.184.216.34/')).rejects.toThrow(RefusedAddress);
    await expect(check('https://no-such-host.invalid/')).rejects.toThrow('the host has no address');
    await expect(check('https://93.184.216.34/')).resolves.toBeUndefined();
    await expect(check('http://127.0.0.1/', '127.0.0.0/8')).resolves.toBeUndefined();
  });

  it('describes an error in a text of its own', async () => {
    const hook = await receiver();
    await hook.down();
    expect(await post(allowing('127.0.0.1'), hook.url)).toEqual({
      kind: 'unreached',
      error: 'the connection was refused',
    });
  });

  it('aborts when it is stopped', async () => {
    const outcome = await allowing('127.0.0.1').call(
      { url: (await receiver()).url, method: 'OPTIONS', headers: {} },
      AbortSignal.abort(),
    );
    expect(outcome).toEqual({ kind: 'unreached', error: 'the call was aborted by a shutdown' });
  });
});
