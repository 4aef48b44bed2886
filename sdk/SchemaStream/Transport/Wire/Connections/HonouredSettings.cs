using static SchemaStream.Transport.Wire.Connections.SettingUse;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>
/// All of librdkafka's settings that the SDK's own transport acts upon. A client with any other is librdkafka's.
/// <c>docs/transport.md</c> is written from this table.
/// </summary>
internal static class HonouredSettings
{
    private const string ByOptions = "by the options";

    public static IReadOnlyList<HonouredSetting> Table { get; } =
    [
        // Where the brokers are, and how they are connected to.
        new("bootstrap.servers", All, ByOptions, "the brokers to begin with; `metadata.broker.list` is the same"),
        new("metadata.broker.list", All, ByOptions, "as `bootstrap.servers`"),
        new("client.id", All, ByOptions, "what brokers call this program in logs and quotas"),
        new("socket.timeout.ms", All, "60000", "how long a request may go unanswered before its connection is given up"),
        new("socket.connection.setup.timeout.ms", All, "30000", "how long a broker may take to accept a connection, TLS and SASL included"),
        new("socket.keepalive.enable", All, "false", "whether the system looks now and then whether a silent connection still stands"),
        new("socket.nagle.disable", All, "true, unlike librdkafka", "whether small requests go at once"),
        new("socket.send.buffer.bytes", All, "0: the system's", "the socket's buffer for what is sent"),
        new("socket.receive.buffer.bytes", All, "0: the system's", "the socket's buffer for what is received"),
        new("broker.address.family", All, "any", "`v4` or `v6` for addresses of that kind alone"),
        new("client.dns.lookup", All, "use_all_dns_ips", "each of a name's addresses is tried") { Only = "use_all_dns_ips" },
        new("reconnect.backoff.ms", All, "50, unlike librdkafka's 100", "how long a broker that could not be reached is left alone; twice as long after each further try"),
        new("reconnect.backoff.max.ms", All, "2000, unlike librdkafka's 10000", "how long at most"),
        new("retry.backoff.ms", All, "100", "how long a partition is left alone after a failure; producers double it after each further one"),
        new("retry.backoff.max.ms", All, "1000", "how long at most"),
        new("topic.metadata.refresh.interval.ms", All, "300000", "how often leaders are asked for without a reason; -1 is never"),
        new("topic.metadata.refresh.fast.interval.ms", All, "100", "how often when they are needed; longer after each try in vain, eight times at most"),
        new("metadata.max.age.ms", All, "", "as `topic.metadata.refresh.interval.ms`, where that is not set"),

        // Security.
        new("security.protocol", All, ByOptions, "`plaintext`, `ssl`, `sasl_plaintext` or `sasl_ssl`"),
        new("ssl.ca.location", All, ByOptions, "a PEM file of the authorities to trust; a directory and `probe` are librdkafka's"),
        new("ssl.ca.pem", All, "", "the authorities themselves, as PEM"),
        new("ssl.certificate.location", All, ByOptions, "a PEM file: this program's certificate and the chain to its authority"),
        new("ssl.certificate.pem", All, "", "the certificate and its chain themselves, as PEM"),
        new("ssl.key.location", All, ByOptions, "a PEM file: the certificate's key"),
        new("ssl.key.pem", All, "", "the key itself, as PEM"),
        new("ssl.key.password", All, ByOptions, "the key's password"),
        new("ssl.keystore.location", All, "", "a PKCS12 file: certificate, key and chain"),
        new("ssl.keystore.password", All, "", "its password"),
        new("ssl.endpoint.identification.algorithm", All, ByOptions, "`https`: the certificate is the host's that was asked for; `none`: anyone's"),
        new("enable.ssl.certificate.verification", All, "true", "`false` trusts whoever answers: for tests alone"),
        new("sasl.mechanism", All, ByOptions, "`PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512`; others are librdkafka's"),
        new("sasl.mechanisms", All, ByOptions, "as `sasl.mechanism`"),
        new("sasl.username", All, ByOptions, "as whom"),
        new("sasl.password", All, ByOptions, "with which password"),

        // Producing.
        new("acks", Producers, ByOptions, "`all`, `1`, `0`"),
        new("request.required.acks", Producers, ByOptions, "as `acks`"),
        new("enable.idempotence", Producers, ByOptions, "whether what is sent again is there once"),
        new("compression.type", Producers, ByOptions, "`none`, `gzip`, `snappy`, `lz4`, `zstd`"),
        new("compression.codec", Producers, ByOptions, "as `compression.type`"),
        new("linger.ms", Producers, ByOptions, "how long records wait for company"),
        new("queue.buffering.max.ms", Producers, ByOptions, "as `linger.ms`"),
        new("queue.buffering.max.messages", Producers, ByOptions, "how many records may be pending"),
        new("queue.buffering.max.kbytes", Producers, ByOptions, "and how many of their bytes"),
        new("delivery.timeout.ms", Producers, ByOptions, "a record that is pending for longer fails"),
        new("message.timeout.ms", Producers, ByOptions, "as `delivery.timeout.ms`"),
        new("batch.size", Producers, "524288, unlike librdkafka's 1000000", "how many bytes go together"),
        new("batch.num.messages", Producers, "10000", "and how many records"),
        new("message.max.bytes", Producers, "1000000", "a larger record is refused before it is sent"),
        new("max.in.flight.requests.per.connection", Producers, "5", "how many requests of a broker may be unanswered"),
        new("max.in.flight", Producers, "5", "as `max.in.flight.requests.per.connection`"),
        new("request.timeout.ms", Producers, "30000", "how long a broker may wait for its replicas"),
        new("retries", Producers, "2147483647", "how often a batch goes again before its records fail"),
        new("message.send.max.retries", Producers, "2147483647", "as `retries`"),
        new("topic.metadata.propagation.max.ms", Producers, "30000", "how long a topic may be unknown before its records fail"),
        new("partitioner", Producers, "murmur2_random", "the key's hash, as Kafka's own clients have it") { Only = "murmur2_random" },
        new("queuing.strategy", Producers, "fifo", "records of a partition go in the order of the calls") { Only = "fifo" },

        // Fetching.
        new("fetch.min.bytes", Consumers, "1", "a broker answers when it has so much"),
        new("fetch.wait.max.ms", Consumers, "500", "or after so long"),
        new("fetch.max.bytes", Consumers, "52428800", "how much one answer holds, but for a larger first batch"),
        new("max.partition.fetch.bytes", Consumers, "2064384, unlike librdkafka's 1048576", "how much of one partition; with four times as much in hand, no more of it is asked for"),
        new("fetch.message.max.bytes", Consumers, "", "as `max.partition.fetch.bytes`"),
        new("queued.min.messages", Consumers, "no limit, unlike librdkafka's 100000", "with so many of a partition's records in hand, no more of it is asked for"),
        new("queued.max.messages.kbytes", Consumers, "65536", "how much of all partitions may be in hand"),
        new("fetch.queue.backoff.ms", Consumers, "0", "more is asked for as soon as there is room, whatever this says"),
        new("receive.message.max.bytes", Consumers, "100000000", "a longer answer is refused, and a batch that unpacks to more"),
        new("isolation.level", Consumers, "read_committed", "whether records of open and aborted transactions are left out"),
        new("check.crcs", Consumers, "true, unlike librdkafka", "whether each batch is held against its checksum"),
        new("enable.partition.eof", Consumers, "false", "is the SDK's own"),
        new("auto.offset.reset", Consumers, ByOptions, "where to begin without a valid offset"),
        new("client.rack", Consumers, "", "a replica in this rack is read from where the brokers allow it"),
        new("fetch.error.backoff.ms", Consumers, "100", "how long a partition is left alone after a broker's error"),

        // The group is librdkafka's, with the SDK's own fetching too.
        new("group.id", Consumers, ByOptions, "the group"),
        new("group.instance.id", Consumers, "", "the group's"),
        new("group.protocol", Consumers, "classic", "the group's"),
        new("group.protocol.type", Consumers, "consumer", "the group's"),
        new("group.remote.assignor", Consumers, "", "the group's"),
        new("partition.assignment.strategy", Consumers, ByOptions, "the group's"),
        new("session.timeout.ms", Consumers, ByOptions, "the group's"),
        new("heartbeat.interval.ms", Consumers, "3000", "the group's"),
        new("max.poll.interval.ms", Consumers, ByOptions, "the group's"),
        new("coordinator.query.interval.ms", Consumers, "600000", "the group's"),
        new("enable.auto.commit", Consumers, ByOptions, "is the SDK's own"),
        new("auto.commit.interval.ms", Consumers, ByOptions, "the group's"),
        new("enable.auto.offset.store", Consumers, ByOptions, "is the SDK's own"),
        new("allow.auto.create.topics", Consumers, "false", "the group's"),

        // What says what is done anyway.
        new("topic.metadata.refresh.sparse", All, "true", "a client asks for its own topic alone") { Only = "true" },
        new("statistics.interval.ms", All, "0", "librdkafka's statistics are librdkafka's: the SDK has [metrics](hosting.md#what-can-be-seen)") { Only = "0" },
        new("enable.metrics.push", All, "false", "nothing of the client is sent to the brokers (KIP-714)") { Only = "false" },
        new("api.version.request", All, "true", "a broker is asked what it understands") { Only = "true" },
        new("connections.max.idle.ms", All, "0", "idle connections are the brokers' to close") { Only = "0" },
        new("socket.max.fails", All, "1", "a connection is given up with the first request that is not answered in time") { Only = "1" },
        new("broker.address.ttl", All, "0", "names are looked up for each connection, whatever this says"),
        new("log.connection.close", All, "true", "connections that end are logged, whatever this says"),
    ];

