/** The chat template that a model's file carries: Jinja, as https://huggingface.co/docs/transformers/chat_templating */
import { Template } from '@huggingface/jinja';
import { InputError } from '../../errors';
import type { Message } from '../../prompts/prompt-set';

/** Strings that templates write where the special tokens belong. */
export interface SpecialTokens {
  readonly bos: string | null;
  readonly eos: string | null;
}

/** Templates that ask for the date would make another prompt of every day. */
const FIXED_DATE = '{%- macro strftime_now(format) -%}26 Jul 2024{%- endmacro -%}';

const PROBE: readonly Message[] = [
  { role: 'system', content: 'a' },
  { role: 'user', content: 'b' },
];

export class ChatTemplate {
  private readonly template: Template;
  /** Whether it takes a system message; some refuse one. */
  readonly hasSystem: boolean;

  /** @throws InputError when the template cannot be used */
  constructor(
    source: string,
    private readonly special: SpecialTokens,
  ) {
    try {
      this.template = new Template(FIXED_DATE + source);
      this.hasSystem = this.takes(PROBE);
      if (!this.hasSystem) this.rendered(joined(PROBE));
    } catch (error) {
      throw new InputError(`model: its chat template fails: ${(error as Error).message}`);
    }
  }

  /** Text of the conversation, up to where the model's answer begins. */
  render(messages: readonly Message[]): string {
    return this.rendered(this.hasSystem ? messages : joined(messages));
  }

  /** A template that passes over the system message in silence does not take it. */
  private takes(messages: readonly Message[]): boolean {
    try {
      const marked = messages.map((message, index) => ({ ...message, content: `message-${index}` }));
      const text = this.rendered(marked);
      return marked.every(({ content }) => text.includes(content));
    } catch {
      return false;
    }
  }

  private rendered(messages: readonly Message[]): string {
    return this.template.render({
      messages,
      add_generation_prompt: true,
      bos_token: this.special.bos ?? '',
      eos_token: this.special.eos ?? '',
    });
  }
}

/** The system message at the beginning of the user's. */
const joined = (messages: readonly Message[]): readonly Message[] => [
  { role: 'user', content: messages.map(({ content }) => content).join('\n\n') },
];
