using System.Diagnostics;
using Confluent.Kafka;

namespace SchemaStream.Interop.Tests.ExactlyOnce;

/// <summary>
/// The loop as Confluent's documentation has it: a transaction around some records and their offsets; what fails is aborted
/// and read again, what is fatal costs producer and consumer, and new ones go on behind the commit.
/// </summary>
internal sealed class Transformer(string bootstrapServers, string input, string output, string name)
{
    private const int MostRecords = 25;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when all that is there has been transformed.</summary>
    public void Run(TimeSpan limit)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                if (RunSession(watch, limit))
                {
                    return;
                }
            }
            catch (KafkaException) when (watch.Elapsed < limit)
            {
                // A new session fences this one and goes on behind what was committed.
            }
        }
    }

    private bool RunSession(Stopwatch watch, TimeSpan limit)
    {
        using var producer = NewProducer();
        producer.InitTransactions(Step * 3);
        using var consumer = NewConsumer();
        consumer.Subscribe(input);
        var ended = new HashSet<Confluent.Kafka.TopicPartition>();
        try
        {
            while (watch.Elapsed < limit)
            {
                var records = Next(consumer, ended);
                if (records.Count > 0)
                {
                    Transform(producer, consumer, records);
                }
                else if (consumer.Assignment.Count > 0 && consumer.Assignment.TrueForAll(ended.Contains))
                {
                    return true;
                }
            }
        }
        finally
        {
            consumer.Close();
        }

        throw new TimeoutException($"not all was transformed in {limit}");
    }

    private void Transform(IProducer<Null, string> producer, IConsumer<Ignore, string> consumer, List<ConsumeResult<Ignore, string>> records)
    {
        try
        {
            producer.BeginTransaction();
            foreach (var record in records)
            {
                producer.Produce(new Confluent.Kafka.TopicPartition(output, record.Partition), new Message<Null, string> { Value = record.Message.Value + "!" });
            }

            var offsets = records.GroupBy(record => record.TopicPartition)
                .Select(partition => new Confluent.Kafka.TopicPartitionOffset(partition.Key, partition.Max(record => record.Offset.Value) + 1));
            Again(() => producer.SendOffsetsToTransaction(offsets, consumer.ConsumerGroupMetadata, Step));
            Again(() => producer.CommitTransaction(Step));
        }
        catch (KafkaTxnRequiresAbortException)
        {
            Again(() => producer.AbortTransaction(Step));
            throw; // the session's positions are beyond what was committed
        }
    }

    private static void Again(Action step)
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
                // The broker is away; the same call goes on where it was.
            }
        }
    }

    private static List<ConsumeResult<Ignore, string>> Next(IConsumer<Ignore, string> consumer, HashSet<Confluent.Kafka.TopicPartition> ended)
    {
        var records = new List<ConsumeResult<Ignore, string>>();
        while (records.Count < MostRecords && consumer.Consume(Turn) is { } result)
        {
            if (result.IsPartitionEOF)
            {
                ended.Add(result.TopicPartition);
                break;
            }

            // The end of a partition is told once: what comes from it later undoes that, what comes from others does not.
            ended.Remove(result.TopicPartition);
            records.Add(result);
        }

        return records;
    }

    private IProducer<Null, string> NewProducer() => new ProducerBuilder<Null, string>(new ProducerConfig
    {
        BootstrapServers = bootstrapServers,
        TransactionalId = name,
        LingerMs = 2,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 200,
    }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    private IConsumer<Ignore, string> NewConsumer() => new ConsumerBuilder<Ignore, string>(new ConsumerConfig
    {
        BootstrapServers = bootstrapServers,
        GroupId = name,
        AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        EnablePartitionEof = true,
        SessionTimeoutMs = 6000,
        IsolationLevel = Confluent.Kafka.IsolationLevel.ReadCommitted,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 200,
    }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
}
