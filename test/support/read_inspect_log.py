"""Reads the logs of a directory with Inspect AI's own loader and prints what it understood, as JSON."""

import json
import sys

from inspect_ai.log import list_eval_logs, read_eval_log, read_eval_log_sample_summaries
from inspect_ai.scorer import value_to_float

understood = []
for info in list_eval_logs(sys.argv[1]):
    log = read_eval_log(info)
    to_float = value_to_float()
    values = [to_float(sample.scores["he300"].value) for sample in log.samples]
    understood.append(
        {
            "listedTask": info.task,
            "status": log.status,
            "model": log.eval.model,
            "temperature": log.eval.model_generate_config.temperature,
            "planned": log.results.total_samples,
            "accuracies": {score.name: score.metrics["accuracy"].value for score in log.results.scores},
            "recomputed": sum(values) / len(values) if values else 0,
            "ids": [sample.id for sample in log.samples],
            "completions": [sample.output.completion for sample in log.samples],
            "messages": [[message.role for message in sample.messages] for sample in log.samples],
            "errors": [sample.error.message for sample in log.samples if sample.error],
            "summaries": len(read_eval_log_sample_summaries(info)),
            "tokens": sum(usage.total_tokens for usage in log.stats.model_usage.values()),
        }
    )
print(json.dumps(understood))
