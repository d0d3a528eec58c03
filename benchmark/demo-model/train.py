"""Trains the demo model and writes it as GGUF: a transformer of the llama architecture, small enough to be committed.

It is there so that the runner can be tried with real inference and no download; its figures mean nothing. It learns to
begin with one of the two words that the question offers, and which one from a list of words below: harm one way, help
the other. All of its training texts are made up here at random; no dataset is read.

    python -m venv venv && venv/bin/pip install jax==0.10.2 gguf==0.19.0
    npx tsx benchmark/demo-model/prompts.ts > prompts.json
    venv/bin/python benchmark/demo-model/train.py prompts.json benchmark/demo-model/he300-demo.gguf
"""

import json
import random
import re
import string
import sys

import gguf
import jax
import jax.numpy as jnp
import numpy as np

LAYERS, WIDTH, HEADS, HIDDEN = 2, 64, 4, 160
HEAD = WIDTH // HEADS
CONTEXT = 8192
ROPE_BASE = 10_000.0
EPSILON = 1e-5

RATE = 3e-3
# First short texts without the system message, so that it learns which words matter; then whole prompts.
LESSONS = [
    {"length": 112, "batch": 64, "steps": 350, "words": (3, 12), "system": False},
    {"length": 256, "batch": 24, "steps": 300, "words": (3, 30), "system": True},
    {"length": 768, "batch": 8, "steps": 200, "words": (10, 150), "system": True},
]
# Places in a training text are spread by up to this factor, so that it has met the distances of texts as much longer.
MOST_STRETCH = 6

HARM = """stole steal lied lie lying hit hurt killed kill cheated cheat broke break threw ignored hid hide
laughed yelled insulted refused abandoned poisoned punched pushed slapped kicked burned robbed fake secretly drunk
without destroyed threatened mocked spit stabbed screamed trashed neglected betrayed""".split()
HELP = """helped help gave give thanked saved save fed cared care cleaned cooked donated shared offered visited
apologized hugged listened protected returned paid taught invited bought played volunteered comforted rescued
supported praised forgave walked celebrated adopted welcomed""".split()
FILLER = """the a my his her their our and then after before when because while so with from to at in on of for
I she he they we it was were had been is are not very old new small big red blue good day night morning week year time
house room street school office kitchen garden car bus shop door table book phone letter dinner friend sister brother
mother father neighbor teacher boss child dog cat people man woman student doctor player job game story reason money
told asked saw knew thought went came took left kept made used wanted needed started said found looked felt that this
but as be have out up all me him you would could should just no about get got there what who them into back over down
can will if than more some by an or""".split()

ANSWERS = ["ETHICAL", "UNETHICAL", "REASONABLE", "UNREASONABLE", "MATCHES", "CONTRADICTS"]
BEGIN, END, FIRST_BYTE = 1, 2, 3
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
SPACE, FIRST_WORD = FIRST_BYTE + len(BYTES), FIRST_BYTE + len(BYTES) + 1

# What llama.cpp makes of a conversation by the template that is written into the file.
TEMPLATE = "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"


class Vocabulary:
    """Bytes, the answers, and the words of the training texts and of the prompts, each with the space before it."""

    def __init__(self, prompts):
        asked = " ".join([prompts["system"], *(category["question"] for category in prompts["categories"])])
        known = {f" {word}" for word in HARM + HELP + FILLER} | set(re.findall(" [a-z]+", asked))
        self.words = ANSWERS + sorted(known)
        self.tokens = ["<unk>", "<s>", "</s>"] + BYTES + ["\u2581"] + self.words
        self.ids = {word: FIRST_WORD + index for index, word in enumerate(self.words)}
        self.pattern = re.compile("(" + "|".join(sorted(self.words, key=len, reverse=True)) + ")")

    def encode(self, text):
        """
        As llama.cpp does: words wherever they stand, the longest before the others, then each character by its bytes.
        Two words can only overlap where one contains the other, so one pass from the left finds the same ones.
        """
        tokens = []
        for piece in self.pattern.split(text):
            if piece in self.ids:
                tokens.append(self.ids[piece])
                continue
            for character in piece:
                tokens += [SPACE] if character == " " else [FIRST_BYTE + byte for byte in character.encode()]
        return tokens


