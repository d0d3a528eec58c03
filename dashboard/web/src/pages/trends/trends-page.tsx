/** A model over time: its accuracy with intervals, and the regressions that the paired test shows. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { Select } from '../../components/field';
import { PageHeader } from '../../components/page-header';
import { SkeletonRows } from '../../components/skeleton';
import { SPECS } from '../../lib/labels';
import { modelsQuery } from '../../lib/queries';
import { TrendView } from './trend-view';

const route = getRouteApi('/trends');

export function TrendsPage() {
  const { model: asked, spec: askedSpec } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(modelsQuery());
  const models = data?.items ?? [];
  // Without a word in the address: the model that was run most.
  const model = asked ?? models.toSorted((a, b) => b.runs - a.runs)[0]?.model;
  const spec = askedSpec ?? models.find((row) => row.model === model)?.latest.spec ?? '1.0';
  const go = (search: { model: string; spec?: string }) => void navigate({ search, resetScroll: false });
  const names = [
    ...new Set([...(model === undefined ? [] : [model]), ...models.map((row) => row.model)]),
  ].toSorted();
  return (
    <>
      <PageHeader
        title="Trends"
        description="Each run against the one before, scenario by scenario. A lower percentage alone is no regression: the paired test must show it."
        actions={
          model !== undefined && (
            <>
              <Select
                label="Model"
                hideLabel
                className="w-72 max-w-full"
                value={model}
                onValueChange={(next) => go({ model: next })}
                options={names.map((name) => ({ value: name, label: name }))}
              />
              <Select
                label="Specification"
                hideLabel
                className="w-44"
                value={spec}
                onValueChange={(next) => go({ model, spec: next })}
                options={SPECS.map((value) => ({ value, label: `Specification ${value}` }))}
              />
            </>
          )
        }
      />
      {model !== undefined && (data || asked) ? (
        <TrendView key={`${model} ${spec}`} model={model} spec={spec} />
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data ? (
        <div className="rounded-lg border border-line bg-card">
          <EmptyState title="No model has a complete run">
            <p className="mb-3">A trend begins with the first run that is complete.</p>
            <Button asChild>
              <Link to="/runs">To the runs</Link>
            </Button>
          </EmptyState>
        </div>
      ) : (
        <SkeletonRows rows={4} className="h-24" />
      )}
    </>
  );
}
