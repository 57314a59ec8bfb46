# One image; its command says which part runs: api, worker, migrate, seed.
FROM python:3.11-slim AS build
WORKDIR /source
COPY pyproject.toml README.md ./
COPY analytics analytics
COPY api api
COPY loadstone loadstone
COPY migrations migrations
COPY models models
COPY workflows workflows
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.11-slim
RUN useradd --system --create-home --uid 10001 loadstone
COPY requirements-runtime.lock /tmp/
RUN pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements-runtime.lock
COPY --from=build /wheels /tmp/wheels
RUN pip install --no-cache-dir --no-deps /tmp/wheels/*.whl && rm -r /tmp/wheels
ARG GIT_REVISION
ENV LOADSTONE_ENV=production LOADSTONE_LOG_FORMAT=json LOADSTONE_GIT_REVISION=${GIT_REVISION}
USER loadstone
WORKDIR /home/loadstone
EXPOSE 8000
ENTRYPOINT ["loadstone"]
CMD ["--help"]
