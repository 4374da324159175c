# One image for all processes; the command selects the process. Reproducible from the lock file.

# Run-time dependencies only, without the embedded PostgreSQL and the npm package of Node, which come as optional
# packages and by install scripts.
FROM node:24-bookworm-slim AS packages
WORKDIR /barada
COPY package.json package-lock.json .npmrc ./
COPY apps/cli/bin/package.json apps/cli/bin/
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-bookworm-slim AS build
WORKDIR /barada
COPY package.json package-lock.json .npmrc ./
COPY apps/cli/bin/package.json apps/cli/bin/
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
RUN npm run build && rm dist/.tsbuildinfo && find dist -name '*.map' -delete
# The program reads its migrations from the source folders.
RUN mkdir /migrations && cp --parents libs/*/sql/*.sql /migrations

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /barada
# Mount points of volumes: a new volume takes over their owner.
RUN mkdir -p /var/lib/barada/keys/api /var/lib/barada/keys/database /var/lib/barada/issuer /var/lib/barada/database \
      /var/lib/barada/users/api /var/lib/barada/users/relay /var/lib/barada/users/projector /var/lib/barada/users/alerter && \
    chown -R node:node /var/lib/barada
COPY --from=packages /barada/node_modules node_modules
COPY package.json ./
COPY --from=build /migrations ./
COPY --from=build /barada/dist dist
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
CMD ["node", "dist/apps/api/src/main.js"]
