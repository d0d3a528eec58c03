import { environmentNames, loadEnvironment } from '../../environments';
import { environmentFields } from '../../environments/schema';
import { haDashboard, singleDashboard } from '../../test/support/dashboards';
import { dashboardStackOf, largestEnvironment, stacksOf } from '../../test/support/stacks';

/** Characters that IAM counts: everything but white space. `$$` is Terraform's spelling of one `$`. */
const charactersOf = (policy: unknown): number =>
  String(policy).replaceAll('$${', '${').replace(/\s/g, '').length;

test('the largest environment of these tests is a legal one', () => {
  expect(environmentFields.parse(largestEnvironment())).toEqual(largestEnvironment());
});

describe.each([...environmentNames.map(loadEnvironment), largestEnvironment()])('$name', (environment) => {
  const { host, platform } = stacksOf(environment);
  // In every tier, whatever the environment itself chose.
  const dashboards = [singleDashboard(), haDashboard()].map((dashboard) =>
    dashboardStackOf({ ...environment, dashboard }),
  );
  const sizes = (type: string, attribute: string): readonly (readonly [unknown, number])[] =>
    [host, platform, ...dashboards]
      .flatMap((stack) => stack.all(type))
      .map((r) => [r.name, charactersOf(r[attribute])]);

  test.each([
    ['inline policies of a role', 'aws_iam_role_policy', 'policy', 10_240],
    ['managed policies', 'aws_iam_policy', 'policy', 6_144],
    ['trust policies', 'aws_iam_role', 'assume_role_policy', 2_048],
  ])('%s fit into what IAM takes', (_what, type, attribute, limit) => {
    expect(sizes(type, attribute)).not.toHaveLength(0);
    expect(sizes(type, attribute).filter(([, size]) => size > limit)).toEqual([]);
  });
});
