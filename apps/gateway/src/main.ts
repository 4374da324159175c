// Starts the port in front of the api processes: `node main.js api:3000`. An installation with a load balancer of its
// own does not need it.
import { CannotStart, runProcess, startInOrder } from '#platform';
import { addressesOf, openGateway } from './gateway.js';

await runProcess(({ host, port }, say) =>
  startInOrder(async (onStop) => {
    const [, name, behind] = /^([^:]+):(\d+)$/.exec(process.argv[2] ?? '') ?? [];
    if (name === undefined) throw new CannotStart('Say what is behind the gateway: `host:port`, such as api:3000.');
    const gateway = await openGateway({ host, port, upstreams: addressesOf(name, Number(behind)) });
    onStop(gateway.close);
    say(`Barada's gateway listens at ${gateway.url}`);
    return { url: gateway.url };
  }),
);
