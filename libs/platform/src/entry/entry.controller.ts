// Where to begin: a page for people at `/`, and the list of routes for programs at `/v1`.
import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/decorators.js';
import { routesBelow } from '../http/allowed-methods.js';

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Barada</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem }</style>
<h1>Barada</h1>
<p>Monitors a ceasefire: takes in reports of violations, and answers the status of every region with its reasons.</p>
<ul>
<li><a href="/docs">API documentation</a>, also as <a href="/openapi.json">OpenAPI</a></li>
<li><a href="/v1">Routes of the API</a> (JSON)</li>
<li><a href="/health/status">Health</a> of this process, and whether it is <a href="/health/ready">ready</a></li>
</ul>
<p>Every route of the API requires a token: <code>Authorization: Bearer &lt;JWT&gt;</code>.</p>
</html>
`;

@Public()
@ApiTags('entry')
@Controller()
export class EntryController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  page(): string {
    return PAGE;
  }

  @Get('v1')
  routes(@Req() request: FastifyRequest): object {
    return { documentation: '/docs', openapi: '/openapi.json', routes: routesBelow(request, '/v1/') };
  }
}
