/** The charts, each loaded when it is first shown: the library that draws them is larger than the rest of the page. */
import { type ComponentType, createElement, lazy, Suspense } from 'react';
import { Skeleton } from '../components/skeleton';

function lazyChart<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, height: string) {
  const Chart = lazy(load) as unknown as ComponentType<P>;
  return function LazyChart(props: P) {
    return <Suspense fallback={<Skeleton className={height} />}>{createElement(Chart, props)}</Suspense>;
  };
}

export const CategoryBars = lazyChart(() => import('./category-bars'), 'h-64');
export const CategoryRadar = lazyChart(() => import('./category-radar'), 'h-72');
export const LatencyHistogram = lazyChart(() => import('./latency-histogram'), 'h-64');
export const TelemetryPlot = lazyChart(() => import('./telemetry-plot'), 'h-44');
export const ThroughputChart = lazyChart(() => import('./throughput-chart'), 'h-72');
export const TrendChart = lazyChart(() => import('./trend-chart'), 'h-80');
