/** The files of a run, each with the hash by which one can tell that it is whole. */
import { Download } from 'lucide-react';
import type { RunDetail } from '../../../../api/run';
import { Card } from '../../components/card';
import { DataTable } from '../../components/data-table';
import { EmptyState } from '../../components/empty-state';
import { Hash } from '../../components/hash';
import { Time } from '../../components/figures';
import { bytes } from '../../lib/format';

export function ArtifactsCard({ run: { runId, artifacts } }: { readonly run: RunDetail }) {
  return (
    <Card
      title="Artifacts"
      description="As the host sent them. sha256sum of a download must give the hash beside it."
      bodyClassName="p-0 pb-1"
    >
      <DataTable
        caption="Artifacts"
        rows={artifacts}
        rowKey={({ name }) => name}
        empty={
          <EmptyState title="No artifacts came">
            The host sends them when the run has ended. Raw files are removed when their time of keeping is
            over.
          </EmptyState>
        }
        columns={[
          {
            id: 'name',
            header: 'File',
            rowHeader: true,
            cell: ({ name }) => (
              <a
                href={`/api/runs/${encodeURIComponent(runId)}/artifacts/${encodeURIComponent(name)}`}
                download={name}
                className="inline-flex items-center gap-1.5 text-accent underline underline-offset-2 hover:no-underline"
              >
                <Download aria-hidden className="size-4 shrink-0" />
                {name}
              </a>
            ),
          },
          { id: 'kind', header: 'Kind', cell: ({ kind }) => kind },
          { id: 'bytes', header: 'Size', align: 'right', cell: (artifact) => bytes(artifact.bytes) },
          {
            id: 'sha256',
            header: 'SHA-256',
            cell: ({ sha256, name }) => <Hash value={sha256} name={`SHA-256 of ${name}`} />,
          },
          { id: 'stored', header: 'Kept since', cell: ({ storedAt }) => <Time value={storedAt} /> },
        ]}
      />
    </Card>
  );
}
