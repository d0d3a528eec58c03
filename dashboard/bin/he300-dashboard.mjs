#!/usr/bin/env node
// Runs the TypeScript sources as they stand, so that a checkout needs no build after `npm ci`.
import { register } from 'tsx/esm/api';

register();
await import('../server/cli/main.ts');
