import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';

export interface ServiceRoleProps {
  readonly roleName: string;
  /** What the role is for, one sentence. */
  readonly description: string;
  /** Trust policy, JSON. */
  readonly trust: string;
  /** Permissions, JSON. */
  readonly policy: string;
  /**
   * ARN of a policy that bounds whatever the role is granted.
   * @default - no boundary
   */
  readonly permissionsBoundary?: string;
}

/** A role with exactly one policy, inline: the two live and die together, and nothing else can attach itself to it. */
export class ServiceRole extends Construct {
  readonly arn: string;
  readonly roleName: string;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: props.roleName,
      description: props.description,
      assumeRolePolicy: props.trust,
      ...(props.permissionsBoundary ? { permissionsBoundary: props.permissionsBoundary } : {}),
    });
    new IamRolePolicy(this, 'policy', { name: props.roleName, role: role.id, policy: props.policy });
    this.arn = role.arn;
    this.roleName = role.name;
  }
}
