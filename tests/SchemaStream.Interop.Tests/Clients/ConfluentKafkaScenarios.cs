using System.Globalization;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>The scenarios with Confluent.Kafka. Many of the other clients' scenarios borrow its producer and its admin client.</summary>
internal sealed class ConfluentKafkaScenarios(string bootstrapServers, string topic)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public async Task<JsonNode> RunAsync(string scenario) => scenario.Split('-') switch
    {
        ["admin"] => await AdminAsync(),
        ["compression", var codec] => await CompressionAsync(Enum.Parse<Confluent.Kafka.CompressionType>(codec, ignoreCase: true)),
        ["headers"] => await HeadersAsync(),
        ["idempotent"] => await IdempotentAsync(),
        ["seek"] => await SeekAsync(),
        ["resume"] => await ResumeAsync(),
        ["group"] => await GroupAsync(),
        ["transactions"] => await TransactionsAsync(),
        _ => throw new ArgumentException($"no scenario of this client: {scenario}", nameof(scenario)),
    };

    public async Task CreateAsync(int partitions, params (string Name, string Value)[] configs)
    {
        using var admin = NewAdmin();
        await admin.CreateTopicsAsync([new Confluent.Kafka.Admin.TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = 1,
            Configs = configs.ToDictionary(config => config.Name, config => config.Value),
        }]);
    }

    /// <summary>Twenty records, a second apart.</summary>
    public async Task ProduceByTimeAsync(DateTimeOffset first)
    {
        using var producer = NewProducer();
        for (var i = 0; i < 20; i++)
        {
            await producer.ProduceAsync(
                new Confluent.Kafka.TopicPartition(topic, 0),
                new Message<string?, string?> { Value = Text(i), Timestamp = new Confluent.Kafka.Timestamp(first.AddSeconds(i)) });
        }
    }

    public long Committed(string group)
    {
        using var consumer = NewConsumer(group);
        return consumer.Committed([new Confluent.Kafka.TopicPartition(topic, 0)], Limit)[0].Offset.Value;
    }

    private async Task<JsonNode> AdminAsync()
    {
        await CreateAsync(2, ("retention.ms", "3600000"));
        var again = await Should.ThrowAsync<CreateTopicsException>(() => CreateAsync(2));
        using var admin = NewAdmin();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);
        var created = await RetentionAsync(admin);
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [Resource] = [new ConfigEntry { Name = "retention.ms", Value = "7200000", IncrementalOperation = AlterConfigOpType.Set }],
        });
        var partitions = admin.GetMetadata(topic, Limit).Topics[0].Partitions.Count;
        var altered = await RetentionAsync(admin);
        await admin.DeleteTopicsAsync([topic]);
        return new JsonObject
        {
            ["again"] = (int)again.Results[0].Error.Code,
            ["partitions"] = partitions,
            ["retention"] = created,
            ["altered"] = altered,
            ["deleted"] = !admin.GetMetadata(Limit).Topics.Exists(found => found.Topic == topic),
        };
    }

    private async Task<JsonNode> CompressionAsync(Confluent.Kafka.CompressionType codec)
    {
        await CreateAsync(1);
        List<string> values = [.. Enumerable.Range(0, 300).Select(i => $"value-{i} {new string('x', 100)}")];
        using var producer = NewProducer(config => config.CompressionType = codec);
        var delivered = await Task.WhenAll(values.Select(value => producer.ProduceAsync(topic, Of(value))));
        var found = ReadAll(300).ConvertAll(record => record.Message.Value);
        return new JsonObject { ["delivered"] = delivered.Length, ["read"] = found.Count, ["same"] = found.SequenceEqual(values) };
    }

    private async Task<JsonNode> HeadersAsync()
    {
        await CreateAsync(1);
        using var producer = NewProducer();
        await producer.ProduceAsync(topic, new Message<string?, string?>
        {
            Key = "k",
            Value = "v",
            Headers = new Headers { new Header("trace", "abc"u8.ToArray()), new Header("empty", []) },
        });
        await producer.ProduceAsync(topic, new Message<string?, string?> { Key = "gone", Value = null });
        var (first, second) = ReadAll(2) is [var one, var two] ? (one.Message, two.Message) : throw new InvalidDataException("expected two records");
        var headers = new JsonObject();
        foreach (var header in first.Headers)
        {
            headers[header.Key] = System.Text.Encoding.UTF8.GetString(header.GetValueBytes());
        }

        return new JsonObject
        {
            ["key"] = first.Key, ["value"] = first.Value, ["headers"] = headers, ["tombstone"] = second.Value is null ? second.Key : null,
        };
    }

    private async Task<JsonNode> IdempotentAsync()
    {
        await CreateAsync(1);
        using var producer = NewProducer(config => config.EnableIdempotence = true);
        var delivered = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => producer.ProduceAsync(topic, Of(Text(i)))));
        var found = ReadAll(1000).ConvertAll(record => record.Message.Value);
        return new JsonObject
        {
            ["delivered"] = delivered.Length, ["read"] = found.Count, ["inOrder"] = found.SequenceEqual(Enumerable.Range(0, 1000).Select(Text)),
        };
    }

    private async Task<JsonNode> SeekAsync()
    {
        var first = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        await CreateAsync(1);
        await ProduceByTimeAsync(first);
        using var consumer = NewConsumer($"{topic}-seekers");
        var place = new Confluent.Kafka.TopicPartition(topic, 0);
        var found = consumer.OffsetsForTimes([new TopicPartitionTimestamp(place, new Confluent.Kafka.Timestamp(first.AddSeconds(7.5)))], Limit)[0];
        var bounds = consumer.QueryWatermarkOffsets(place, Limit);
        consumer.Assign(found);
        var value = Read(consumer, 12)[0].Message.Value;
        return new JsonObject { ["offset"] = found.Offset.Value, ["value"] = value, ["low"] = bounds.Low.Value, ["high"] = bounds.High.Value };
    }

    private async Task<JsonNode> ResumeAsync()
    {
        await CreateAsync(1);
        using var producer = NewProducer();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => producer.ProduceAsync(topic, Of(Text(i)))));
        using (var first = NewConsumer(topic))
        {
            first.Subscribe(topic);
            first.Commit(Read(first, 40, wholly: false)[39]);
            first.Close();
        }

        var committed = Committed(topic);
        using var second = NewConsumer(topic);
        second.Subscribe(topic);
        var rest = Read(second, 60);
        second.Close();
        return new JsonObject { ["committed"] = committed, ["resumedAt"] = rest[0].Offset.Value, ["rest"] = rest.Count };
    }

    private async Task<JsonNode> GroupAsync()
    {
        await CreateAsync(6);
        using var group = new GroupMembers(() => NewConsumer(topic, config => config.HeartbeatIntervalMs = 500), topic);
        using var producer = NewProducer();
        group.Join();
        group.Settle(6);
        var alone = await ShareAsync(5);
        group.Join();
        group.Join();
        group.Settle(2, 2, 2);
        var three = await ShareAsync(50);
        group.Leave();
        group.Settle(3, 3);
        var two = await ShareAsync(10);
        return new JsonObject { ["alone"] = alone, ["three"] = three, ["two"] = two, ["twice"] = group.Twice };

        async Task<int> ShareAsync(int count)
        {
            await Task.WhenAll(Enumerable.Range(0, 6 * count).Select(
                i => producer.ProduceAsync(new Confluent.Kafka.TopicPartition(topic, i % 6), Of(Text(i)))));
            return group.ReadAndCommit(6 * count);
        }
    }

    private async Task<JsonNode> TransactionsAsync()
    {
        await CreateAsync(1);
        using var producer = NewProducer(config => config.TransactionalId = topic);
        producer.InitTransactions(Limit);
        for (var i = 0; i < 3; i++)
        {
            producer.BeginTransaction();
            await Task.WhenAll(Enumerable.Range(0, 10).Select(n => producer.ProduceAsync(topic, Of($"{i}/{n}"))));
            if (i == 1)
            {
                producer.AbortTransaction(Limit);
            }
            else
            {
                producer.CommitTransaction(Limit);
            }
        }

        using var consumer = NewConsumer($"{topic}-offsets");
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction([new Confluent.Kafka.TopicPartitionOffset(topic, 0, 7)], consumer.ConsumerGroupMetadata, Limit);
        producer.CommitTransaction(Limit);
        var offset = Committed($"{topic}-offsets");
        var committed = ReadAll(20, config => config.IsolationLevel = Confluent.Kafka.IsolationLevel.ReadCommitted);
        var uncommitted = ReadAll(30, config => config.IsolationLevel = Confluent.Kafka.IsolationLevel.ReadUncommitted);
        producer.BeginTransaction();
        // Delivered before it is fenced: a record that is still on its way would be refused with INVALID_PRODUCER_EPOCH, which
        // librdkafka makes an error that can be aborted, and only the abort would tell that it is fenced.
        await producer.ProduceAsync(topic, Of("fenced"));
        using var successor = NewProducer(config => config.TransactionalId = topic);
        successor.InitTransactions(Limit);
        var fenced = Should.Throw<KafkaException>(() => producer.CommitTransaction(Limit)).Error.IsFatal;
        return new JsonObject
        {
            ["committed"] = committed.Count, ["uncommitted"] = uncommitted.Count, ["offset"] = offset, ["fenced"] = fenced,
            ["aborted"] = committed.Count(record => record.Message.Value!.StartsWith("1/", StringComparison.Ordinal)),
        };
    }

    private async Task<string> RetentionAsync(IAdminClient admin) =>
        (await admin.DescribeConfigsAsync([Resource]))[0].Entries["retention.ms"].Value;

    private List<ConsumeResult<string?, string?>> ReadAll(int count, Action<ConsumerConfig>? configure = null)
    {
        using var consumer = NewConsumer($"{topic}-readers", configure);
        consumer.Assign(new Confluent.Kafka.TopicPartitionOffset(topic, 0, Offset.Beginning));
        return Read(consumer, count);
    }

    /// <summary>So many records; and, read wholly, none more that comes within a moment.</summary>
    private static List<ConsumeResult<string?, string?>> Read(IConsumer<string?, string?> consumer, int count, bool wholly = true)
    {
        var records = new List<ConsumeResult<string?, string?>>();
        while (records.Count < count)
        {
            records.Add(consumer.Consume(Limit) ?? throw new TimeoutException($"{records.Count} of {count} records in {Limit}"));
        }

        if (wholly && consumer.Consume(TimeSpan.FromMilliseconds(300)) is { } more)
        {
            records.Add(more);
        }

        return records;
    }

    private ConfigResource Resource => new() { Type = ResourceType.Topic, Name = topic };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Message<string?, string?> Of(string value) => new() { Value = value };

    private IAdminClient NewAdmin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();

    private IProducer<string?, string?> NewProducer(Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrapServers, LingerMs = 5 };
        configure?.Invoke(config);
        return new ProducerBuilder<string?, string?>(config).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
    }

    private IConsumer<string?, string?> NewConsumer(string group, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = group,
            AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<string?, string?>(config)
            .SetValueDeserializer(NullableText).SetKeyDeserializer(NullableText).SetLogHandler((_, _) => { }).Build();
    }

    private static IDeserializer<string?> NullableText { get; } = new NullableTextDeserializer();

    private sealed class NullableTextDeserializer : IDeserializer<string?>
    {
        public string? Deserialize(ReadOnlySpan<byte> data, bool isNull, Confluent.Kafka.SerializationContext context) =>
            isNull ? null : System.Text.Encoding.UTF8.GetString(data);
    }
}
