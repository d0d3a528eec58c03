/** IAM policy documents as typed values, written out as JSON at synthesis so that a reviewer and the policy rules can read them. */

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export function policyDocument(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

type Grant = Required<Pick<Statement, 'Action' | 'Resource'>> & Pick<Statement, 'Condition'>;

export const allow = (Sid: string, grant: Grant): Statement => ({ Sid, Effect: 'Allow', ...grant });

/** Trust policy for an AWS service that acts for this account and for nobody else (the confused-deputy condition). */
export function serviceTrust(service: string, accountId: string, sourceArn?: string): string {
  return policyDocument({
    Sid: 'Assume',
    Effect: 'Allow',
    Action: ['sts:AssumeRole'],
    Principal: { Service: service },
    Condition: {
      StringEquals: { 'aws:SourceAccount': accountId },
      ...(sourceArn ? { ArnLike: { 'aws:SourceArn': sourceArn } } : {}),
    },
  });
}

/** EC2 and Lambda assume roles without a source account, so their trust names the service alone. */
export function computeTrust(service: 'ec2.amazonaws.com' | 'lambda.amazonaws.com'): string {
  return policyDocument({
    Sid: 'Assume',
    Effect: 'Allow',
    Action: ['sts:AssumeRole'],
    Principal: { Service: service },
  });
}
