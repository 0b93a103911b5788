# TIP Monitor: the daemon, with its web pages on port 8000 and everything it keeps in /data.

FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY monitor ./monitor
COPY config ./config
COPY templates ./templates
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --no-cache-dir --constraint constraints.txt . \
    && /opt/venv/bin/python -m pip uninstall --yes pip setuptools

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data monitor \
    && install --directory --owner monitor --group monitor /data
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TIP_MONITOR_DATA_DIR=/data
USER monitor
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["tip-monitor", "run", "--host", "0.0.0.0", "--port", "8000"]
