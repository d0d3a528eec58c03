#!/usr/bin/env node
// Runs the TypeScript sources as they stand, so that `npx he300` needs no build after `npm ci`.
import { register } from 'tsx/esm/api';

register();
await import('../src/cli/main.ts');
