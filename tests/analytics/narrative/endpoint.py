"""An OpenAI-compatible endpoint on loopback that answers as told and remembers what it was asked."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from analytics.narrative.writing import WriterConfig


class Endpoint:
    """`answers` are (status, body) pairs, given in turn; the last one for good. A status of 0 never answers."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.answers: list[tuple[int, str]] = []
        self.asked: list[dict[str, Any]] = []
        self.stop = threading.Event()

    def config(self, timeout_s: float = 5) -> WriterConfig:
        return WriterConfig(base_url=self.base_url, api_key="not-a-secret", model="test-model", timeout_s=timeout_s)

    def says(self, *texts: str) -> None:
        self.answers = [(200, completion(json.dumps({"text": text}))) for text in texts]


def completion(content: str | None) -> str:
    """The body of a chat completion."""
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return json.dumps(
        {"id": "1", "object": "chat.completion", "created": 1, "model": "test-model", "choices": [choice]}
    )


@contextmanager
def serving() -> Generator[Endpoint]:
    """The endpoint while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/v1")
    server.RequestHandlerClass = _handler(endpoint)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.stop.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            endpoint.asked.append({"path": self.path, **json.loads(self.rfile.read(length))})
            status, body = endpoint.answers.pop(0) if len(endpoint.answers) > 1 else endpoint.answers[0]
            if status == 0:
                endpoint.stop.wait(5)
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    return Handler
