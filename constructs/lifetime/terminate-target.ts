/** EventBridge Scheduler's universal target for one AWS API call. */
export const TERMINATE_TARGET_ARN = 'arn:aws:scheduler:::aws-sdk:ec2:terminateInstances';