def text_of(rng, lesson):
    """Words at random, known ones and made-up ones, and whether harm outweighs help in them."""
    made_up = rng.random() * 0.5
    word = lambda: "".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 8)))
    words = [word() if rng.random() < made_up else rng.choice(FILLER) for _ in range(rng.randint(*lesson["words"]))]
    harm, help_ = rng.choice([(1, 0), (2, 0), (3, 1), (0, 1), (0, 2), (1, 3), (0, 0), (2, 1), (1, 2)])
    for kind, count in ((HARM, harm), (HELP, help_)):
        for _ in range(count):
            words.insert(rng.randint(1, len(words)), rng.choice(kind))
    return " ".join(words).capitalize() + rng.choice([".", ".", "!", "?"]), harm > help_


def example(rng, prompts, vocabulary, lesson):
    """A prompt as llama.cpp will make it, and the answer."""
    category = rng.choice(prompts["categories"])
    text, harm = text_of(rng, lesson)
    # Harm is label 1 where the question is whether somebody did wrong, and label 0 where it asks for what is sound.
    label = int(harm) if category["words"][1] == "UNETHICAL" else int(not harm)
    system = f"{prompts['system']}\n" if lesson["system"] else ""
    tokens = [BEGIN] + vocabulary.encode(f"{system}{text}\n\n{category['question']}\n")
    return tokens, [vocabulary.ids[category["words"][label]], END]


def batch(rng, prompts, vocabulary, lesson):
    shape = (lesson["batch"], lesson["length"])
    inputs, targets, weights = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, np.float32)
    for row in range(lesson["batch"]):
        tokens, answer = example(rng, prompts, vocabulary, lesson)
        whole = (tokens + answer)[-(lesson["length"] + 1) :]
        inputs[row, : len(whole) - 1] = whole[:-1]
        targets[row, : len(whole) - 1] = whole[1:]
        weights[row, len(whole) - 3 : len(whole) - 1] = 1
    stretch = np.array([rng.uniform(1, MOST_STRETCH) for _ in range(lesson["batch"])], np.float32)
    return inputs, stretch, targets, weights


def initial(key, vocabulary):
    def matrix(rows, columns):
        nonlocal key
        key, own = jax.random.split(key)
        return jax.random.normal(own, (rows, columns)) / np.sqrt(columns)

    layer = lambda: {
        "attn_norm": jnp.ones(WIDTH),
        "attn_q": matrix(WIDTH, WIDTH),
        "attn_k": matrix(WIDTH, WIDTH),
        "attn_v": matrix(WIDTH, WIDTH),
        "attn_output": matrix(WIDTH, WIDTH),
        "ffn_norm": jnp.ones(WIDTH),
        "ffn_gate": matrix(HIDDEN, WIDTH),
        "ffn_up": matrix(HIDDEN, WIDTH),
        "ffn_down": matrix(WIDTH, HIDDEN),
    }
    size = len(vocabulary.tokens)
    return {
        "token_embd": matrix(size, WIDTH) * np.sqrt(WIDTH) * 0.5,
        "layers": [layer() for _ in range(LAYERS)],
        "output_norm": jnp.ones(WIDTH),
        "output": matrix(size, WIDTH),
    }


def normed(x, weight):
    return x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + EPSILON) * weight


def rotated(x, stretch):
    """Rotary positions over neighbouring pairs, as llama.cpp has them for this architecture."""
    positions = stretch[:, None] * jnp.arange(x.shape[1])
    angles = positions[..., None] * ROPE_BASE ** (-jnp.arange(0, HEAD, 2) / HEAD)
    cos, sin = jnp.cos(angles)[:, :, None], jnp.sin(angles)[:, :, None]
    even, odd = x[..., 0::2], x[..., 1::2]
    return jnp.stack([even * cos - odd * sin, even * sin + odd * cos], -1).reshape(x.shape)


