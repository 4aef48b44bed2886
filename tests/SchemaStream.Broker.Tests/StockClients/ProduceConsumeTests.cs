using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.StockClients;

/// <summary>The broker as librdkafka sees it: a client that no one here wrote.</summary>
public sealed class ProduceConsumeTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(CompressionType.None, Acks.All, true)]
    [InlineData(CompressionType.Gzip, Acks.Leader, false)]
    [InlineData(CompressionType.Snappy, Acks.All, false)]
    [InlineData(CompressionType.Lz4, Acks.All, true)]
    [InlineData(CompressionType.Zstd, Acks.None, false)]
    public async Task Messages_ComeBackInOrder(CompressionType compression, Acks acks, bool idempotent)
    {
        var topic = fixture.NewName();
        var config = new ProducerConfig
        {
            BootstrapServers = fixture.Broker.BootstrapServers,
            CompressionType = compression,
            Acks = acks,
            EnableIdempotence = idempotent,
            LingerMs = 5,
        };
        using (var producer = new ProducerBuilder<string, string>(config).Build())
        {
            for (var i = 0; i < 500; i++)
            {
                producer.Produce(topic, new Message<string, string> { Key = $"k{i}", Value = $"value {i} {new string('x', 100)}" });
            }

            producer.Flush(TestTime.Limit).ShouldBe(0);
        }

        var values = await ConsumeAsync(topic, fixture.NewName("group"), 500);
        values.ShouldBe(Enumerable.Range(0, 500).Select(i => $"value {i} {new string('x', 100)}"));
    }

    [Fact]
    public async Task Group_OfTwo_SharesThePartitionsAndReadsAll()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, groupId) = (fixture.NewName(), fixture.NewName("group"));
        await client.CreateTopicAsync(topic, 4);
        var config = new ProducerConfig { BootstrapServers = fixture.Broker.BootstrapServers };
        using (var producer = new ProducerBuilder<Null, string>(config).Build())
        {
            for (var i = 0; i < 400; i++)
            {
                producer.Produce(new Confluent.Kafka.TopicPartition(topic, i % 4), new Message<Null, string> { Value = $"{i}" });
            }

            producer.Flush(TestTime.Limit).ShouldBe(0);
        }

        using var first = NewConsumer(groupId);
        using var second = NewConsumer(groupId);
        first.Subscribe(topic);
        second.Subscribe(topic);
        // Nothing is committed, so what was read before the second one came is read again.
        var seen = new HashSet<string>();
        var begin = TimeProvider.System.GetTimestamp();
        while (seen.Count < 400 || first.Assignment.Count != 2 || second.Assignment.Count != 2)
        {
            TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(TestTime.Limit);
            foreach (var consumer in (IConsumer<Ignore, string>[])[first, second])
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(20)) is { } result)
                {
                    seen.Add(result.Message.Value);
                }
            }
        }

        first.Assignment.Concat(second.Assignment).Distinct().Count().ShouldBe(4);
        first.Close();
        second.Close();
    }

    [Fact]
    public async Task Offsets_ThatWereCommitted_AreWhereTheNextOneBegins()
    {
        var (topic, groupId) = (fixture.NewName(), fixture.NewName("group"));
        var config = new ProducerConfig { BootstrapServers = fixture.Broker.BootstrapServers };
        using var producer = new ProducerBuilder<Null, string>(config).Build();
        foreach (var value in (string[])["a", "b"])
        {
            await producer.ProduceAsync(topic, new Message<Null, string> { Value = value });
        }

        (await ConsumeAsync(topic, groupId, 2)).ShouldBe(["a", "b"]);
        await producer.ProduceAsync(topic, new Message<Null, string> { Value = "c" });
        (await ConsumeAsync(topic, groupId, 1)).ShouldBe(["c"]);
    }

    private Task<List<string>> ConsumeAsync(string topic, string groupId, int count) => Task.Run(() =>
    {
        using var consumer = NewConsumer(groupId);
        consumer.Subscribe(topic);
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var values = new List<string>();
        while (values.Count < count)
        {
            values.Add(consumer.Consume(limit.Token).Message.Value);
        }

        consumer.Commit();
        consumer.Close();
        return values;
    });

    private IConsumer<Ignore, string> NewConsumer(string groupId) => new ConsumerBuilder<Ignore, string>(new ConsumerConfig
    {
        BootstrapServers = fixture.Broker.BootstrapServers,
        GroupId = groupId,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        SessionTimeoutMs = 6000,
        HeartbeatIntervalMs = 200,
    }).Build();
}
