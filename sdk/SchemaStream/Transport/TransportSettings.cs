using System.Globalization;

namespace SchemaStream.Transport;

/// <summary>The SDK's options as librdkafka's settings; what the application sets through the escape hatch wins.</summary>
internal static class TransportSettings
{
    /// <summary>What the brokers decide in the new group protocol (KIP-848): librdkafka refuses to be told.</summary>
    private static readonly string[] BrokersOwn = ["session.timeout.ms", "partition.assignment.strategy", "heartbeat.interval.ms", "group.protocol.type"];

    /// <summary>What every client of one application has in common.</summary>
    /// <param name="options">The application's options.</param>
    public static Dictionary<string, string> Shared(SchemaStreamOptions options)
    {
        var settings = Base(options);
        options.ConfigureTransport?.Invoke(settings);
        return settings;
    }

    /// <summary>The settings of a producer.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="producer">The producer's.</param>
    public static Dictionary<string, string> ForProducer(SchemaStreamOptions options, ProducerOptions producer)
    {
        var settings = Base(options);
        settings["acks"] = producer.Acks switch
        {
            Acks.All => "all",
            Acks.Leader => "1",
            Acks.None => "0",
            _ => throw Unknown(producer.Acks),
        };
        settings["enable.idempotence"] = producer.Acks == Acks.All ? "true" : "false";
        settings["compression.type"] = producer.Compression switch
        {
            CompressionType.None => "none",
            CompressionType.Gzip => "gzip",
            CompressionType.Snappy => "snappy",
            CompressionType.Lz4 => "lz4",
            CompressionType.Zstd => "zstd",
            _ => throw Unknown(producer.Compression),
        };

        // As Kafka's own clients do, so that all agree which partition a key has.
        settings["partitioner"] = "murmur2_random";
        settings["linger.ms"] = Milliseconds(producer.Linger);
        settings["queue.buffering.max.messages"] = Number(Demand(producer.QueueCapacity, nameof(producer.QueueCapacity)));
        settings["queue.buffering.max.kbytes"] = Number((Demand(producer.QueueCapacityBytes, nameof(producer.QueueCapacityBytes)) + 1023) / 1024);
        settings["delivery.timeout.ms"] = Milliseconds(Demand(producer.DeliveryTimeout, nameof(producer.DeliveryTimeout)));
        options.ConfigureTransport?.Invoke(settings);
        producer.ConfigureTransport?.Invoke(settings);
        return settings;
    }

    /// <summary>The settings of a transactional producer.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="transactionalId">The name under which it makes transactions.</param>
    /// <param name="transactions">The producer's options.</param>
    public static Dictionary<string, string> ForTransactions(
        SchemaStreamOptions options, string transactionalId, TransactionOptions transactions)
    {
        var timeout = Milliseconds(Demand(transactions.Timeout, nameof(transactions.Timeout)));
        var settings = ForProducer(options, new ProducerOptions
        {
            Compression = transactions.Compression,
            Linger = transactions.Linger,
            DeliveryTimeout = transactions.Timeout * 2 / 3, // before the brokers end the transaction, which would cost the producer
        });
        settings["transactional.id"] = transactionalId;
        settings["transaction.timeout.ms"] = timeout;
        transactions.ConfigureTransport?.Invoke(settings);
        return settings;
    }

    /// <summary>The settings of a consumer.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="consumer">The consumer's options.</param>
    public static Dictionary<string, string> ForConsumer(
        SchemaStreamOptions options, string groupId, ConsumerOptions consumer)
    {
        var settings = Base(options);
        settings["group.id"] = groupId;
        settings["auto.offset.reset"] = consumer.AutoOffsetReset switch
        {
            AutoOffsetReset.Earliest => "earliest",
            AutoOffsetReset.Latest => "latest",
            AutoOffsetReset.None => "error",
            _ => throw Unknown(consumer.AutoOffsetReset),
        };
        settings["partition.assignment.strategy"] = consumer.AssignmentStrategy switch
        {
            AssignmentStrategy.Range => "range",
            AssignmentStrategy.RoundRobin => "roundrobin",
            AssignmentStrategy.CooperativeSticky => "cooperative-sticky",
            _ => throw Unknown(consumer.AssignmentStrategy),
        };
        settings["session.timeout.ms"] = Milliseconds(Demand(consumer.SessionTimeout, nameof(consumer.SessionTimeout)));
        settings["max.poll.interval.ms"] = Milliseconds(Demand(consumer.MaxPollInterval, nameof(consumer.MaxPollInterval)));
        settings["auto.commit.interval.ms"] = Milliseconds(Demand(consumer.AutoCommitInterval, nameof(consumer.AutoCommitInterval)));
        options.ConfigureTransport?.Invoke(settings);
        consumer.ConfigureTransport?.Invoke(settings);

        if (settings.TryGetValue("group.protocol", out var protocol) && protocol.Equals("consumer", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var brokers in BrokersOwn)
            {
                settings.Remove(brokers);
            }
        }

        // What counts as handled is the SDK's to say: without these two, records could be committed unread.
        settings["enable.auto.commit"] = consumer.CommitMode == CommitMode.Auto ? "true" : "false";
        settings["enable.auto.offset.store"] = "false";
        return settings;
    }

    /// <summary>The settings of a consumer whose progress is part of transactions.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="consumer">The consumer's options.</param>
    public static Dictionary<string, string> ForTransform(
        SchemaStreamOptions options, string groupId, ConsumerOptions consumer)
    {
        var settings = ForConsumer(options, groupId, consumer);
        settings["isolation.level"] = "read_committed";
        settings["enable.partition.eof"] = "true";
        return settings;
    }

    /// <summary>The settings of a reader of all partitions.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="table">The table's options.</param>
    public static Dictionary<string, string> ForTable(SchemaStreamOptions options, TableOptions table)
    {
        // librdkafka wants a group for whatever it assigns; nothing is ever asked of this one.
        var settings = ForConsumer(
            options,
            $"schemastream-table-{Guid.NewGuid():N}",
            new ConsumerOptions { CommitMode = CommitMode.Manual, ConfigureTransport = table.ConfigureTransport });
        settings["enable.partition.eof"] = "true";
        return settings;
    }

    private static Dictionary<string, string> Base(SchemaStreamOptions options)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = options.BootstrapServers,
            ["client.id"] = options.ClientId,
        };
        if (options.BrokerSecurity is { } security)
        {
            SecuritySettings.AddTo(settings, security);
        }

        return settings;
    }

    /// <summary>Zero means "without a limit" or "never" to librdkafka, which no one means by it here.</summary>
    private static TimeSpan Demand(TimeSpan duration, string option) => duration >= TimeSpan.FromMilliseconds(1)
        ? duration
        : throw new ArgumentOutOfRangeException(option, duration, "At least one millisecond.");

    private static long Demand(long count, string option) => count > 0
        ? count
        : throw new ArgumentOutOfRangeException(option, count, "At least one.");

    private static string Milliseconds(TimeSpan duration) => Number((long)duration.TotalMilliseconds);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static ArgumentOutOfRangeException Unknown(Enum value) =>
        new(value.GetType().Name, value, "Not a value of this choice.");
}
