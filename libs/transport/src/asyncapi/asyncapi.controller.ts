// Serves the AsyncAPI document of the topic. Public, as the OpenAPI document is.
import { Controller, Get, Module } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, Settings } from '#platform';
import { asyncApiOf } from './asyncapi.js';

@Public()
@ApiTags('documents')
@Controller()
export class AsyncApiController {
  constructor(private readonly settings: Settings) {}

  @Get('asyncapi.json')
  @ApiOperation({ summary: 'What is on the topic: an AsyncAPI 3 document' })
  @ApiOkResponse({ schema: { type: 'object' } })
  document(): object {
    return asyncApiOf(this.settings.kafka);
  }
}

@Module({ controllers: [AsyncApiController] })
export class AsyncApiModule {}
