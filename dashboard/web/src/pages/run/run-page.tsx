/** Run. */
import { PageHeader } from '../../components/page-header';

export function RunPage() {
  return <PageHeader title="Run" />;
}
