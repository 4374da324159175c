// Prints the totals of the run as its last line, for programs that read only that line.

export default class ClosingLineReporter {
  onRunComplete(_, results) {
    // A file that fails to load has no tests to count, but is a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`;
    // jest prints its summary after all custom reporters, so this waits for the end of the process.
    process.once('exit', () => process.stdout.write(line));
  }
}
