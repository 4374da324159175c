// The life of a process: start, signals, stop.
export { CannotReachDatabase, CannotStart, startFailureMessage } from './failures.js';
export { runProcess } from './run.js';
export { startInOrder, type OnStop, type Running, type Print } from './running.js';
export { serve } from './serve.js';
export { startApp, type App } from './start-app.js';
