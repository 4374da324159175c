// Prints the figures of the run as its very last line, for people and programs that read only that.

export default class ClosingLineReporter {
  onRunComplete(_, results) {
    // A file that does not even load has no tests to count, and is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`;
    // jest prints its own summary after all reporters of ours, so ours waits for the end of the process.
    process.once('exit', () => process.stdout.write(line));
  }
}
