import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { DASHBOARD_PORT, serverVariables } from '../../../userdata/dashboard/config';
import { namesOf } from '../../naming/names';
import type { ServicePlacement } from '../../network/service-placement';
import { TASK, TASKS } from '../prices';
import type { Balancer } from './balancer';
import type { Database } from './database';
import type { HaSettings } from './ha-dashboard';
import { TaskRoles } from './task-roles';

export interface ServiceProps {
  readonly environment: Environment;
  readonly dashboard: HaSettings;
  readonly placement: ServicePlacement;
  readonly balancer: Balancer;
  readonly database: Database;
  /** Group of the containers. */
  readonly securityGroupId: string;
}

const CONTAINER = 'dashboard';
/** The user that the image is made for. */
const USER_ID = '1000';
const DATA = '/data';

/** Two containers; a new version takes over one after the other, and is taken back by itself when it does not get healthy. */
export class Service extends Construct {
  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { environment: env, placement, balancer, database, securityGroupId } = props;
    const { dashboard: name } = namesOf(env);
    const cluster = new EcsCluster(this, 'cluster', {
      name,
      setting: [{ name: 'containerInsights', value: 'disabled' }],
    });
    const roles = new TaskRoles(this, 'roles', {
      environment: env,
      image: props.dashboard.image,
      secretArn: database.secretArn,
    });
    const task = new EcsTaskDefinition(this, 'task', {
      family: name,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(TASK.cpuUnits),
      memory: String(TASK.memoryMb),
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'X86_64' },
      executionRoleArn: roles.startRoleArn,
      taskRoleArn: roles.taskRoleArn,
      volume: [{ name: 'data' }],
      containerDefinitions: JSON.stringify([containerOf(props)]),
    });
    new EcsService(this, 'service', {
      name,
      cluster: cluster.arn,
      taskDefinition: task.arn,
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      desiredCount: TASKS,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriodSeconds: 60,
      waitForSteadyState: false,
      networkConfiguration: {
        subnets: [...placement.subnetIds.values()],
        securityGroups: [securityGroupId],
        // The way out without a NAT gateway, as the hosts have it; nothing comes in but by the balancer's group.
        assignPublicIp: true,
      },
      loadBalancer: [
        {
          targetGroupArn: balancer.targetGroupArn,
          containerName: CONTAINER,
          containerPort: DASHBOARD_PORT,
        },
      ],
      propagateTags: 'SERVICE',
      dependsOn: [balancer.listener],
      // Neither is echoed by the emulator, and no diff would be clean; both are what they are from the creation on.
      lifecycle: { ignoreChanges: ['health_check_grace_period_seconds', 'availability_zone_rebalancing'] },
    });
  }
}

function containerOf({ environment: env, dashboard, database }: ServiceProps) {
  const variables = {
    ...serverVariables(env, dashboard),
    HOST: '0.0.0.0',
    HE300_DATA_DIR: DATA,
    HE300_TRUST_PROXY: '1',
    DATABASE_URL: database.url,
  };
  return {
    name: CONTAINER,
    image: dashboard.image,
    essential: true,
    user: USER_ID,
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
    // For what is being uploaded.
    mountPoints: [{ sourceVolume: 'data', containerPath: DATA, readOnly: false }],
    portMappings: [{ containerPort: DASHBOARD_PORT, hostPort: DASHBOARD_PORT, protocol: 'tcp' }],
    environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
    // AWS changes the password every week. A container that has the old one fails its health check when it connects
    // again, and the one that replaces it gets the new one.
    secrets: [{ name: 'PGPASSWORD', valueFrom: `${database.secretArn}:password::` }],
    stopTimeout: 30,
    healthCheck: {
      command: [
        'CMD',
        'node',
        '-e',
        `fetch('http://127.0.0.1:${DASHBOARD_PORT}/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`,
      ],
      interval: 15,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    },
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': namesOf(env).logGroups.dashboard,
        'awslogs-region': env.homeRegion,
        'awslogs-stream-prefix': CONTAINER,
      },
    },
  };
}
