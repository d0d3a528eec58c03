"""The part of the bench that MLflow's own client and store do; mlflow.ts starts it.

mlflow_work.py fill DATABASE_URI RUNS.json COUNT    runs into a store, through MLflow's own tables
mlflow_work.py log SERVER RUNS.json table|traces    logs each run to a server; prints the seconds of each, as JSON
mlflow_work.py probe SERVER                         prints the id of an experiment and of its newest run, as JSON
"""

import json
import sys
import time
import uuid

EXPERIMENT = "he300"


def fill(uri, runs, count):
    from mlflow.entities import ViewType
    from mlflow.store.tracking.dbmodels import models
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    # Making the store makes its tables and their indexes.
    store = SqlAlchemyStore(uri, "mlflow-artifacts:/")
    known = [e.name for e in store.search_experiments(ViewType.ALL)]
    if EXPERIMENT not in known:
        store.create_experiment(EXPERIMENT)
    experiment = int(store.get_experiment_by_name(EXPERIMENT).experiment_id)
    for first in range(0, count, 500):
        rows = {table: [] for table in ("SqlRun", "SqlParam", "SqlTag", "SqlMetric", "SqlLatestMetric")}
        for number in range(first, min(first + 500, count)):
            add_rows(rows, runs[number % len(runs)], number, experiment)
        with store.engine.begin() as connection:
            for table, values in rows.items():
                connection.execute(getattr(models, table).__table__.insert(), values)


def add_rows(rows, run, number, experiment):
    run_id = uuid.uuid4().hex
    started = 1_767_225_600_000 + number * 900_000
    of_run = {"run_uuid": run_id}
    rows["SqlRun"].append(
        {
            **of_run,
            "name": f"run-{number}",
            "source_type": "LOCAL",
            "source_name": "",
            "entry_point_name": "",
            "user_id": "bench",
            "status": "FINISHED",
            "start_time": started,
            "end_time": started + 600_000,
            "source_version": "",
            "lifecycle_stage": "active",
            "artifact_uri": f"mlflow-artifacts:/{experiment}/{run_id}/artifacts",
            "experiment_id": experiment,
        }
    )
    for kind, values in (("SqlParam", run["params"]), ("SqlTag", {**run["tags"], "mlflow.runName": f"run-{number}"})):
        rows[kind] += [{**of_run, "key": key, "value": value} for key, value in values.items()]
    for key, value in run["metrics"].items():
        metric = {**of_run, "key": key, "value": value, "timestamp": started, "step": 0, "is_nan": False}
        rows["SqlMetric"].append(metric)
        rows["SqlLatestMetric"].append(metric)


def log(server, runs, samples):
    import mlflow
    from mlflow import MlflowClient

    mlflow.set_tracking_uri(server)
    mlflow.set_experiment(EXPERIMENT)
    client = MlflowClient(server)
    experiment = client.get_experiment_by_name(EXPERIMENT).experiment_id
    log_samples = {"table": log_table, "traces": log_traces}[samples]
    seconds = []
    for run in runs:
        started = time.perf_counter()
        log_run(client, experiment, run, log_samples)
        seconds.append(time.perf_counter() - started)
    print(json.dumps(seconds))


def log_run(client, experiment, run, log_samples):
    from mlflow.entities import Metric, Param

    now = int(time.time() * 1000)

    def metrics(values, step=0):
        return [Metric(key, value, now, step) for key, value in values.items()]

    run_id = client.create_run(experiment, tags=run["tags"]).info.run_id
    client.log_batch(run_id, params=[Param(key, value) for key, value in run["params"].items()])
    for step, values in enumerate(run["progress"]):
        client.log_batch(run_id, metrics=metrics(values, step))
    for name, text in run["files"].items():
        client.log_text(run_id, text, name)
    log_samples(client, experiment, run_id, run["samples"])
    client.log_batch(run_id, metrics=metrics(run["metrics"]))
    client.set_terminated(run_id)


def log_table(client, _experiment, run_id, samples):
    columns = {key: [sample[key] for sample in samples] for key in samples[0]}
    client.log_table(run_id, columns, "samples.json")


def log_traces(client, experiment, run_id, samples):
    import mlflow

    for sample in samples:
        span = mlflow.start_span_no_context(
            "sample",
            inputs={"messages": json.loads(sample["prompt"])},
            attributes={key: sample[key] for key in ("category", "outcome", "scenarioId")},
            metadata={"mlflow.sourceRun": run_id},
            experiment_id=experiment,
        )
        span.set_outputs(sample["answer"])
        span.end()
    mlflow.flush_trace_async_logging()


def probe(server):
    from mlflow import MlflowClient

    client = MlflowClient(server)
    experiment = client.get_experiment_by_name(EXPERIMENT).experiment_id
    (run,) = client.search_runs([experiment], max_results=1, order_by=["attributes.start_time DESC"])
    print(json.dumps({"experiment": experiment, "run": run.info.run_id}))


def read(path):
    with open(path, encoding="utf8") as file:
        return json.load(file)


if __name__ == "__main__":
    work, target, *more = sys.argv[1:]
    if work == "fill":
        fill(target, read(more[0]), int(more[1]))
    elif work == "log":
        log(target, read(more[0]), more[1])
    else:
        probe(target)
