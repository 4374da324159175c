// The cost of NestJS on Fastify alone: validates the same body by the same schema and does nothing else.
import {
  Body,
  Controller,
  Module,
  Post,
  StandardSchemaValidationPipe,
  type NestApplicationOptions,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { reportSchema, type ReportBody } from '../../../libs/intake/src/report.schema.js';

@Controller('v1/reports')
class EmptyController {
  @Post()
  submit(@Body({ schema: reportSchema }) { id }: ReportBody): { readonly id: string } {
    return { id };
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the type is declared as a class that does not exist at run time
const QUIET: NestApplicationOptions = { logger: false };

@Module({ controllers: [EmptyController] })
class EmptyModule {}

export async function startEmptyRoute(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const app = await NestFactory.create<NestFastifyApplication>(EmptyModule, new FastifyAdapter(), QUIET);
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), stop: () => app.close() };
}
