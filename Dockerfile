# docker build -t dbmoat .
# docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" -e AWS_PROFILE -v "$HOME/.aws:/home/nonroot/.aws:ro" dbmoat scan --region all
FROM rust:1.94-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --release && cp target/release/dbmoat /usr/local/bin/

# glibc and the certificates of certification authorities, no shell; its user is not root.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /usr/local/bin/dbmoat /usr/local/bin/
# Where reports are written: mount a folder here.
WORKDIR /work
ENV HOME=/home/nonroot
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/dbmoat"]
CMD ["--help"]
