export * from './wadi-barada.js';
