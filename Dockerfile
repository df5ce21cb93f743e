# docker build -t khabar . && docker run -d --init -v khabar:/data -v ~/news:/news:ro khabar
FROM python:3.11-slim AS build
RUN python -m venv /opt/khabar
WORKDIR /src
COPY pyproject.toml constraints.txt README.md ./
COPY pipeline pipeline
COPY flows flows
RUN /opt/khabar/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.11-slim
RUN useradd --uid 1000 --create-home khabar && install -d -o khabar /data
COPY --from=build /opt/khabar /opt/khabar
ENV PATH=/opt/khabar/bin:$PATH KHABAR_HOME=/data/home PYTHONUNBUFFERED=1
USER khabar
WORKDIR /data
VOLUME /data
# The last run was completed, and not three hours ago; a container that waits for its first run is healthy.
HEALTHCHECK --interval=5m --timeout=60s --start-period=2h \
    CMD ["khabar", "status", "--out", "/data/processed", "--max-age", "180"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["khabar"]
CMD ["schedule", "/news", "--out", "/data/processed", "--cron", "0 * * * *"]
