/** File names of the workflows that may read secrets, by the Vault role that they log in as. */
export const SECRET_WORKFLOWS = {
  deploy: ['benchmark.yml', 'terraform.yml', 'release.yml', 'sweep.yml'],
  rotate: ['rotate.yml'],
  'terraform-deploy': ['vault.yml'],
} as const;
