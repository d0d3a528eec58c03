/** Rules across fields about a run: what it scores, what answers, who asks, and how they reach one another. */
import { GPU_HOST_PEER, peerFaults, TEST_RUNNER_PEER } from '../constructs/wireguard/allocation';
import type { Fault } from './check';
import type { Environment } from './schema';
import { servingFaults } from './serving';

export function* runFaults(env: Environment): Generator<Fault> {
  yield* inputFaults(env);
  if (env.modelServer.kind === 'ollama' || env.modelServer.kind === 'vllm')
    yield* servingFaults(env, env.modelServer);
  yield* serverFaults(env);
  yield* topologyFaults(env);
  yield* tunnelFaults(env);
}

function* inputFaults({ run, modelServer }: Environment): Generator<Fault> {
  if (run.spec === 'starter' && run.dataset !== undefined)
    yield { field: 'run.dataset', value: run.dataset, allowed: 'nothing while run.spec is starter' };
  if (run.spec !== 'starter' && run.dataset === undefined) {
    const allowed = `the SHA-256 that \`npm run publish\` prints for ETHICS, while run.spec is ${run.spec}`;
    yield { field: 'run.dataset', value: run.dataset, allowed };
  }
  for (const model of Object.keys(run.weights ?? {})) {
    if (!run.models.includes(model))
      yield {
        field: `run.weights[${JSON.stringify(model)}]`,
        value: model,
        allowed: 'a model of run.models',
      };
    else if (modelServer.kind === 'external' || modelServer.kind === 'vllm') {
      const allowed = `nothing while modelServer is ${modelServer.kind}, which takes no GGUF of ours`;
      yield { field: `run.weights[${JSON.stringify(model)}]`, value: model, allowed };
    }
  }
}

/** Modes that exist to let others reach a server of ours. */
const OPENING = ['direct', 'tailscale'];

function* serverFaults({ modelServer, network, run }: Environment): Generator<Fault> {
  const { kind } = modelServer;
  if ((kind === 'external' || kind === 'embedded') && OPENING.includes(network.mode.kind)) {
    const allowed = `outbound or wireguard while modelServer is ${kind}: there is no server to reach`;
    yield { field: 'network.mode', value: network.mode.kind, allowed };
  }
  if (kind === 'vllm' && run.models.length > 1)
    yield { field: 'run.models', value: run.models, allowed: 'one model, for vLLM serves one' };
}

function* topologyFaults({ topology, modelServer, network }: Environment): Generator<Fault> {
  if (topology.kind === 'onboard') return;
  const { kind } = modelServer;
  if (kind === 'external' || kind === 'embedded')
    yield { field: 'modelServer.kind', value: kind, allowed: 'ollama or vllm while topology is remote' };
  if (network.mode.kind !== 'wireguard')
    yield { field: 'network.mode', value: network.mode.kind, allowed: 'wireguard while topology is remote' };
}

function* tunnelFaults({ topology, network: { mode } }: Environment): Generator<Fault> {
  if (mode.kind !== 'wireguard') return;
  const hasRunnerHost = topology.kind === 'remote' && topology.runner.kind === 'host';
  const hosts = hasRunnerHost ? [GPU_HOST_PEER, TEST_RUNNER_PEER] : [GPU_HOST_PEER];
  for (const { index, field, value, allowed } of peerFaults(mode.peers, hosts))
    yield { field: `network.mode.peers[${index}].${field}`, value, allowed };
  if (mode.peers.length === 0 && !hasRunnerHost)
    yield { field: 'network.mode.peers', value: [], allowed: 'at least one peer: a tunnel has two ends' };
  const needsRunner = topology.kind === 'remote' && topology.runner.kind === 'peer';
  if (needsRunner && !mode.peers.some(({ name }) => name === TEST_RUNNER_PEER)) {
    const allowed = `one named ${TEST_RUNNER_PEER}, while topology.runner is a peer`;
    yield { field: 'network.mode.peers', value: mode.peers.map(({ name }) => name), allowed };
  }
}
