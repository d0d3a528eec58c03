/** Two to six runs held against the first of them, scenario by scenario. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { CopyButton } from '../../components/copy-button';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { PageHeader } from '../../components/page-header';
import { SkeletonRows } from '../../components/skeleton';
import { compareQuery } from '../../lib/queries';
import { ComparedCategories } from './compared-categories';
import { DiscordantList } from './discordant-list';
import { asWords, pickedRuns } from './picked-runs';
import { RunPicker } from './run-picker';
import { Verdicts } from './verdicts';

const route = getRouteApi('/compare');

export function ComparePage() {
  const { runs, intersect, category } = route.useSearch();
  const navigate = route.useNavigate();
  const picked = pickedRuns(runs);
  const onlyShared = intersect === 'true';
  const go = (changes: {
    runs?: string | undefined;
    intersect?: string | undefined;
    category?: string | undefined;
  }) => {
    const next = { runs: asWords(picked), intersect, category, ...changes };
    const search = Object.fromEntries(Object.entries(next).filter(([, value]) => value));
    void navigate({ search, replace: true, resetScroll: false });
  };
  return (
    <>
      <PageHeader
        title="Compare"
        description="Each run against the baseline on the same scenarios, by the exact McNemar test: it sees what overlapping intervals cannot."
        actions={picked.length >= 2 && <CopyButton value={window.location.href} name="link" withText />}
      />
      <div className="grid gap-4 [&>*]:min-w-0">
        <RunPicker
          picked={picked}
          onPick={(next) => go({ runs: asWords(next), category: undefined, intersect: undefined })}
        />
        {picked.length >= 2 && (
          <Comparison
            picked={picked}
            onlyShared={onlyShared}
            category={category}
            onCategory={(next) => go({ category: next })}
            onShared={(shared) => go({ intersect: shared ? 'true' : undefined })}
          />
        )}
      </div>
    </>
  );
}

interface ComparisonProps {
  readonly picked: readonly string[];
  readonly onlyShared: boolean;
  readonly category: string | undefined;
  readonly onCategory: (category: string | undefined) => void;
  readonly onShared: (shared: boolean) => void;
}

function Comparison({ picked, onlyShared, category, onCategory, onShared }: ComparisonProps) {
  const { data, error, refetch } = useQuery(compareQuery(picked, onlyShared));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} className="h-40" />;
  if (data.refusal !== null)
    return (
      <Card title="These runs cannot be compared">
        <EmptyState title={reason(data.refusal)}>
          {onlyShared ? (
            <p>Pick runs of the same specification, seed and prompts.</p>
          ) : (
            <>
              <p className="mb-3">
                A paired test needs the same scenarios, asked in the same words. Where only the samples
                differ, the scenarios that all runs have can be compared.
              </p>
              <Button onClick={() => onShared(true)}>Compare what they share</Button>
            </>
          )}
        </EmptyState>
      </Card>
    );
  return (
    <>
      {onlyShared && (
        <p className="flex flex-wrap items-center gap-2 text-sm text-soft">
          Only the scenarios that all runs have are compared.
          <Button size="small" onClick={() => onShared(false)}>
            Demand the same sample
          </Button>
        </p>
      )}
      <Verdicts answer={data} />
      <ComparedCategories answer={data} />
      <DiscordantList answer={data} category={category} onCategory={onCategory} />
    </>
  );
}

/** Without what the API allows: the page has a button for it. */
const reason = (refusal: string): string => refusal.replace(/; allowed: .*$/, '');
