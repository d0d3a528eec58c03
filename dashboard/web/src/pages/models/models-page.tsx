/** The leaderboard: models in the order of what is sure of their accuracy, with their intervals drawn on one axis. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../components/card';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { Select } from '../../components/field';
import { PageHeader } from '../../components/page-header';
import { SkeletonRows } from '../../components/skeleton';
import { SPECS } from '../../lib/labels';
import { modelsQuery } from '../../lib/queries';
import { CompareBar } from '../runs/compare-bar';
import { Leaderboard } from './leaderboard';

const route = getRouteApi('/models');

export function ModelsPage() {
  const { spec } = route.useSearch();
  const navigate = route.useNavigate();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const { data, error, refetch, isPlaceholderData } = useQuery(modelsQuery(spec));
  return (
    <>
      <PageHeader
        title="Models"
        description="The latest complete run of each, the highest lower bound of the interval first."
        actions={
          <Select
            label="Specification"
            hideLabel
            className="w-48"
            value={spec ?? ''}
            onValueChange={(value) =>
              void navigate({ search: value === '' ? {} : { spec: value }, replace: true })
            }
            options={[
              { value: '', label: 'All specifications' },
              ...SPECS.map((value) => ({ value, label: `Specification ${value}` })),
            ]}
          />
        }
      />
      <Card bodyClassName="p-0">
        {data ? (
          <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'opacity-60' : undefined}>
            {data.items.length === 0 ? (
              <EmptyState title="No model has a complete run">
                {spec
                  ? `None of specification ${spec}: choose another.`
                  : 'It stands here once one is complete.'}
              </EmptyState>
            ) : (
              <Leaderboard rows={data.items} picked={picked} onPick={setPicked} />
            )}
          </div>
        ) : error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={6} className="h-12" />
        )}
      </Card>
      <p className="mt-3 max-w-[105ch] text-sm text-soft">
        The dot is the accuracy, the bar its 95 % interval, the line across it what always giving the more
        frequent label would score. Where intervals overlap, this order shows nothing: pick two to six and
        compare them. The paired test goes scenario by scenario, and tells apart what the intervals cannot.
      </p>
      <CompareBar picked={picked} onPick={setPicked} />
    </>
  );
}
