/** Trends. */
import { PageHeader } from '../../components/page-header';

export function TrendsPage() {
  return <PageHeader title="Trends" />;
}
