using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using SchemaStream.Tests.Contracts;
using SchemaStream.Tests.Stack;
using SchemaStream.Tests.Transport;

namespace SchemaStream.Tests.Consuming;

/// <summary>What becomes of records whose handler fails, and of those that cannot be read.</summary>
public sealed class FailurePolicyTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Skip_PassesOver_AndCounts()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(5);
        using var counted = new FailureCount(notes.Name);

        var seen = await ProcessAsync(notes, FailurePolicy.Skip, until: 5, failing: record => record.Value == "2");

        seen.ShouldBe(["0", "1", "2", "3", "4"]);
        counted["skip"].ShouldBe(1);
    }

    [Fact]
    public async Task RetryInPlace_KeepsTheOrder()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(4);
        var failures = 2;

        var seen = await ProcessAsync(
            notes,
            FailurePolicy.Retry(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)),
            until: 6,
            failing: record => record.Value == "1" && failures-- > 0);

        seen.ShouldBe(["0", "1", "1", "1", "2", "3"]);
    }

    [Fact]
    public async Task RetryInPlace_ThatFailsToTheLast_EndsAsThePolicySays()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(3);
        using var counted = new FailureCount(notes.Name);

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => ProcessAsync(
            notes, FailurePolicy.Retry(TimeSpan.FromMilliseconds(1)), until: 100, failing: record => record.Value == "1"));

        failure.Message.ShouldBe("1 does not please");
        counted["throw"].ShouldBe(1);
    }

    [Fact]
    public async Task Retry_OfAFailureThatIsNotWorthIt_IsLeftOut()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(3);
        var policy = FailurePolicy.Retry(TimeSpan.FromHours(1)).Then(FailureAction.Skip) with
        {
            RetryWhen = failure => failure is TimeoutException,
        };

        (await ProcessAsync(notes, policy, until: 3, failing: record => record.Value == "1")).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task DeadLetter_HasTheRecordsOwnBytes_AndSaysWhy()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        await using (var producer = await fixture.Client.CreateProducerAsync(notes.Topic))
        {
            await producer.SendAsync("k", "0");
            await producer.SendAsync("k", "1", new RecordOptions { Timestamp = time, Headers = new RecordHeaders().Add("trace", "7") });
            await producer.SendTombstoneAsync("k");
        }

        using var counted = new FailureCount(notes.Name);
        await ProcessAsync(notes, FailurePolicy.DeadLetter, until: 3, failing: record => record.Offset > 0);

        var letters = await ReadBytesAsync(notes.Name + ".dlt", 2);
        Encoding.UTF8.GetString(letters[0].Key).ShouldBe("k");
        Encoding.UTF8.GetString(letters[0].Value).ShouldBe("1");
        letters[0].Timestamp.ShouldBeGreaterThan(time, "topics forget by time, and this record is as old as it is");
        letters[0].Headers[FailureHeaders.SourceTimestamp]!.Value.AsText().ShouldBe("1700000000123");
        letters[1].IsTombstone.ShouldBeTrue();
        var headers = letters[0].Headers;
        headers["trace"]!.Value.AsText().ShouldBe("7");
        headers[FailureHeaders.Reason]!.Value.AsText().ShouldBe("1 does not please");
        headers[FailureHeaders.ExceptionType]!.Value.AsText().ShouldBe("System.InvalidOperationException");
        headers[FailureHeaders.Stack]!.Value.AsText()!.ShouldContain(nameof(FailurePolicyTests));
        headers[FailureHeaders.SourceTopic]!.Value.AsText().ShouldBe(notes.Name);
        headers[FailureHeaders.SourcePartition]!.Value.AsText().ShouldBe("0");
        headers[FailureHeaders.SourceOffset]!.Value.AsText().ShouldBe("1");
        headers[FailureHeaders.SourceTimestamp]!.Value.AsText().ShouldBe("1700000000123");
        headers[FailureHeaders.Group]!.Value.AsText().ShouldBe("readers");
        headers[FailureHeaders.Attempt]!.Value.AsText().ShouldBe("1");
        counted["dead_letter"].ShouldBe(2);
    }

    [Fact]
    public async Task RetryTopics_LetOthersPass_AndEndInTheDeadLetterTopic()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(5);
        var attempts = new ConcurrentQueue<ConsumedRecord<string, string>>();
        await using var consumer = await notes.ConsumeAsync("readers/one", new ConsumerOptions { CommitMode = CommitMode.AfterHandling });
        using var end = new CancellationTokenSource(Limit);
        var policy = FailurePolicy.RetryTopics(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(50));
        var run = consumer.ProcessAsync(
            (record, _) =>
            {
                attempts.Enqueue(record);
                return record.Value == "1" ? throw new InvalidOperationException("1 does not please") : ValueTask.CompletedTask;
            },
            new() { Failure = policy },
            end.Token);

        var letter = (await ReadBytesAsync(notes.Name + ".dlt", 1))[0];
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run);

        Encoding.UTF8.GetString(letter.Value).ShouldBe("1");
        letter.Headers[FailureHeaders.Attempt]!.Value.AsText().ShouldBe("3");
        letter.Headers[FailureHeaders.SourceTopic]!.Value.AsText().ShouldBe(notes.Name);
        letter.Headers[FailureHeaders.SourceOffset]!.Value.AsText().ShouldBe("1");
        letter.Headers[FailureHeaders.Due].ShouldBeNull();
        var ofOne = attempts.Where(record => record.Value == "1").ToList();
        ofOne.Count.ShouldBe(3);
        ofOne.ShouldAllBe(record => record.Position == new RecordPosition(notes.Name, 0, 1));
        (await ReadBytesAsync($"{notes.Name}.readers-one.retry.1", 1)).Count.ShouldBe(1);
        (await ReadBytesAsync($"{notes.Name}.readers-one.retry.2", 1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task UnreadableRecord_GoesToTheDeadLetterTopic_FromALoopToo()
    {
        var orders = Topic.Avro<string, OrderPlaced>(fixture.NewName());
        await fixture.Client.CreateTopicAsync(orders, new TopicSpecification { PartitionCount = 1 });
        await using (var producer = await fixture.Client.CreateProducerAsync(orders))
        await using (var plain = new RawTopic<string, string>(fixture.Stack.BootstrapServers, Topic.Primitive<string, string>(orders.Name)).Produce())
        {
            await producer.SendAsync("k", Orders.Order(1));
            await plain.SendAsync("k", "poison");
            await producer.SendAsync("k", Orders.Order(2));
        }

        var options = new ConsumerOptions { DecodeFailure = FailurePolicy.DeadLetter };
        await using var consumer = await fixture.Client.CreateConsumerAsync(orders, "readers", options);
        (await consumer.TakeAsync(2)).Select(record => record.Offset).ShouldBe([0, 2]);

        var letter = (await ReadBytesAsync(orders.Name + ".dlt", 1))[0];
        Encoding.UTF8.GetString(letter.Value).ShouldBe("poison");
        letter.Headers[FailureHeaders.ExceptionType]!.Value.AsText().ShouldBe("SchemaStream.RecordDecodeException");
    }

    private static async Task<List<string>> ProcessAsync(
        NotesTopic notes, FailurePolicy policy, int until, Func<ConsumedRecord<string, string>, bool> failing)
    {
        await using var consumer = await notes.ConsumeAsync("readers");
        using var end = new CancellationTokenSource(Limit);
        var seen = new List<string>();
        try
        {
            await consumer.ProcessAsync(
                (record, _) =>
                {
                    seen.Add(record.Value);
                    if (seen.Count == until)
                    {
                        end.CancelAfter(TimeSpan.FromMilliseconds(1));
                    }

                    return failing(record)
                        ? throw new InvalidOperationException($"{record.Value} does not please")
                        : ValueTask.CompletedTask;
                },
                new() { Failure = policy },
                end.Token);
        }
        catch (OperationCanceledException) when (seen.Count >= until)
        {
            return seen;
        }

        return seen;
    }

    private async Task<List<ConsumedRecord<byte[], byte[]>>> ReadBytesAsync(string topic, int count)
    {
        await using var consumer = await fixture.Client.CreateConsumerAsync(
            Topic.Primitive<byte[], byte[]>(topic),
            "inspectors",
            new ConsumerOptions { ConfigureTransport = settings => settings["topic.metadata.refresh.interval.ms"] = "100" });
        return await consumer.TakeAsync(count);
    }

    /// <summary>What the meter counts of a topic.</summary>
    private sealed class FailureCount : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, long> _counts = new();

        public FailureCount(string topic)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "schemastream.consumer.failures")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                if ((string?)tags[0].Value == topic)
                {
                    _counts.AddOrUpdate((string)tags[1].Value!, value, (_, count) => count + value);
                }
            });
            _listener.Start();
        }

        public long this[string action] => _counts.GetValueOrDefault(action);

        public void Dispose() => _listener.Dispose();
    }
}
