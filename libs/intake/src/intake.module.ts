// The module of the intake.
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AmendReportHandler } from './amend-report.handler.js';
import { BulkIntake } from './bulk/bulk-intake.js';
import { ReportReader } from './report-reader.js';
import { ReportsController } from './reports.controller.js';
import { SubmitReportHandler } from './submit-report.handler.js';
import { WithdrawReportHandler } from './withdraw-report.handler.js';

/** Needs the platform's foundations and a Registry, both provided globally. */
@Module({
  imports: [CqrsModule],
  controllers: [ReportsController],
  providers: [BulkIntake, ReportReader, SubmitReportHandler, AmendReportHandler, WithdrawReportHandler],
})
export class IntakeModule {}
