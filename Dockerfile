# The same processes as the Procfile: `docker run IMAGE`, or with `amicable web`, `amicable worker`, `amicable migrate` behind it.
# By digest, so that the same image is built tomorrow; the tag says what it is. `make audit` looks at what we put on top.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /src
RUN python -m venv /opt/amicable
COPY requirements/ requirements/
RUN /opt/amicable/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/runtime.txt
# The build backend, pinned like everything else, in an environment of its own that does not reach the image.
RUN python -m venv /opt/build \
 && awk '/^[^ #]/ {wanted = /^setuptools==/} wanted' requirements/dev.txt > requirements/build.txt \
 && /opt/build/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY rules/ rules/
COPY integrations/ integrations/
COPY bot/ bot/
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/amicable/bin/pip install --no-cache-dir --no-deps /dist/amicable-*.whl

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
RUN useradd --create-home --uid 10001 amicable && install -d -o amicable /app && install -d -m 0700 -o amicable /app/data
COPY --from=build /opt/amicable /opt/amicable
# `amicable manifest` reads it beside the packages, as in a checkout.
COPY manifest.yml /opt/amicable/lib/python3.13/site-packages/
ENV PATH=/opt/amicable/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 AMICABLE_WEB__HOST=0.0.0.0
WORKDIR /app
USER amicable
VOLUME /app/data
EXPOSE 3000
# Of a web server its answer, of a worker its heartbeat, whichever runs here. A look takes two seconds of CPU, so it is rare
# once the start is over.
HEALTHCHECK --start-period=60s --start-interval=10s --interval=300s --timeout=20s CMD ["amicable", "health"]
CMD ["amicable", "run"]
