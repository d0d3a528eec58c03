/** The demo model: real inference without a download. benchmark/demo-model/train.py made it. */
import { join } from 'node:path';

export const DEMO_MODEL = join(__dirname, '../../benchmark/demo-model/he300-demo.gguf');
