// Brokers for one test alone, which may stop and kill them. Usable outside jest.
import { newFolder } from './folder.js';
import { startBroker, type Broker, type BrokerOptions } from './kafka-broker.js';
import { startContainer, whyNoContainers } from './kafka-container.js';
import { freePort } from './ports.js';
import { TcpProxy } from './tcp-proxy.js';

export type { Broker } from './kafka-broker.js';

/** For tests that stop or kill the broker or need it exclusively. Always call `discard` at the end. */
export async function startOwnBroker(options: BrokerOptions = {}): Promise<Broker> {
  return startIn(await newFolder('broker'), options);
}

/** A broker that clients reach only through a proxy. */
export async function startBrokerBehindProxy(): Promise<{ readonly broker: Broker; readonly proxy: TcpProxy }> {
  const port = await freePort();
  const proxy = await TcpProxy.to(port);
  return { broker: await startOwnBroker({ port, advertisedPort: proxy.port }), proxy };
}

export function startIn(folder: string, options: BrokerOptions): Promise<Broker> {
  return whyNoContainers() === null ? startContainer(folder, options) : startBroker(folder, options);
}
