/** Where the figures come from, and what proves it. */
import type { RunDetail } from '../../../../api/run';
import { Badge } from '../../components/badge';
import { Card } from '../../components/card';
import { Facts } from '../../components/facts';
import { Hash } from '../../components/hash';
import { ArtifactsCard } from './artifacts-card';
import { askedFacts, machineFacts, modelFacts, originFacts } from './provenance-facts';
import { SIGNATURE } from './signature-words';

export function ProvenanceTab({ run }: { readonly run: RunDetail }) {
  return (
    <div className="grid gap-4 [&>*]:min-w-0">
      <SignatureCard run={run} />
      <div className="grid items-start gap-4 lg:grid-cols-2 [&>*]:min-w-0">
        <Card title="What was asked">
          <Facts facts={askedFacts(run)} />
        </Card>
        <Card title="Of what">
          <Facts facts={modelFacts(run)} />
        </Card>
        <Card title="On what">
          <Facts facts={machineFacts(run)} />
        </Card>
        <Card title="By whom">
          <Facts facts={originFacts(run)} />
        </Card>
      </div>
      <ArtifactsCard run={run} />
    </div>
  );
}

function SignatureCard({ run }: { readonly run: RunDetail }) {
  const { tone, label, meaning } = SIGNATURE[run.signature];
  return (
    <Card title="Signature" description={meaning} actions={<Badge tone={tone}>{label}</Badge>}>
      <Facts
        facts={[
          run.signatureProblem === null
            ? null
            : [
                'Why',
                <bdi key="why" className={run.signature === 'invalid' ? 'text-bad' : ''}>
                  {run.signatureProblem}
                </bdi>,
              ],
          [
            'Public key',
            run.publicKey === null ? (
              'not registered yet'
            ) : (
              <Hash key="key" value={run.publicKey} characters={24} name="public key" />
            ),
          ],
          run.results
            ? [
                'Binding',
                <Hash key="binding" value={run.results.bindingSha256} characters={24} name="binding hash" />,
              ]
            : null,
          run.results
            ? [
                'Binds',
                'specification, seed, sample, prompts and model, and each scenario’s answer hash and outcome, in order',
              ]
            : null,
        ]}
      />
    </Card>
  );
}
