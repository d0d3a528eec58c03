/** A model in llama.cpp, through node-llama-cpp: one context whose sequences are the slots, evaluated together in batches. */
import { availableParallelism } from 'node:os';
import type * as NodeLlamaCpp from 'node-llama-cpp';
import type { Llama, LlamaContext, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import { InputError } from '../../errors';
import type { Message } from '../../prompts/prompt-set';
import type { Generation } from '../engine';
import { ChatTemplate } from './chat-template';
import { checkGguf, nameOfGguf, sha256OfGguf } from './gguf-file';
import type { LoadedModel } from './loaded-model';

type Library = typeof NodeLlamaCpp;

export interface LlamaCppOptions {
  /** Of the GGUF file; of the first, where the model has several. */
  readonly path: string;
  /** Answers at once; each takes memory for a whole context. */
  readonly slots: number;
  /** Of one slot, at most: a model that was trained on less gets less. */
  readonly contextTokens: number;
  /** @default - `import('node-llama-cpp')` */
  readonly library?: () => Promise<Library>;
}

export class LlamaCpp implements LoadedModel {
  readonly notes: readonly string[];
  private readonly sequences: readonly LlamaContextSequence[];

  private constructor(
    readonly server: string,
    readonly identity: LoadedModel['identity'],
    private readonly model: LlamaModel,
    context: LlamaContext,
    private readonly template: ChatTemplate,
  ) {
    // Without checkpoints: a sequence is never taken back to an earlier state.
    this.sequences = Array.from({ length: context.totalSequences }, () =>
      context.getSequence({ checkpoints: { max: 0 } }),
    );
    this.notes = template.hasSystem
      ? []
      : ['the model’s chat template takes no system message: it stands before the question'];
  }

  /** @throws InputError when the library or the model cannot be used */
  static async load({
    path,
    slots,
    contextTokens,
    library = importLibrary,
  }: LlamaCppOptions): Promise<LlamaCpp> {
    await checkGguf(path);
    const lib = await library().catch(notInstalled);
    const complaints: string[] = [];
    const llama = await startLlama(lib, complaints);
    try {
      const model = await llama.loadModel({ modelPath: path });
      const source = model.fileInfo.metadata.tokenizer.chat_template;
      if (!source)
        throw new InputError(`model: ${path} has no chat template; allowed: a model that was taught to chat`);
      const template = new ChatTemplate(source, { bos: model.tokens.bosString, eos: model.tokens.eosString });
      const context = await model.createContext({
        sequences: slots,
        contextSize: Math.min(contextTokens, model.trainContextSize),
        threads: threadsFor(model),
        failedCreationRemedy: false,
      });
      const identity = {
        name: nameOfGguf(path),
        digest: await sha256OfGguf(path),
        ...sizesOf(lib, model),
        contextTokens: context.contextSize,
      };
      const { release } = llama.llamaCppRelease;
      const server = `node-llama-cpp ${await lib.getModuleVersion()} (llama.cpp ${release})`;
      return new LlamaCpp(server, identity, model, context, template);
    } catch (error) {
      await llama.dispose();
      if (error instanceof InputError) throw error;
      // The first says why, and those after it that something failed.
      const why = (complaints[0] ?? (error as Error).message).replaceAll(/\s+/g, ' ').slice(0, 300);
      throw new InputError(`model: llama.cpp cannot load ${path} with ${slots} slots: ${why}`);
    }
  }

  get slots(): number {
    return this.sequences.length;
  }

  promptOf(messages: readonly Message[]): readonly Token[] {
    const { tokens } = this.model;
    const prompt = this.model.tokenize(this.template.render(messages), true);
    const { bos } = tokens;
    // Many templates write it themselves.
    return bos !== null && tokens.shouldPrependBosToken && prompt[0] !== bos ? [bos, ...prompt] : prompt;
  }

  async *answer(
    slot: number,
    prompt: readonly Token[],
    { temperature, seed }: Generation,
  ): AsyncGenerator<Token, void> {
    const sequence = this.sequences[slot]!;
    // Every answer is computed from nothing: what was asked before in this slot leaves no trace in it.
    await sequence.clearHistory();
    yield* sequence.evaluate([...prompt], { temperature, ...(seed === null ? {} : { seed }) });
  }

  textOf(tokens: readonly Token[]): string {
    return this.model.detokenize(tokens);
  }

  dispose(): Promise<void> {
    // With it go its models and their contexts.
    return this.model.llama.dispose();
  }
}

// Not part of the bundle, so it is looked for where the runner lies.
const importLibrary = (): Promise<Library> => import('node-llama-cpp');

const INSTEAD = 'or --engine ollama, or openai, for a model server';

function notInstalled(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  throw new InputError(
    `engine llama: node-llama-cpp is not installed; allowed: npm install node-llama-cpp@3 beside the runner, ${INSTEAD}`,
  );
}

/** @param complaints gets what llama.cpp reports as errors, a line each */
async function startLlama(lib: Library, complaints: string[]): Promise<Llama> {
  try {
    return await lib.getLlama({
      // The build for Macs with Apple silicon is the one with Metal; elsewhere only those for CPUs are installed.
      gpu: process.platform === 'darwin' && process.arch === 'arm64' ? 'metal' : false,
      // Nothing is compiled and nothing downloaded behind the user's back.
      build: 'never',
      skipDownload: true,
      // Its own limit is four.
      maxThreads: 0,
      progressLogs: false,
      logLevel: lib.LlamaLogLevel.error,
      logger: (_level, message) => void complaints.push(message.trim()),
    });
  } catch (error) {
    if (!(error instanceof lib.NoBinaryFoundError)) throw error;
    const where = `${process.platform} on ${process.arch}`;
    throw new InputError(
      `engine llama: llama.cpp is not installed for ${where}; allowed: another machine, ${INSTEAD}`,
    );
  }
}

/** Threads wait for one another at every layer, which takes longer than all the work on a model of fewer bytes than this. */
const WORTH_THREADS_BYTES = 64 * 1024 * 1024;

const threadsFor = ({ size, llama }: LlamaModel): number =>
  size < WORTH_THREADS_BYTES ? 1 : Math.min(llama.cpuMathCores, availableParallelism());

function sizesOf(lib: Library, { fileInfo }: LlamaModel) {
  const type = fileInfo.metadata.general.file_type;
  const parameters = (fileInfo.tensorInfo ?? []).reduce(
    (sum, { dimensions }) => sum + dimensions.reduce<number>((product, size) => product * Number(size), 1),
    0,
  );
  return {
    // As the names are written elsewhere: MOSTLY_Q4_K_M is Q4_K_M.
    quantization: type === undefined ? null : (lib.GgufFileType[type]?.replace(/^(ALL|MOSTLY)_/, '') ?? null),
    parametersBillions: parameters > 0 ? parameters / 1e9 : null,
  };
}
