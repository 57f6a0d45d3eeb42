# A static binary and nothing else: no shell, no package manager, no root.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/shopsight ./cmd/shopsight && mkdir /out/data

# Has the certificates of public authorities, which a database or a store is checked against.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/shopsight /shopsight
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
EXPOSE 8080
VOLUME /data
ENTRYPOINT ["/shopsight"]
CMD ["serve", "--addr=0.0.0.0:8080", "--data=/data"]
