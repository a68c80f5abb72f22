# The same processes as the Procfile: `docker run IMAGE`, or with `amicable web`, `amicable worker`, `amicable migrate` behind it.
FROM python:3.13-slim AS build
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

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 amicable && install -d -o amicable /app /app/data
COPY --from=build /opt/amicable /opt/amicable
# `amicable manifest` reads it beside the packages, as in a checkout.
COPY manifest.yml /opt/amicable/lib/python3.13/site-packages/
ENV PATH=/opt/amicable/bin:$PATH PYTHONUNBUFFERED=1 AMICABLE_WEB__HOST=0.0.0.0
WORKDIR /app
USER amicable
VOLUME /app/data
EXPOSE 3000
# For what listens: with an app token nothing does. A worker's container takes `--no-healthcheck`; `/ready` of web, and
# `amicable doctor`, say whether it works.
HEALTHCHECK --start-period=20s CMD python -c "import os, urllib.request as u; os.environ.get('AMICABLE_SLACK__APP_TOKEN') or u.urlopen('http://127.0.0.1:' + os.environ.get('AMICABLE_WEB__PORT', '3000') + '/health', timeout=3)"
CMD ["amicable", "run"]
