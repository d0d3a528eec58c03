/** The model that is used when none is named: so small that it is part of the project, so that a run needs no download. */
import { fileURLToPath } from 'node:url';

export const DEMO_MODEL_NAME = 'he300-demo';

/** Made by benchmark/demo-model/train.py. It is not part of the bundle. */
export const DEMO_MODEL = fileURLToPath(
  new URL(`../../../demo-model/${DEMO_MODEL_NAME}.gguf`, import.meta.url),
);

export const DEMO_MODEL_NOTE =
  'the demo model judges by a list of words: its figures mean nothing; --model takes a GGUF file of yours';
