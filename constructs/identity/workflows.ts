/** File names of the workflows that may read secrets, by the Vault role that they log in as. */
export const SECRET_WORKFLOWS = {
  deploy: ['deploy.yml', 'benchmark.yml', 'sweep.yml'],
  rotate: ['rotate.yml'],
  'terraform-deploy': ['vault.yml'],
} as const;