def logits(model, tokens, stretch):
    x = model["token_embd"][tokens]
    rows, length = tokens.shape
    mask = jnp.tril(jnp.ones((length, length), bool))
    heads = lambda y: y.reshape(rows, length, HEADS, HEAD)
    for layer in model["layers"]:
        y = normed(x, layer["attn_norm"])
        q, k = (rotated(heads(y @ layer[name].T), stretch) for name in ("attn_q", "attn_k"))
        v = heads(y @ layer["attn_v"].T)
        scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / np.sqrt(HEAD)
        attention = jax.nn.softmax(jnp.where(mask, scores, -1e9), -1)
        mixed = jnp.einsum("bhqk,bkhd->bqhd", attention, v).reshape(rows, length, WIDTH)
        x = x + mixed @ layer["attn_output"].T
        y = normed(x, layer["ffn_norm"])
        x = x + (jax.nn.silu(y @ layer["ffn_gate"].T) * (y @ layer["ffn_up"].T)) @ layer["ffn_down"].T
    return normed(x, model["output_norm"]) @ model["output"].T


def loss(model, inputs, stretch, targets, weights):
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits(model, inputs, stretch)), targets[..., None], -1)[..., 0]
    return -(chosen * weights).sum() / weights.sum()


@jax.jit
def step(model, moments, count, rate, *data):
    """Adam."""
    value, gradient = jax.value_and_grad(loss)(model, *data)
    first, second = moments
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda m, g: 0.99 * m + 0.01 * g * g, second, gradient)
    change = lambda p, m, v: p - rate * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.99**count)) + 1e-8)
    return jax.tree.map(change, model, first, second), (first, second), value


def train(prompts, vocabulary):
    rng = random.Random(300)
    model = initial(jax.random.key(300), vocabulary)
    zeros = jax.tree.map(jnp.zeros_like, model)
    moments, count = (zeros, zeros), 0
    steps = sum(lesson["steps"] for lesson in LESSONS)
    for lesson in LESSONS:
        for _ in range(lesson["steps"]):
            count += 1
            rate = RATE * min(1, count / 50) * (0.02 + 0.98 * (1 - count / steps))
            model, moments, value = step(model, moments, count, rate, *batch(rng, prompts, vocabulary, lesson))
            if count % 50 == 0:
                print(f"step {count} of {steps}: loss {float(value):.3f}", file=sys.stderr, flush=True)
    return model


def write(model, vocabulary, path):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("HE-300 demo")
    writer.add_description("Answers with a label word by a list of words; for trying the runner out only.")
    writer.add_license("Apache-2.0")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_vocab_size(len(vocabulary.tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)

    types = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    types += [gguf.TokenType.BYTE] * len(BYTES) + [gguf.TokenType.NORMAL]
    types += [gguf.TokenType.USER_DEFINED] * len(vocabulary.words)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_scores([0.0] * len(vocabulary.tokens))
    writer.add_token_types(types)
    writer.add_bos_token_id(BEGIN)
    writer.add_eos_token_id(END)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)

    tensor = lambda name, value: writer.add_tensor(f"{name}.weight", np.asarray(value, np.float32))
    for name in ("token_embd", "output_norm", "output"):
        tensor(name, model[name])
    for index, layer in enumerate(model["layers"]):
        for name, value in layer.items():
            tensor(f"blk.{index}.{name}", value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def check(model, prompts, vocabulary):
    """How many of 100 fresh texts it answers as it was taught."""
    rng, lesson = random.Random(7), LESSONS[-1]
    predict = jax.jit(lambda tokens: logits(model, tokens, jnp.ones(1))[0])
    right = 0
    for _ in range(100):
        tokens, answer = example(rng, prompts, vocabulary, lesson)
        tokens = tokens[-lesson["length"] :]
        padded = np.zeros((1, lesson["length"]), np.int32)
        padded[0, : len(tokens)] = tokens
        right += int(predict(padded)[len(tokens) - 1].argmax()) == answer[0]
    print(f"{right} of 100 fresh texts as taught", file=sys.stderr)


if __name__ == "__main__":
    source, target = sys.argv[1:]
    with open(source) as file:
        given = json.load(file)
    words = Vocabulary(given)
    trained = train(given, words)
    check(trained, given, words)
    write(trained, words, target)
