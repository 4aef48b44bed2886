using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.StockClients;

/// <summary>Transactions as librdkafka does them.</summary>
public sealed class TransactionTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public void Transactions_AreReadOnceTheyAreCommitted_AndNeverWhenTheyAreAborted()
    {
        var topic = fixture.NewName();
        using var producer = NewProducer(fixture.NewName("id"));
        producer.InitTransactions(TestTime.Limit);
        for (var i = 0; i < 10; i++)
        {
            producer.BeginTransaction();
            producer.Produce(topic, new Message<Null, string> { Value = $"{i} first" });
            producer.Produce(topic, new Message<Null, string> { Value = $"{i} second" });
            if (i % 3 == 0)
            {
                producer.Flush(TestTime.Limit);
                producer.AbortTransaction(TestTime.Limit);
            }
            else
            {
                producer.CommitTransaction(TestTime.Limit);
            }
        }

        var expected = Enumerable.Range(0, 10).Where(i => i % 3 != 0).SelectMany(i => new[] { $"{i} first", $"{i} second" });
        Read(topic, IsolationLevel.ReadCommitted, 12).ShouldBe(expected);
        Read(topic, IsolationLevel.ReadUncommitted, 20).Count.ShouldBe(20);
    }

    [Fact]
    public void Producer_WhoseIdWasTakenOver_IsFenced()
    {
        var (topic, id) = (fixture.NewName(), fixture.NewName("id"));
        using var zombie = NewProducer(id);
        zombie.InitTransactions(TestTime.Limit);
        zombie.BeginTransaction();
        zombie.Produce(topic, new Message<Null, string> { Value = "of the zombie" });
        zombie.Flush(TestTime.Limit);

        using var producer = NewProducer(id);
        producer.InitTransactions(TestTime.Limit);
        producer.BeginTransaction();
        producer.Produce(topic, new Message<Null, string> { Value = "of its successor" });
        producer.CommitTransaction(TestTime.Limit);

        Should.Throw<KafkaException>(() => zombie.CommitTransaction(TestTime.Limit)).Error.IsFatal.ShouldBeTrue();
        Read(topic, IsolationLevel.ReadCommitted, 1).ShouldBe(["of its successor"]);
    }

    [Fact]
    public void Offsets_AreCommittedWithWhatWasMadeOfTheRecords_OrNotAtAll()
    {
        var (source, sink, group) = (fixture.NewName(), fixture.NewName(), fixture.NewName("group"));
        using (var writer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = fixture.Broker.BootstrapServers }).Build())
        {
            for (var i = 0; i < 20; i++)
            {
                writer.Produce(source, new Message<Null, string> { Value = $"{i}" });
            }

            writer.Flush(TestTime.Limit).ShouldBe(0);
        }

        // Ten are taken over; of the next ones, the transaction is given up.
        Transform(source, sink, group, commit: true);
        Transform(source, sink, group, commit: false);
        Transform(source, sink, group, commit: true);

        Read(sink, IsolationLevel.ReadCommitted, 20).ShouldBe(Enumerable.Range(0, 20).Select(i => $"made of {i}"));
    }

    private void Transform(string source, string sink, string group, bool commit)
    {
        using var consumer = NewConsumer(group, IsolationLevel.ReadCommitted);
        using var producer = NewProducer(fixture.NewName("id"));
        consumer.Subscribe(source);
        producer.InitTransactions(TestTime.Limit);
        producer.BeginTransaction();
        for (var i = 0; i < 10; i++)
        {
            var read = consumer.Consume(TestTime.Limit).ShouldNotBeNull();
            producer.Produce(sink, new Message<Null, string> { Value = $"made of {read.Message.Value}" });
        }

        var positions = consumer.Assignment.Select(partition => new TopicPartitionOffset(partition, consumer.Position(partition)));
        producer.SendOffsetsToTransaction(positions, consumer.ConsumerGroupMetadata, TestTime.Limit);
        if (commit)
        {
            producer.CommitTransaction(TestTime.Limit);
        }
        else
        {
            producer.AbortTransaction(TestTime.Limit);
        }

        consumer.Close();
    }

    private IProducer<Null, string> NewProducer(string transactionalId) => new ProducerBuilder<Null, string>(new ProducerConfig
    {
        BootstrapServers = fixture.Broker.BootstrapServers,
        TransactionalId = transactionalId,
        LingerMs = 0,
    }).Build();

    private IConsumer<Ignore, string> NewConsumer(string group, IsolationLevel isolation) => new ConsumerBuilder<Ignore, string>(new ConsumerConfig
    {
        BootstrapServers = fixture.Broker.BootstrapServers,
        GroupId = group,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        IsolationLevel = isolation,
    }).Build();

    private List<string> Read(string topic, IsolationLevel isolation, int count)
    {
        using var consumer = NewConsumer(fixture.NewName("reader"), isolation);
        consumer.Subscribe(topic);
        var values = new List<string>();
        while (values.Count < count)
        {
            values.Add(consumer.Consume(TestTime.Limit).ShouldNotBeNull().Message.Value);
        }

        consumer.Close();
        return values;
    }
}
