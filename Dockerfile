# docs/containers.md says how to run it, and how large it is.
# With ...:debug as BASE there is a shell in it: docker build --build-arg BASE=gcr.io/distroless/python3-debian13:debug .
ARG BASE=gcr.io/distroless/python3-debian13

# The same Debian and the same Python as BASE, with pip. Everything that runs is put into /image.
FROM python:3.13-slim-trixie AS builder
RUN apt-get update && apt-get install -y --no-install-recommends binutils
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY connectors ./connectors
COPY packaging ./packaging
RUN pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --no-compile --no-deps --no-build-isolation . \
 && pip --python /venv/bin/python uninstall --disable-pip-version-check -y -r packaging/container/not-needed.txt
# Of Google's 600 discovery documents one is read: without the others it is 110 MB less. Stripped libraries save 19 MB.
RUN mkdir -p /image/opt /image/usr/local/bin /image/usr/local/lib/directory-gateway \
 && cp packaging/container/directory-gateway /image/usr/local/bin/ \
 && cp packaging/container/healthcheck.py /image/usr/local/lib/directory-gateway/ \
 && mv /venv/lib/python3*/site-packages /image/opt/directory-gateway \
 && cd /image/opt/directory-gateway \
 && find . -path '*/discovery_cache/documents/*.json' ! -name people.v1.json -delete \
 && find . -name tests -type d -prune -exec rm -r {} + \
 && find . -type f '(' -name '*.pyx' -o -name '*.px[di]' -o -name '*.pyi' -o -name '*.[ch]' ')' -delete \
 && find . -name '*.so' -exec strip --strip-unneeded {} + \
 && python -m compileall -q -s /image -p / .

FROM ${BASE}
LABEL org.opencontainers.image.title="directory-gateway" \
      org.opencontainers.image.description="Phone directories for Cisco desk phones, out of CSV, CardDAV, LDAP and Google Contacts" \
      org.opencontainers.image.version="0.2.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="gcr.io/distroless/python3-debian13"
COPY --from=builder /image /
# TYPER_USE_RICH: the library that draws boxes is not here.
ENV PYTHONPATH=/opt/directory-gateway TYPER_USE_RICH=0 GATEWAY_STATE_DIR=/var/lib/directory-gateway
# The base has Python's library as source alone. What the gateway imports of it is compiled here, or each start would take four
# times as long. There is no shell for RUN, and no useradd: the user is a number. A new volume takes its owner from this folder.
RUN ["python3", "-c", "import os, app.cli.main, app.build.worker, app.web.worker, httpx, ldap3, googleapiclient.discovery; os.mkdir('/var/lib/directory-gateway', 0o700); os.chown('/var/lib/directory-gateway', 10001, 10001)"]
USER 10001:10001
VOLUME /var/lib/directory-gateway
EXPOSE 8080
# It ends workers and builder in order, within 8 s; `docker stop` waits for 10 s.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python3", "-IS", "/usr/local/lib/directory-gateway/healthcheck.py"]
# The configuration is /etc/directory-gateway/gateway.toml.
ENTRYPOINT ["directory-gateway"]
CMD ["serve"]
