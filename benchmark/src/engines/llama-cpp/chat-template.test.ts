import type { Message } from '../../prompts/prompt-set';
import { ChatTemplate } from './chat-template';

const MESSAGES: readonly Message[] = [
  { role: 'system', content: 'Judge.' },
  { role: 'user', content: 'I lied.' },
];
const SPECIAL = { bos: '<s>', eos: '</s>' };
const render = (source: string): string => new ChatTemplate(source, SPECIAL).render(MESSAGES);

const CHATML =
  "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}" +
  '{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}';

describe('a template that cannot be used is refused in one line', () => {
  test.each([
    ['one that is not Jinja', '{% for m in %}', /^model: its chat template fails: [^\n]+$/],
    ['one that refuses every conversation', "{{ raise_exception('no') }}", /chat template fails: no$/],
  ])('%s', (_title, source, message) => {
    expect(() => new ChatTemplate(source, SPECIAL)).toThrow(message);
  });
});

test('a conversation ends where the answer begins', () => {
  expect(render(`{{ bos_token }}${CHATML}`)).toBe(
    '<s><|im_start|>system\nJudge.<|im_end|>\n<|im_start|>user\nI lied.<|im_end|>\n<|im_start|>assistant\n',
  );
});

test.each([
  ['refuses', "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"],
  ['passes over', "{% if messages[0]['role'] == 'system' %}{% set messages = messages[1:] %}{% endif %}"],
])('where it %s a system message, that stands before the question', (_title, start) => {
  const template = new ChatTemplate(start + CHATML, SPECIAL);
  expect(template.hasSystem).toBe(false);
  expect(template.render(MESSAGES)).toBe(
    '<|im_start|>user\nJudge.\n\nI lied.<|im_end|>\n<|im_start|>assistant\n',
  );
});

test('one that asks for the date gets the same every day', () => {
  const dated = "{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% endif %}: ";
  expect(render(dated + "{% for m in messages %}{{ m['content'] }}{% endfor %}")).toBe(
    '26 Jul 2024: Judge.I lied.',
  );
});
