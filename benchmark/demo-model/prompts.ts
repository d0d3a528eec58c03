/** Prints what train.py teaches the demo model to answer: the system message and each category's question and words. */
import { HE300_V1 } from '../src/prompts/he300-v1';

const { system, categories } = HE300_V1;
console.log(JSON.stringify({ system, categories: Object.values(categories) }, null, 1));
