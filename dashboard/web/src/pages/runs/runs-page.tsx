/** Runs. */
import { PageHeader } from '../../components/page-header';

export function RunsPage() {
  return <PageHeader title="Runs" />;
}