    private static readonly Dictionary<string, HonouredSetting> ByName =
        Table.ToDictionary(static setting => setting.Name, StringComparer.Ordinal);

    /// <summary>Producers' settings that a producer needs librdkafka for; no concern of a consumer's.</summary>
    private static readonly HashSet<string> ProducersByLibrdkafka = new(StringComparer.Ordinal)
    {
        "compression.level", "sticky.partitioning.linger.ms", "queue.buffering.backpressure.threshold", "enable.gapless.guarantee",
        "delivery.report.only.error", "transactional.id", "transaction.timeout.ms",
    };

    /// <summary>Consumers' settings that a consumer needs librdkafka for; no concern of a producer's.</summary>
    private static readonly HashSet<string> ConsumersByLibrdkafka = new(StringComparer.Ordinal)
    {
        "consume.callback.max.messages", "offset.store.method", "offset.store.path", "offset.store.sync.interval.ms", "auto.commit.enable",
    };

    /// <summary>The first setting that a client would not act upon though it is a client's like it; null for none.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <param name="client">What the client is: of producers, or of consumers.</param>
    public static string? FirstUnhonoured(IReadOnlyDictionary<string, string> settings, SettingUse client)
    {
        var othersByLibrdkafka = client == Producers ? ConsumersByLibrdkafka : ProducersByLibrdkafka;
        foreach (var (name, value) in settings)
        {
            var isHonoured = ByName.TryGetValue(name, out var setting)
                ? (setting.Use != All && setting.Use != client) || setting.Takes(value)
                : othersByLibrdkafka.Contains(name);
            if (!isHonoured)
            {
                return name;
            }
        }

        return null;
    }
}
