import { runNames } from './run-names';

it('names a run by its model, and by its id where that does not tell them apart', () => {
  expect(
    runNames([
      { runId: 'dev-a', model: 'llama3.2:3b' },
      { runId: 'dev-b', model: 'qwen3:4b' },
      { runId: 'dev-c', model: 'llama3.2:3b' },
      { runId: 'dev-d', model: null },
    ]),
  ).toEqual(['llama3.2:3b (dev-a)', 'qwen3:4b', 'llama3.2:3b (dev-c)', 'dev-d']);
});
