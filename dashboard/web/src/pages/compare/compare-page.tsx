/** Compare. */
import { PageHeader } from '../../components/page-header';

export function ComparePage() {
  return <PageHeader title="Compare" />;
}
