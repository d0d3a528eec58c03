import { SECRET_WORKFLOWS } from '../identity/workflows';
import { boundClaims } from './github-login';

const github = {
  owner: 'acme',
  ownerId: 11,
  repository: 'bench',
  repositoryId: 22,
  subjectFormat: 'names',
  applyEnvironment: 'prod',
  oidcProvider: 'create',
} as const;

const file = (name: string, branch = 'main') => `acme/bench/.github/workflows/${name}@refs/heads/${branch}`;

test('every claim is bound to one value, and the workflow to the files that have the role', () => {
  expect(boundClaims(github, 'deploy')).toEqual({
    repository: 'acme/bench',
    repository_id: '22',
    repository_owner_id: '11',
    environment: 'prod',
    ref: 'refs/heads/main',
    job_workflow_ref: SECRET_WORKFLOWS.deploy.map((name) => file(name)).join(','),
  });
});

test('no workflow has two roles', () => {
  const files = Object.values(SECRET_WORKFLOWS).flat();
  expect(new Set(files).size).toBe(files.length);
});

test('another branch is meant where the environment says so', () => {
  const claims = boundClaims({ ...github, branch: 'release/1' }, 'rotate');
  expect(claims).toMatchObject({
    ref: 'refs/heads/release/1',
    job_workflow_ref: file('rotate.yml', 'release/1'),
  });
});
