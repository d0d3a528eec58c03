/** Rules that span several fields, about what a run needs to work. */
import { changed, faultsOf, FILE } from '../test/support/faulty-environments';

const key = (n: number): string => Buffer.alloc(32, n).toString('base64');
const HASH = 'a'.repeat(64);
const IMAGES = { 'us-east-1': 'ami-0123456789abcdef0', 'us-west-2': 'ami-0fedcba9876543210' };
const runner = {
  kind: 'host',
  instanceType: 'c7i.large',
  image: { kind: 'pinned', imageIds: IMAGES },
  diskGb: 30,
};
const REMOTE = { kind: 'remote', runner };
const DRIVEN = { kind: 'remote', runner: { kind: 'peer' } };
const tunnel = (...peers: object[]) => ({ kind: 'wireguard', peers });
const peer = (name: string, n: number, more: object = {}) => ({ name, publicKey: key(n), ...more });
const ollama = (more: object) => ({ kind: 'ollama', slots: 'computed', cache: 'f16', ...more });

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  [
    'ETHICS without its hash',
    { 'run.dataset': undefined },
    'run.dataset: nothing; allowed: the SHA-256 that `npm run publish` prints for ETHICS, while run.spec is 1.0',
  ],
  [
    'ETHICS for the starter pack',
    { 'run.spec': 'starter' },
    'run.dataset: "eaaeab569ba847ae90bb67f0d0a74e012f378ba75b0286c65acb4ed28a96b84c"; allowed: nothing while run.spec is starter',
  ],
  [
    'weights of a model that nobody scores',
    { 'run.weights': { other: HASH } },
    'run.weights["other"]: "other"; allowed: a model of run.models',
  ],
  [
    'weights of ours for a server that is not ours',
    {
      'run.weights': { 'llama3.2:3b-instruct-q4_K_M': HASH },
      modelServer: { kind: 'external', engine: 'openai', url: 'https://models.example.org' },
    },
    'run.weights["llama3.2:3b-instruct-q4_K_M"]: "llama3.2:3b-instruct-q4_K_M"; allowed: nothing while modelServer is external, which takes no GGUF of ours',
  ],
  [
    'a model that is too large for the GPU',
    { 'run.models': ['llama3.2:3b', 'llama3.3:70b'] },
    'run.models[1]: "llama3.3:70b"; allowed: at most 13 billion on a10g, but it has 70.55 billion parameters',
  ],
  [
    'more slots than fit, with the arithmetic',
    { modelServer: ollama({ slots: 50 }), 'run.models': ['llama3.1:8b-instruct-fp16'] },
    'run.models[0]: "llama3.1:8b-instruct-fp16"; allowed: at most 22.10 GiB, the memory of a10g; 12 slots fit, but it needs 14.98 GiB of weights (fp16) + 25.00 GiB of cache (50 × 4096 tokens × 128.0 KiB) + 1.00 GiB for the server = 40.98 GiB',
  ],
  [
    'slots to be computed for a model of which no one knows the size',
    { 'run.models': ['mystery'] },
    'run.models[0]: "mystery"; allowed: a name that tells its size, such as llama3.2:3b, while modelServer.slots is computed',
  ],
  [
    'a setting that no profile has',
    { modelServer: ollama({ slots: 'fast' }) },
    'modelServer.slots: "fast"; allowed: a number, computed, or a setting of every candidate\'s GPU: original',
  ],
  [
    'a setting with another context than its own',
    { modelServer: ollama({ slots: 'original', contextTokens: 4096 }) },
    'modelServer.contextTokens: 4096; allowed: 8192, that of the setting original, or nothing',
  ],
  [
    'several models for vLLM',
    { modelServer: { kind: 'vllm', slots: 4 }, 'run.models': ['llama3.2:3b', 'llama3.2:1b'] },
    'run.models: ["llama3.2:3b","llama3.2:1b"]; allowed: one model, for vLLM serves one',
  ],
  [
    'a way in where no server stands',
    {
      modelServer: { kind: 'embedded' },
      'network.mode': { kind: 'direct', domain: 'gpu.example.org', allow: ['github'] },
    },
    'network.mode: "direct"; allowed: outbound or wireguard while modelServer is embedded: there is no server to reach',
  ],
  [
    'a remote runner without a server on the GPU host',
    { topology: REMOTE, modelServer: { kind: 'embedded' }, 'network.mode': tunnel() },
    'modelServer.kind: "embedded"; allowed: ollama or vllm while topology is remote',
  ],
  [
    'a remote runner without a tunnel',
    { topology: REMOTE },
    'network.mode: "outbound"; allowed: wireguard while topology is remote',
  ],
  [
    'a runner without an image in every region',
    {
      topology: {
        kind: 'remote',
        runner: { ...runner, image: { kind: 'pinned', imageIds: { 'us-east-1': IMAGES['us-east-1'] } } },
      },
      'network.mode': tunnel(),
    },
    'topology.runner.image.imageIds.us-west-2: nothing; allowed: an AMI id for every candidate region',
  ],
  [
    'a tunnel with one end',
    { 'network.mode': tunnel() },
    'network.mode.peers: []; allowed: at least one peer: a tunnel has two ends',
  ],
  [
    'a remote runner that is no peer',
    { topology: DRIVEN, 'network.mode': tunnel(peer('laptop', 1)) },
    'network.mode.peers: ["laptop"]; allowed: one named test-runner, while topology.runner is a peer',
  ],
  [
    'a peer that takes the name of our own runner',
    { topology: REMOTE, 'network.mode': tunnel(peer('laptop', 1), peer('test-runner', 2)) },
    'network.mode.peers[1].name: "test-runner"; allowed: another name: test-runner is a host of the run',
  ],
  [
    'a peer that takes the address of the GPU host',
    { 'network.mode': tunnel(peer('laptop', 1, { address: '10.0.0.2' })) },
    'network.mode.peers[0].address: "10.0.0.2"; allowed: another address: this one is that of gpu-host',
  ],
])('%s', (_title, changes, said) => {
  expect(faultsOf(changed(changes))).toEqual([`${FILE}: ${said}`]);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  [
    'a dashboard in the open while everything is local',
    { state: 'local', 'dashboard.url': 'http://127.0.0.1:3000' },
  ],
  ['the original setting', { modelServer: ollama({ slots: 'original' }) }],
  [
    'slots by number for a model of unknown size',
    { modelServer: ollama({ slots: 4 }), 'run.models': ['mystery'] },
  ],
  ['a remote runner of its own', { topology: REMOTE, 'network.mode': tunnel() }],
  ['a workflow as the runner', { topology: DRIVEN, 'network.mode': tunnel(peer('test-runner', 1)) }],
  [
    'a large model on several GPUs',
    {
      'run.models': ['qwen2.5:32b'],
      'gpu.candidates': [
        { cloud: 'aws', region: 'us-east-1', zone: 'a', instanceType: 'g5.12xlarge', market: 'on-demand' },
      ],
    },
  ],
])('%s is allowed', (_title, changes) => {
  expect(faultsOf(changed(changes))).toEqual([]);
});
