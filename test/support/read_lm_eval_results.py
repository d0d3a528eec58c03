"""Reads an output directory of lm-evaluation-harness with the harness's own code and prints what it understood, as JSON."""

import json
import sys
from pathlib import Path

import datasets
from lm_eval.api.metrics import mean_stderr, pooled_sample_stderr
from lm_eval.result_schema import EvalResults, SampleResult
from lm_eval.utils import (
    get_file_task_name,
    get_latest_filename,
    get_results_filenames,
    get_sample_results_filenames,
    hash_string,
    make_table,
    sanitize_model_name,
)

directory, scratch = sys.argv[1:]
datasets.disable_progress_bars()
files = [str(path) for path in Path(directory).rglob("*") if path.is_file()]
results = json.loads(Path(get_latest_filename(get_results_filenames(files))).read_text())

tasks = {}
for file in get_sample_results_filenames(files):
    # The way in which the harness's own cards tell readers to load them.
    rows = datasets.load_dataset("json", data_files=file, split="train", cache_dir=scratch)
    lines = [json.loads(line) for line in Path(file).read_text().splitlines()]
    hits = list(rows["acc"])
    tasks[get_file_task_name(Path(file).name)] = {
        "rows": len(rows),
        "missing": sorted(SampleResult.__required_keys__ - set(rows.column_names)),
        "acc": sum(hits) / len(hits),
        "stderr": mean_stderr(hits) if len(hits) > 1 else None,
        "docHashes": [hash_string(json.dumps(line["doc"], indent=2, ensure_ascii=False)) == line["doc_hash"] for line in lines],
        "promptHashes": [hash_string(line["arguments"]["gen_args_0"]["arg_0"]) == line["prompt_hash"] for line in lines],
        "taskHash": hash_string("".join(line["doc_hash"] + line["prompt_hash"] + line["target_hash"] for line in lines)),
        "responses": [line["resps"][0][0] for line in lines],
    }

subtasks = results["group_subtasks"]["he300"]
print(
    json.dumps(
        {
            "table": make_table(results),
            "groups": make_table(results, "groups"),
            "unknownKeys": sorted(set(results) - set(EvalResults.__annotations__)),
            "directory": sanitize_model_name(results["model_name"]) == results["model_name_sanitized"],
            "tasks": tasks,
            "pooled": pooled_sample_stderr([tasks[name]["stderr"] for name in subtasks], [tasks[name]["rows"] for name in subtasks]),
        }
    )
)
