# One program of this repository in an image of its own, with its own .NET.
#   docker build -t schemastream .
#   docker build -t orders-api --build-arg PROJECT=samples/Orders.Api --build-arg PROGRAM=Orders.Api .
#   docker run -p 9092:9092 -p 8081:8081 -v data:/var/lib/schemastream -e KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:9092 \
#     schemastream up --registry-set listeners=http://0.0.0.0:8081
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
# Once for all programs: what no feed has, and every package.
RUN eng/setup.sh && dotnet restore SchemaStream.sln

ARG PROJECT=cli/SchemaStream.Cli
ARG PROGRAM=schemastream
RUN eng/publish-program.sh "$PROJECT" /out && ln -s "$PROGRAM" /out/start

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends liblz4-1 libzstd1 \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir -p /var/lib/kafka/data /var/lib/schemastream \
    && chown -R $APP_UID /var/lib/kafka /var/lib/schemastream
COPY --from=build /out /app
USER $APP_UID
WORKDIR /var/lib/schemastream
VOLUME ["/var/lib/kafka/data", "/var/lib/schemastream"]
# Where brokers, registries and Orders.Api listen unless they are told otherwise.
EXPOSE 9092 8081 5080
# SIGTERM, which docker stop sends, stops each of the programs in order.
ENTRYPOINT ["/app/start"]
