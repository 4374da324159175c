// Serves the status of one database and follows its log, in a separate process whose memory is measured.
import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import {
  createApp,
  followLog,
  NoAuthentication,
  openFoundations,
  PlatformModule,
  Settings,
  type Foundations,
} from '../../../libs/platform/src/index.js';
import { RegistryModule } from '../../../libs/registry/src/index.js';
import { StatusModule } from '../../../libs/status/src/index.js';
import { serve } from './child.js';

/** The first request starts the reader; later requests return its peak memory. */
export type ReaderQuestion = { readonly url: string; readonly directory: string };
export type ReaderAnswer = { readonly url: string; readonly maxRssMiB: number };

@Module({})
class ReaderModule {
  static with(foundations: Foundations): DynamicModule {
    const imports = [PlatformModule.with(foundations), CqrsModule.forRoot(), RegistryModule, StatusModule];
    return { module: ReaderModule, imports };
  }
}

const KIB_PER_MIB = 1_024;
let started: Promise<string> | null = null;

serve(async (question: ReaderQuestion): Promise<ReaderAnswer> => {
  started ??= start(question);
  return { url: await started, maxRssMiB: process.resourceUsage().maxRSS / KIB_PER_MIB };
});

async function start({ url, directory }: ReaderQuestion): Promise<string> {
  const settings = Settings.from({ PORT: '0', BARADA_DIR: directory, DATABASE_URL: url, LOG_LEVEL: 'error' });
  const foundations = openFoundations(settings, url, { tokens: new NoAuthentication(), runner: followLog });
  const app = await createApp(ReaderModule.with(foundations), settings);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}
