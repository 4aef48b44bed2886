using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Clusters;

/// <summary>Transactions over changes of coordinators and of leaders.</summary>
public sealed class TransactionTests
{
    private const int Transactions = 60;
    private const int PartitionCount = 3;

    [Fact]
    public async Task Transactions_AreAllOrNothing_WhileEachNodeStopsInItsTurn()
    {
        await using var cluster = await TestCluster.StartAsync(
            3,
            ("transaction.state.log.num.partitions", "3"),
            ("offsets.topic.num.partitions", "3"),
            ("min.insync.replicas", "2"));
        await using (var client = await cluster.ConnectAsync(1))
        {
            await client.CreateTopicAsync("orders", PartitionCount, replicationFactor: 3);
        }

        using var reached = new SemaphoreSlim(0);
        var producing = Task.Run(() => Produce(cluster.BootstrapServers, reached));
        foreach (var node in cluster.NodeIds)
        {
            // A few transactions between one node's absence and the next one's.
            for (var i = 0; i < Transactions / 6; i++)
            {
                (await reached.WaitAsync(TestTime.Limit)).ShouldBeTrue();
            }

            await cluster.StopNodeAsync(node);
            await cluster.StartNodeAsync(node);
        }

        var committed = await producing;

        committed.Count.ShouldBe(Transactions);
        Read(cluster.BootstrapServers, Transactions * PartitionCount).ShouldBe(
            committed.SelectMany(number => Enumerable.Range(0, PartitionCount).Select(partition => $"{number}/{partition}")),
            ignoreOrder: true);
    }

    /// <summary>One transaction after the other, each with a record for every partition, and each again until it is committed.</summary>
    private static List<int> Produce(string bootstrapServers, SemaphoreSlim reached)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            TransactionalId = "the-id",
            LingerMs = 0,
        }).Build();
        Retry(() => producer.InitTransactions(TestTime.Limit));
        var committed = new List<int>();
        for (var number = 0; number < Transactions; number++)
        {
            while (!TryCommit(producer, number))
            {
            }

            committed.Add(number);
            reached.Release();
        }

        return committed;
    }

    private static bool TryCommit(IProducer<Null, string> producer, int number)
    {
        producer.BeginTransaction();
        try
        {
            for (var partition = 0; partition < PartitionCount; partition++)
            {
                producer.Produce(
                    new Confluent.Kafka.TopicPartition("orders", partition), new Message<Null, string> { Value = $"{number}/{partition}" });
            }

            Retry(() => producer.CommitTransaction(TestTime.Limit));
            return true;
        }
        catch (KafkaTxnRequiresAbortException)
        {
            Retry(() => producer.AbortTransaction(TestTime.Limit));
            return false;
        }
    }

    private static void Retry(Action step)
    {
        while (true)
        {
            try
            {
                step();
                return;
            }
            catch (KafkaRetriableException)
            {
                // As librdkafka asks for: the same step again.
            }
        }
    }

    private static List<string> Read(string bootstrapServers, int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "readers",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnablePartitionEof = true,
        }).Build();
        consumer.Assign(Enumerable.Range(0, PartitionCount).Select(partition => new TopicPartitionOffset("orders", partition, Offset.Beginning)));
        var (values, ends) = (new List<string>(), 0);
        while (values.Count < count || ends < PartitionCount)
        {
            var read = consumer.Consume(TestTime.Limit).ShouldNotBeNull();
            if (read.IsPartitionEOF)
            {
                ends++;
            }
            else
            {
                values.Add(read.Message.Value);
            }
        }

        return values;
    }
}
