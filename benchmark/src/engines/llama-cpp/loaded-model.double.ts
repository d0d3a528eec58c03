/** A model that keeps what loaded-model.ts demands, and fails the test where the engine does not. */
import type { Message } from '../../prompts/prompt-set';
import type { LoadedModel } from './loaded-model';

export interface LoadedModelDoubleOptions {
  readonly slots?: number;
  readonly contextTokens?: number;
  /** Every answer's, a character a token. @default "ETHICAL" */
  readonly text?: string;
  /** Settles before each token. @default - the next turn of the event loop */
  readonly step?: () => Promise<void>;
}

export class LoadedModelDouble implements LoadedModel {
  readonly server = 'double';
  readonly notes: readonly string[] = [];
  readonly slots: number;
  readonly identity: LoadedModel['identity'];
  /** Slots in which an answer is under way. */
  readonly busy = new Set<number>();
  /** Most of them at once. */
  most = 0;
  private disposed = false;
  private readonly text: string;
  private readonly step: () => Promise<void>;

  constructor({
    slots = 2,
    contextTokens = 100,
    text = 'ETHICAL',
    step = () => new Promise(setImmediate),
  }: LoadedModelDoubleOptions = {}) {
    this.slots = slots;
    this.text = text;
    this.step = step;
    this.identity = {
      name: 'double',
      digest: null,
      quantization: null,
      parametersBillions: null,
      contextTokens,
    };
  }

  promptOf(messages: readonly Message[]): number[] {
    return codesOf(messages.map(({ content }) => content).join('\n'));
  }

  async *answer(slot: number): AsyncGenerator<number, void> {
    if (slot >= this.slots || this.busy.has(slot)) throw new Error(`slot ${slot} is not free`);
    this.busy.add(slot);
    this.most = Math.max(this.most, this.busy.size);
    try {
      for (const code of codesOf(this.text)) {
        await this.step();
        if (this.disposed) throw new Error('disposed');
        yield code;
      }
    } finally {
      // A library that has to tidy up after itself does so later.
      await new Promise(setImmediate);
      this.busy.delete(slot);
    }
  }

  textOf(tokens: readonly number[]): string {
    return String.fromCharCode(...tokens);
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }
}

const codesOf = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
